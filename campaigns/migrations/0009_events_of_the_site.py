import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0008_event_without_second_index"),
        ("petitions", "0008_signing_can_be_paused"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_is_known",
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
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
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="petition",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.petition",
                verbose_name="petition",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "imported",
                            "submitted",
                            "taken_back",
                            "opened",
                            "edited",
                            "rejected",
                            "closed",
                            "won",
                            "hidden",
                            "restored",
                            "update_posted",
                            "reason_released",
                            "reason_hidden",
                            "excluded",
                            "counted_again",
                            "signature_released",
                            "excluded_in_bulk",
                            "exclusion_stopped",
                            "exclusion_undone",
                            "rule_added",
                            "rule_removed",
                            "paused",
                            "resumed",
                            "looked_up",
                            "erased",
                            "role_changed",
                            "factor_removed",
                            "exported",
                            "count_mended",
                        ],
                    )
                ),
                name="event_kind_is_known",
            ),
        ),
    ]
