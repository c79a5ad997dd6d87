from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signatures", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="countchange",
            name="via",
            field=models.CharField(blank=True, db_default="", default="", max_length=5),
        ),
        migrations.AddField(
            model_name="signature",
            name="via",
            field=models.CharField(blank=True, db_default="", default="", max_length=5),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                name="signature_via_only_while_pending",
                condition=models.Q(("via", ""), ("state", "pending"), _connector="OR"),
            ),
        ),
    ]
