"""How signatures are found and started: the words that everybody asks for them with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from petitions.models import Petition, PetitionState
from petitions.models.states import ENDED
from signatures.addresses import address_key
from signatures.models.mails import SignatureMail
from signatures.models.states import Origin, ReasonState, SignatureState

if TYPE_CHECKING:
    from signatures.models.signatures import Signature

# A signature started before the closing may be confirmed for this long after it.
LATE_CONFIRMATION = timedelta(hours=24)

HAS_REASON = ~Q(reason="")
IS_CONFIRMED = Q(state=SignatureState.CONFIRMED)
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

    def confirmable(self) -> SignatureQuerySet:
        """Pending, and the petition is open or closed less than a day ago.

        Must not join: an UPDATE over a join does not ask anew whether its row is
        still pending when it has waited for another UPDATE, and so both would count.
        """
        in_time = Q(state=PetitionState.OPEN) | Q(
            state__in=ENDED,
            closed_at__gt=timezone.now() - LATE_CONFIRMATION,
            closed_at__gte=OuterRef("started_at"),
        )
        petition = Petition.objects.filter(in_time, pk=OuterRef("petition"))
        return self.pending().filter(Exists(petition))

    def seen_in_public(self) -> SignatureQuerySet:
        """Whose signer shows a name or has a reason that was released."""
        return self.confirmed().filter(Q(show_name=True) | SHOWS_REASON)

    def with_shown_reason(self) -> SignatureQuerySet:
        return self.confirmed().filter(SHOWS_REASON)

    def with_held_reason(self) -> SignatureQuerySet:
        return self.confirmed().filter(HAS_REASON, reason_state=ReasonState.HELD)

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
        same_moment = Q(confirmed_at=last.confirmed_at, pk__lt=last.pk)
        return self.filter(Q(confirmed_at__lt=last.confirmed_at) | same_moment)

    def start(
        self,
        petition: Petition,
        *,
        name: str,
        email: str,
        place: str = "",
        country: str = "",
        reason: str = "",
        show_name: bool = False,
        wants_updates: bool = False,
        language: str = "en",
        via: str = "",
    ) -> Signature:
        """Write down an unconfirmed signature and the mail that it causes.

        Nothing is looked up, so that an address that has signed before, or wants no
        mail, gets the same answer for the same work. What to mail is decided later.
        """
        with transaction.atomic():
            signature = self.create(
                petition=petition,
                version_id=petition.current_version_id or 0,  # opened: it has one
                name=name,
                email=email,
                address_key=address_key(email),
                place=place,
                country=country,
                reason=reason,
                reason_state=first_reason_state(petition),
                show_name=show_name,
                wants_updates=wants_updates,
                language=language,
                via="" if petition.sensitive else via,  # no way is counted there
            )
            SignatureMail.objects.create(signature=signature)
        return signature


def first_reason_state(petition: Petition) -> ReasonState:
    at_once = settings.REASONS_SHOWN == "at_once" and not petition.sensitive
    return ReasonState.SHOWN if at_once else ReasonState.HELD
