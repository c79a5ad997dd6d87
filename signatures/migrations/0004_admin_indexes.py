from typing import Any

from django.db import migrations, models
from django.db.models import Q

from petitions.migrating import AddIndexMeanwhile, RemoveIndexMeanwhile

IS_CONFIRMED = ("state", "confirmed")
HAS_REASON = Q(("reason", ""), _negated=True)


def of_signature(**index: Any) -> AddIndexMeanwhile:
    return AddIndexMeanwhile(model_name="signature", index=models.Index(**index))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("signatures", "0003_signing_locks_no_petition"),
    ]

    operations = [
        of_signature(
            name="signature_reason_shown",
            fields=["petition", "-confirmed_at", "-id"],
            condition=Q(IS_CONFIRMED, HAS_REASON, ("reason_state", "shown")),
        ),
        of_signature(
            name="signature_reason",
            fields=["reason_state", "id"],
            condition=Q(IS_CONFIRMED, HAS_REASON),
        ),
        of_signature(
            name="signature_reason_of_petition",
            fields=["petition", "reason_state", "id"],
            condition=Q(IS_CONFIRMED, HAS_REASON),
        ),
        of_signature(
            name="signature_excluded", fields=["id"], condition=Q(("state", "excluded"))
        ),
        of_signature(
            name="signature_excluded_by_address",
            fields=["address_key"],
            condition=Q(("state", "excluded")),
        ),
        of_signature(
            name="signature_of_petition",
            fields=["petition", "id"],
            condition=Q(IS_CONFIRMED, ("state", "excluded"), _connector=Q.OR),
        ),
        RemoveIndexMeanwhile(model_name="signature", name="signature_reason_held"),
        AddIndexMeanwhile(
            model_name="signaturemail",
            index=models.Index(
                name="signaturemail_given_up",
                fields=["id"],
                condition=Q(("dead_at__isnull", False)),
            ),
        ),
        AddIndexMeanwhile(
            model_name="linkrequest",
            index=models.Index(
                name="linkrequest_given_up",
                fields=["id"],
                condition=Q(("dead_at__isnull", False)),
            ),
        ),
    ]
