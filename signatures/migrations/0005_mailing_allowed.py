from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signatures", "0004_admin_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkrequest",
            name="allowed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="signaturemail",
            name="allowed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
