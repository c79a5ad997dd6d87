from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0012_gathering")]

    operations = [
        migrations.AddField(
            model_name="amendment",
            name="mail_seen_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="amendment",
            name="mail_stops",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, editable=False
            ),
        ),
        migrations.AddIndex(
            model_name="amendment",
            index=models.Index(
                condition=models.Q(
                    ("mail_done_at__isnull", True), ("mail_due_at__isnull", False)
                ),
                fields=["mail_due_at"],
                name="amendment_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("mail_done_at__isnull", True),
                        ("mail_stopped_at__isnull", True),
                    ),
                    ("mail_due_at__isnull", False),
                    _connector="OR",
                ),
                name="amendment_mail_stopped_or_done_only_when_due",
            ),
        ),
        migrations.AddField(
            model_name="ending",
            name="mail_seen_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ending",
            name="mail_stops",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, editable=False
            ),
        ),
        migrations.AddIndex(
            model_name="ending",
            index=models.Index(
                condition=models.Q(
                    ("mail_done_at__isnull", True), ("mail_due_at__isnull", False)
                ),
                fields=["mail_due_at"],
                name="ending_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("mail_done_at__isnull", True),
                        ("mail_stopped_at__isnull", True),
                    ),
                    ("mail_due_at__isnull", False),
                    _connector="OR",
                ),
                name="ending_mail_stopped_or_done_only_when_due",
            ),
        ),
        migrations.AddField(
            model_name="update",
            name="mail_seen_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="update",
            name="mail_stops",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, editable=False
            ),
        ),
        migrations.AddIndex(
            model_name="update",
            index=models.Index(
                condition=models.Q(
                    ("mail_done_at__isnull", True), ("mail_due_at__isnull", False)
                ),
                fields=["mail_due_at"],
                name="update_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="update",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("mail_done_at__isnull", True),
                        ("mail_stopped_at__isnull", True),
                    ),
                    ("mail_due_at__isnull", False),
                    _connector="OR",
                ),
                name="update_mail_stopped_or_done_only_when_due",
            ),
        ),
        migrations.AlterField(
            model_name="scheduledupdate",
            name="with_mail",
            field=models.BooleanField(default=False, verbose_name="with mail"),
        ),
        migrations.AddField(
            model_name="scheduledupdate",
            name="failed_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_public", "The petition was not public at that time."),
                    ("not_theirs", "Who wrote it did not run the petition any more."),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="scheduledupdate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("failed_at__isnull", True), ("failed_because", "")),
                    models.Q(
                        ("failed_at__isnull", False),
                        ("failed_because__in", ["not_public", "not_theirs"]),
                    ),
                    _connector="OR",
                ),
                name="scheduled_update_failed_because_of_something_known",
            ),
        ),
    ]
