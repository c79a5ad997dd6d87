import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0006_admin_given_up"),
        ("petitions", "0004_languages"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(name="event_of_petition", fields=["petition", "id"]),
        ),
        migrations.AlterField(
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
