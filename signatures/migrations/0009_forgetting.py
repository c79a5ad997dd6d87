import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """How far who signed a petition that has ended is forgotten."""

    dependencies = [
        ("petitions", "0009_groups_of_moderators_and_owners"),
        ("signatures", "0008_shown_reason"),
    ]

    operations = [
        migrations.CreateModel(
            name="Forgetting",
            fields=[
                (
                    "petition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="petitions.petition",
                    ),
                ),
                ("ended_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="forgetting_due",
                    )
                ],
            },
        ),
    ]
