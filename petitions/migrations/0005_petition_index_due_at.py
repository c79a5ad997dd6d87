import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """When a petition is due to be indexed; all are now."""

    dependencies = [("petitions", "0004_languages")]

    operations = [
        migrations.AddField(
            model_name="petition",
            name="index_due_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, db_default=Now(), editable=False
            ),
        ),
    ]
