import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0007_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="petition",
            name="blocked_words",
            field=models.JSONField(
                blank=True,
                db_default=[],
                default=list,
                verbose_name="words that no reason may hold",
            ),
        ),
        migrations.CreateModel(
            name="SigningPause",
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
                    "notice",
                    models.CharField(
                        help_text="Stands where the form stood.",
                        max_length=300,
                        verbose_name="what readers are told",
                    ),
                ),
                (
                    "since_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="since"
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="petitions.petition",
                        verbose_name="petition",
                    ),
                ),
            ],
            options={
                "verbose_name": "pause of signing",
                "verbose_name_plural": "pauses of signing",
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("petition__isnull", True)
                        ),
                        fields=["id"],
                        name="pause_of_the_site",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("petition",),
                        name="pause_once_at_a_time_for_a_petition",
                    )
                ],
            },
        ),
    ]
