import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0011_moderation")]

    operations = [
        migrations.CreateModel(
            name="Gathering",
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
                ("gathered_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveField(model_name="towncount", name="gathered_at"),
    ]
