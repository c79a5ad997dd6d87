"""How signatures are found and started: the words that everybody asks for them with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, models
from django.db.models import Q
from django.utils import timezone

from petitions.models import Petition
from signatures.addresses import address_key
from signatures.models import statements
from signatures.models.states import (
    Confirmation,
    Origin,
    ReasonState,
    SignatureState,
)

if TYPE_CHECKING:
    from signatures.models.signatures import Signature  # noqa: F401  # named in quotes below

# A signature started before the closing may be confirmed for this long after it.
LATE_CONFIRMATION = timedelta(hours=24)

HAS_REASON = ~Q(reason="")
IS_CONFIRMED = Q(state=SignatureState.CONFIRMED)
IS_EXCLUDED = Q(state=SignatureState.EXCLUDED)
WAS_CONFIRMED = IS_CONFIRMED | IS_EXCLUDED  # each has an index of its own
SHOWS_REASON = HAS_REASON & Q(reason_state=ReasonState.SHOWN)


class SignatureQuerySet(models.QuerySet["Signature"]):
    def pending(self) -> SignatureQuerySet:
        return self.filter(state=SignatureState.PENDING)

    def confirmed(self) -> SignatureQuerySet:
        return self.filter(IS_CONFIRMED)

    def for_petition(self, petition: Petition) -> SignatureQuerySet:
        return self.filter(petition=petition)

    def of_address(self, key: str) -> SignatureQuerySet:
        return self.filter(address_key=key)

    def counted_one_by_one(self) -> SignatureQuerySet:
        """Those that carried_over_count does not stand for already."""
        return self.confirmed().exclude(origin=Origin.CARRIED)

    def seen_in_public(self) -> SignatureQuerySet:
        """Whose signer shows a name or has a reason that was released."""
        return self.confirmed().filter(Q(show_name=True) | SHOWS_REASON)

    def with_shown_reason(self) -> SignatureQuerySet:
        return self.confirmed().filter(SHOWS_REASON)

    def with_held_reason(self) -> SignatureQuerySet:
        return self.confirmed().filter(HAS_REASON, reason_state=ReasonState.HELD)

    def with_hidden_reason(self) -> SignatureQuerySet:
        return self.confirmed().filter(HAS_REASON, reason_state=ReasonState.HIDDEN)

    def excluded(self) -> SignatureQuerySet:
        return self.filter(IS_EXCLUDED)

    def once_confirmed(self) -> SignatureQuerySet:
        """Those that count, and those that staff have excluded."""
        return self.filter(WAS_CONFIRMED)

    def wanting_updates(self) -> SignatureQuerySet:
        return self.confirmed().filter(wants_updates=True)

    def newest_first(self) -> SignatureQuerySet:
        return self.order_by("-confirmed_at", "-pk")

    def after(self, pk: str) -> SignatureQuerySet:
        """Those that follow the row of that number, in `newest_first` order.

        No number, or one of no row among these, is the beginning.
        """
        last = self.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
        if last is None:
            return self
        older = Q(confirmed_at__lt=last.confirmed_at)
        same_moment = Q(confirmed_at=last.confirmed_at, pk__lt=last.pk)
        # What both have in common: an index goes there at once, not so by an OR.
        not_younger = self.filter(confirmed_at__lte=last.confirmed_at)
        return not_younger.filter(older | same_moment)

    def start(
        self,
        slug: str,
        *,
        name: str,
        email: str,
        version: int | None = None,
        place: str = "",
        country: str = "",
        reason: str = "",
        show_name: bool = False,
        wants_updates: bool = False,
        language: str = "en",
        via: str = "",
    ) -> UUID | None:
        """Write an unconfirmed signature and its mail down; give the signature's key.

        None, and nothing written, if there is no open petition of that slug, or its
        words are not those of `version` any more. Nothing else is looked up, so that
        an address that has signed before, or wants no mail, gets the same answer for
        the same work. What to mail is decided later.
        """
        key = uuid4()
        values: statements.Values = {
            "slug": slug,
            "version": version,
            "name": name,
            "email": email,
            "address_key": address_key(email),
            "place": place,
            "country": country,
            "reason": reason,
            "reason_state": first_reason_state(sensitive=False).value,
            "show_name": show_name,
            "wants_updates": wants_updates,
            "language": language,
            "via": via,
            "started_at": timezone.now(),
            "key": key,
        }
        return key if statements.start(values) else None

    def confirm(self, key: UUID) -> Confirmation | None:
        """Count the signature of that key, if it waits for it and is in time.

        None, and nothing changed, if there is no such signature (any more). The
        database decides ties between several signatures of one address.
        """
        confirmed_at = timezone.now()
        values: statements.Values = {
            "key": key,
            "confirmed_at": confirmed_at,
            "closed_after": confirmed_at - LATE_CONFIRMATION,
            "day": timezone.localdate(confirmed_at),
        }
        try:
            return Confirmation.COUNTED if statements.confirm(values) else None
        except IntegrityError:
            signature = self.filter(key=key).first()
            if signature and signature.is_counted_by_another:
                return Confirmation.COUNTED_BEFORE
        # One of the two was withdrawn in that moment: nothing stands in the way now.
        return Confirmation.COUNTED if statements.confirm(values) else None


def first_reason_state(*, sensitive: bool) -> ReasonState:
    at_once = settings.REASONS_SHOWN == "at_once" and not sensitive
    return ReasonState.SHOWN if at_once else ReasonState.HELD
