from django.db import migrations, models

import petitions.languages


class Migration(migrations.Migration):
    """Choices are asked of the site from here on; the table stays as it is."""

    dependencies = [("campaigns", "0004_endings")]

    operations = [
        migrations.AlterField(
            model_name="update",
            name="language",
            field=models.CharField(
                choices=petitions.languages.languages,
                max_length=7,
                verbose_name="language",
            ),
        ),
    ]
