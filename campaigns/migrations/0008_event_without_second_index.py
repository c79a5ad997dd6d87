import django.db.models.deletion
from django.db import migrations, models

from petitions.migrating import AlterFieldMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("campaigns", "0007_event_of_petition"),
        ("petitions", "0004_languages"),
    ]

    operations = [
        AlterFieldMeanwhile(
            model_name="event",
            name="petition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.petition",
                verbose_name="petition",
            ),
        ),
    ]
