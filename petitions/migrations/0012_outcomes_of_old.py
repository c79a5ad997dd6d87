from django.db import migrations

# What was won before it had to be said how a petition ended, was won. Can be repeated.
WON = """
    UPDATE petitions_petition SET outcome = 'won'
    WHERE outcome = ''
      AND (state = 'won' OR (state = 'hidden' AND hidden_from = 'won'))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0011_tools"),
    ]

    operations = [
        migrations.RunSQL(WON, migrations.RunSQL.noop),
    ]
