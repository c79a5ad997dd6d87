from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0013_target_wants_no_mail"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="petition",
            name="petition_outcome",
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(
                F("outcome"),
                Coalesce("won_at", "closed_at").desc(),
                F("id").desc(),
                condition=~Q(outcome=""),
                name="petition_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(
                Coalesce("won_at", "closed_at").desc(),
                F("id").desc(),
                condition=~Q(outcome=""),
                name="petition_ended_newest",
            ),
        ),
    ]
