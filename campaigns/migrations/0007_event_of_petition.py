from django.db import migrations, models

from petitions.migrating import AddIndexMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("campaigns", "0006_admin_given_up"),
    ]

    operations = [
        AddIndexMeanwhile(
            model_name="event",
            index=models.Index(name="event_of_petition", fields=["petition", "id"]),
        ),
    ]
