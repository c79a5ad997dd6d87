"""What stands on the first page of the admin, above its list."""

from __future__ import annotations

from campaigns.some import Some, count_some
from petitions.models import Account, Petition, SigningPause
from signatures.models import Signature

MOST_PETITIONS = 20


def own_petitions(account: Account) -> list[Petition]:
    """Those that the account runs; what has changed last comes first."""
    petitions = Petition.objects.run_by(account).order_by("-changed_at", "-pk")
    return list(petitions[:MOST_PETITIONS])


def waiting_for_staff() -> dict[str, Some]:
    return {
        "petitions": count_some(Petition.objects.in_review()),
        "reasons": count_some(Signature.objects.with_held_reason()),
        "reported": count_some(Signature.objects.with_reported_reason()),
        "pauses": count_some(SigningPause.objects.running()),
        "held": count_some(Signature.objects.held()),
    }
