from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("signatures", "0007_states"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShownReason",
            fields=[],
            options={
                "verbose_name": "shown reason",
                "verbose_name_plural": "shown reasons",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("signatures.signature",),
        ),
    ]
