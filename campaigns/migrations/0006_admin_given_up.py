from django.db import migrations, models
from django.db.models import Q

from petitions.migrating import AddIndexMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("campaigns", "0005_languages"),
    ]

    operations = [
        AddIndexMeanwhile(
            model_name=model,
            index=models.Index(
                name=f"{model}_given_up",
                fields=["id"],
                condition=Q(("dead_at__isnull", False)),
            ),
        )
        for model in ["updatemail", "endingmail"]
    ]
