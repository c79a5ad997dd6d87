from django.db import migrations, models

from petitions.migrating import (
    AddConstraintMeanwhile,
    AlterFieldMeanwhile,
    RemoveConstraintMeanwhile,
)

KINDS = [
    ("imported", "Imported"),
    ("submitted", "Sent for review"),
    ("taken_back", "Taken back from review"),
    ("opened", "Opened"),
    ("edited", "Edited"),
    ("rejected", "Rejected"),
    ("closed", "Closed"),
    ("won", "Declared won"),
    ("hidden", "Hidden"),
    ("restored", "Restored"),
    ("update_posted", "Update posted"),
    ("reason_released", "Reason released"),
    ("reason_hidden", "Reason hidden"),
    ("excluded", "Signature excluded"),
    ("counted_again", "Signature counted again"),
    ("signature_released", "Held signature released"),
    ("excluded_in_bulk", "Signatures excluded in bulk"),
    ("exclusion_stopped", "Exclusion in bulk stopped"),
    ("exclusion_undone", "Exclusion in bulk undone"),
    ("rule_added", "Rule added"),
    ("rule_removed", "Rule removed"),
    ("paused", "Signing paused"),
    ("resumed", "Signing resumed"),
    ("looked_up", "Address looked up"),
    ("erased", "Signature erased for its signer"),
    ("role_changed", "Role changed"),
    ("factor_removed", "Second factor removed"),
    ("exported", "Exported"),
    ("count_mended", "Count mended"),
    ("changes_asked", "Changes asked for"),
    ("reports_settled", "Reports answered"),
    ("invited", "Invited to run it"),
    ("uninvited", "Invitation taken back"),
    ("joined", "Came to run it"),
    ("handed_over", "Handed over to another organizer"),
    ("signers_told", "Signers told of new words"),
    ("scheduled", "Update scheduled"),
    ("unscheduled", "Scheduled update taken back"),
    ("mail_stopped", "Mail stopped"),
    ("mail_resumed", "Mail resumed"),
    ("target_asked", "Target asked"),
    ("target_answered", "Target answered"),
    ("answer_published", "Answer published"),
    ("answer_refused", "Answer turned down"),
    ("handed_to_target", "Hand-over made"),
    ("sheets_printed", "Sheets printed"),
    ("sheet_handed_in", "Sheet handed in"),
    ("sheet_given_back", "Sheet given back"),
    ("sheet_counted", "Sheet counted"),
    ("sheet_undone", "Sheet undone"),
    ("promise_answered", "Said whether a promise was kept"),
    ("organizers_asked", "Organizers asked whether they are there"),
    ("still_there", "Organizers still there"),
]


class Migration(migrations.Migration):
    """Also events: a sheet is handed in or given back, an invitation taken back."""

    atomic = False  # one step after the other, each short

    dependencies = [("campaigns", "0015_run_by_others")]

    operations = [
        RemoveConstraintMeanwhile(model_name="event", name="event_kind_is_known"),
        AlterFieldMeanwhile(
            model_name="event",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20, verbose_name="what"),
        ),
        AddConstraintMeanwhile(
            model_name="event",
            constraint=models.CheckConstraint(
                name="event_kind_is_known",
                condition=models.Q(kind__in=[name for name, _words in KINDS]),
            ),
        ),
    ]
