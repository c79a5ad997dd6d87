from django.db import migrations, models

from petitions.migrating import (
    AddConstraintMeanwhile,
    AlterFieldMeanwhile,
    RemoveConstraintMeanwhile,
)

KINDS = [
    ("start", "Confirm a new petition"),
    ("in_review", "In review"),
    ("opened", "Opened"),
    ("changes_asked", "Changes asked for"),
    ("rejected", "Rejected"),
    ("hidden", "Hidden"),
    ("restored", "Restored"),
    ("answer_wanted", "A target's answer wanted"),
    ("invitation", "Invitation"),
    ("run_by_others", "Others run it"),
    ("promise_due", "Was the promise kept?"),
    ("still_there", "Are you still there?"),
]


class Migration(migrations.Migration):
    atomic = False  # one step after the other, each short

    dependencies = [
        ("campaigns", "0014_draft_link"),
        ("petitions", "0014_newest_ended"),
    ]

    operations = [
        RemoveConstraintMeanwhile(model_name="notice", name="notice_kind_is_known"),
        AlterFieldMeanwhile(
            model_name="notice",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=15, verbose_name="kind"),
        ),
        AddConstraintMeanwhile(
            model_name="notice",
            constraint=models.CheckConstraint(
                name="notice_kind_is_known",
                condition=models.Q(kind__in=[name for name, _words in KINDS]),
            ),
        ),
    ]
