from typing import Any

from django.db import migrations, models

from petitions.migrating import AddIndexMeanwhile


def of_petition(**index: Any) -> AddIndexMeanwhile:
    return AddIndexMeanwhile(model_name="petition", index=models.Index(**index))


class Migration(migrations.Migration):
    """Those of the lists, and of what is due to be found by its words."""

    atomic = False

    dependencies = [("petitions", "0006_search")]

    operations = [
        of_petition(name="petition_index_due", fields=["index_due_at"]),
        of_petition(name="petition_public_newest", fields=["-opened_at", "-id"]),
        of_petition(name="petition_won_newest", fields=["state", "-won_at"]),
    ]
