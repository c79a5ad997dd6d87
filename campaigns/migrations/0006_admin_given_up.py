from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0005_languages"),
    ]

    operations = [
        migrations.AddIndex(
            model_name=model,
            index=models.Index(
                name=f"{model}_given_up",
                fields=["id"],
                condition=Q(("dead_at__isnull", False)),
            ),
        )
        for model in ["updatemail", "endingmail"]
    ]
