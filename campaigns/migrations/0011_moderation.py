import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_tools"), ("petitions", "0011_tools")]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
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
                ("beat_at", models.DateTimeField()),
            ],
        ),
        migrations.AlterField(
            model_name="claim",
            name="petition",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="+",
                serialize=False,
                to="petitions.petition",
            ),
        ),
        migrations.AddIndex(
            model_name="petitionreport",
            index=models.Index(
                condition=models.Q(
                    models.Q(("words", ""), _negated=True),
                    ("settled_at__isnull", False),
                ),
                fields=["settled_at"],
                name="petition_report_settled",
            ),
        ),
    ]
