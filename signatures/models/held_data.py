"""Everything that is stored about a signature, for the person who signed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from signatures.models.records import Wording
from signatures.models.states import SignatureState

if TYPE_CHECKING:
    from signatures.models.signatures import Signature

# Those beside the button, and those that are asked for afterwards.
CONSENTS = ("show_name", "wants_updates", "name_for_delivery", "organizer_may_write")


def data_about(signature: Signature) -> dict[str, object]:
    """By the names of its columns; what stands for something else is spelled out."""
    return {
        "petition": signature.petition.title,
        "version_signed": signature.version.number,
        "name": signature.name,
        "email": signature.email,
        "place": signature.place,
        "country": signature.country,
        "reason": signature.reason,
        "reason_state": signature.reason_state,
        "reports_by_readers": signature.reports.count(),
        "show_name": signature.show_name,
        "wants_updates": signature.wants_updates,
        "name_for_delivery": signature.name_for_delivery,
        "organizer_may_write": signature.organizer_may_write,
        "consents_changed_at": _written(signature.consents_changed_at),
        "language": signature.language,
        "origin": signature.origin,
        "sheet_and_line": _where_on_paper(signature),
        "state": signature.state,
        "state_in_words": state_in_words(signature),
        "started_at": _written(signature.started_at),
        "confirmed_at": _written(signature.confirmed_at),
        "held_at": _written(signature.held_at),
        "withdrawn_at": _written(signature.withdrawn_at),
        "forgotten_at": _written(signature.forgotten_at),
        "via": signature.via,
        "consent": _consent(signature),
        "kept_days": signature.kept_for_days,
        "kept_until_at": _written(signature.kept_until_at),
        "link_number": signature.link_number,
    }


def state_in_words(signature: Signature) -> str:
    match signature.state:
        case SignatureState.PENDING if signature.held_at:
            return gettext("Not counted: the people who run this site look at it first")
        case SignatureState.PENDING:
            return gettext("Not confirmed yet, not counted")
        case SignatureState.CONFIRMED:
            return gettext("Confirmed, counted")
        case SignatureState.WITHDRAWN:
            return gettext("Removed by you, not counted")
    return gettext("Not counted: the people who run this site have excluded it")


def _consent(signature: Signature) -> dict[str, object]:
    """What its signer agreed to, and by what. What is ticked is as it is now."""
    wording = Wording.objects.filter(digest=signature.consent).first()
    return {
        "wording": wording and wording.text,
        "wording_number": signature.consent,
        "language": wording.language if wording else signature.language,
        "version_signed": signature.version.number,
        "ticked": [name for name in CONSENTS if getattr(signature, name)],
        "agreed_at": _written(signature.started_at),
        "confirmed_at": _written(signature.confirmed_at),
    }


def _where_on_paper(signature: Signature) -> list[int] | None:
    row = getattr(signature, "sheet_row", None)
    return row and [row.sheet.number, row.position]


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
