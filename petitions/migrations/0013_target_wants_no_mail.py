from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0012_outcomes_of_old")]

    operations = [
        migrations.AddField(
            model_name="target",
            name="wants_no_mail",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="They have said so. Untick it only when they ask for it.",
                verbose_name="wants no mail",
            ),
        ),
    ]
