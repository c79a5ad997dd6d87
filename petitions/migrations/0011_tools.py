from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0010_site_paused_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="petition",
            name="changes_asked",
            field=models.TextField(blank=True, db_default="", editable=False),
        ),
        migrations.AddField(
            model_name="petition",
            name="is_rejected_in_public",
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.AddField(
            model_name="petition",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("won", "Won"),
                    ("partly", "Won in part"),
                    ("lost", "Lost"),
                    ("withdrawn", "Withdrawn"),
                    ("out_of_time", "Out of time"),
                ],
                db_default="",
                editable=False,
                max_length=12,
                verbose_name="how it ended",
            ),
        ),
        migrations.AddField(
            model_name="petition",
            name="outcome_url",
            field=models.URLField(
                blank=True,
                db_default="",
                editable=False,
                max_length=500,
                verbose_name="proof of the outcome",
            ),
        ),
        migrations.AddField(
            model_name="petition",
            name="paper_count",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="petition",
            name="submitted_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="sent for review"
            ),
        ),
        migrations.AddField(
            model_name="petition",
            name="withheld_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("nobody_decides", "Nobody it names can decide it"),
                    ("unclear", "It does not say what should be done"),
                    ("already_here", "Another open petition asks the same"),
                    ("personal", "It names or endangers a private person"),
                    ("hateful", "It insults or threatens people"),
                    ("unlawful", "It is against the law, or before a court"),
                    ("advertising", "It sells something, or asks for money"),
                    ("not_serious", "It is a joke, or a test"),
                    ("other", "Another reason"),
                ],
                db_default="",
                editable=False,
                max_length=15,
            ),
        ),
        migrations.AddField(
            model_name="petitiontarget",
            name="answered_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="answered"
            ),
        ),
        migrations.AddField(
            model_name="petitiontarget",
            name="asked_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="asked"),
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(
                condition=models.Q(("outcome", ""), _negated=True),
                fields=["outcome", "-closed_at", "-id"],
                name="petition_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        ["won", "partly", "lost", "withdrawn", "out_of_time", ""],
                    )
                ),
                name="petition_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("outcome_url", "")),
                    ("state__in", ["won", "closed", "rejected", "hidden"]),
                    _connector="OR",
                ),
                name="petition_outcome_only_when_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "won"), _negated=True),
                    ("outcome__in", ["won", "partly", ""]),
                    _connector="OR",
                ),
                name="petition_won_is_a_win",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "withheld_code__in",
                        [
                            "nobody_decides",
                            "unclear",
                            "already_here",
                            "personal",
                            "hateful",
                            "unlawful",
                            "advertising",
                            "not_serious",
                            "other",
                            "",
                        ],
                    )
                ),
                name="petition_rejection_code_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="petitiontarget",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asked_at__isnull", False),
                    ("answered_at__isnull", True),
                    _connector="OR",
                ),
                name="target_answered_only_when_asked",
            ),
        ),
    ]
