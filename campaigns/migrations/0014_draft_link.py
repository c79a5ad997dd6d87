import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0013_mailings")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="link_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        )
    ]
