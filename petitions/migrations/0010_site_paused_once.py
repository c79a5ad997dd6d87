import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0009_groups_of_moderators_and_owners"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="signingpause",
            name="pause_of_the_site",
        ),
        migrations.AddConstraint(
            model_name="signingpause",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Coalesce(
                    "petition", models.Value(0)
                ),
                condition=models.Q(
                    ("ended_at__isnull", True), ("petition__isnull", True)
                ),
                name="pause_once_at_a_time_for_the_site",
            ),
        ),
    ]
