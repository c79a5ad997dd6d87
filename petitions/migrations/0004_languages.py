from django.db import migrations, models

import petitions.languages


class Migration(migrations.Migration):
    """Choices are asked of the site from here on; the table stays as it is."""

    dependencies = [("petitions", "0002_groups_for_roles")]

    operations = [
        migrations.AlterField(
            model_name="petition",
            name="language",
            field=models.CharField(
                choices=petitions.languages.languages,
                default="en",
                max_length=7,
                verbose_name="language",
            ),
        ),
        migrations.AlterField(
            model_name="petitiontranslation",
            name="language",
            field=models.CharField(
                choices=petitions.languages.languages,
                max_length=7,
                verbose_name="language",
            ),
        ),
    ]
