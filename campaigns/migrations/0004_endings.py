import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_channel_counts"),
        ("petitions", "0001_initial"),
        ("signatures", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("mail_due_at", models.DateTimeField(editable=False, null=True)),
                ("mail_queued_at", models.DateTimeField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("closed", "Closed"), ("won", "Won")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="petitions.petition",
                        verbose_name="petition",
                    ),
                ),
            ],
            options={
                "verbose_name": "ending",
                "verbose_name_plural": "endings",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EndingMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="due"
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="attempts"
                    ),
                ),
                ("leased_until", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("dead_at", models.DateTimeField(null=True, verbose_name="given up")),
                (
                    "last_error",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="last error"
                    ),
                ),
                (
                    "ending",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.ending",
                    ),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="signatures.signature",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail about an ending",
                "verbose_name_plural": "mails about endings",
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mail_queued_at__isnull", True),
                    ("mail_due_at__isnull", False),
                    _connector="OR",
                ),
                name="ending_mail_queued_only_when_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["closed", "won"])),
                name="ending_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.UniqueConstraint(
                fields=("petition", "kind"), name="ending_once_of_each_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="endingmail",
            index=models.Index(
                condition=models.Q(
                    ("dead_at__isnull", True), ("sent_at__isnull", True)
                ),
                fields=["due_at"],
                name="endingmail_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="endingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_at__isnull", True),
                    ("dead_at__isnull", True),
                    _connector="OR",
                ),
                name="endingmail_is_sent_or_dead_not_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="endingmail",
            constraint=models.UniqueConstraint(
                fields=("ending", "signature"), name="ending_mailed_once_to_each_signer"
            ),
        ),
    ]
