import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """When a petition is due to be indexed; all are now. And the indexes of the lists."""

    dependencies = [("petitions", "0004_languages")]

    operations = [
        migrations.AddField(
            model_name="petition",
            name="index_due_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False
            ),
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(name="petition_index_due", fields=["index_due_at"]),
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(
                name="petition_public_newest",
                fields=["-opened_at", "-id"],
            ),
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(name="petition_won_newest", fields=["state", "-won_at"]),
        ),
    ]
