"""How signatures are found and started: the words that everybody asks for them with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from petitions.models import Petition
from signatures.addresses import address_key
from signatures.flags import flags
from signatures.models import statements
from signatures.models.mails import Suppression
from signatures.models.records import ReasonReport
from signatures.models.sources import UNKNOWN, Source
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
IS_WITHDRAWN = Q(state=SignatureState.WITHDRAWN)
SHOWS_REASON = HAS_REASON & Q(reason_state=ReasonState.SHOWN)


class SignatureQuerySet(models.QuerySet["Signature"]):
    def pending(self) -> SignatureQuerySet:
        return self.filter(state=SignatureState.PENDING)

    def held(self) -> SignatureQuerySet:
        """Those that staff are to release or to exclude."""
        return self.pending().filter(held_at__isnull=False, exclusion__isnull=True)

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

    def with_reported_reason(self) -> SignatureQuerySet:
        reported = ReasonReport.objects.waiting().values("signature")
        return self.confirmed().filter(HAS_REASON, pk__in=reported)

    def excluded(self) -> SignatureQuerySet:
        return self.filter(IS_EXCLUDED)

    def withdrawn(self) -> SignatureQuerySet:
        """Counted and seen no more, and there for a day for its signer to undo it."""
        return self.filter(IS_WITHDRAWN)

    def not_withdrawn(self) -> SignatureQuerySet:
        """What staff may meet."""
        return self.exclude(IS_WITHDRAWN)

    def mailed_links_to(self, keys: Iterable[str]) -> SignatureQuerySet:
        """Those of these addresses that a request for links gives links to."""
        return self.filter(WAS_CONFIRMED | IS_WITHDRAWN, address_key__in=keys)

    def renew_links(self, keys: Iterable[str]) -> None:
        """Make the links to manage them that were mailed before open nothing."""
        mine = self.mailed_links_to(set(keys))
        mine.update(link_number=F("link_number") + 1)

    def once_confirmed(self) -> SignatureQuerySet:
        """Those that count, and those that staff have excluded."""
        return self.filter(WAS_CONFIRMED)

    def signed_online(self) -> SignatureQuerySet:
        """Confirmed by a link that was mailed, to an address that is still known."""
        return self.confirmed().filter(origin=Origin.ONLINE).exclude(email="")

    def unsuppressed(self) -> SignatureQuerySet:
        """Whose address has not asked for no mail ever."""
        asked = Suppression.objects.filter(address_key=OuterRef("address_key"))
        return self.filter(~Exists(asked))

    def wanting_updates(self) -> SignatureQuerySet:
        return self.confirmed().filter(wants_updates=True)

    def given_for_delivery(self, petition: Petition) -> SignatureQuerySet:
        """Those whose names may be handed over; none of a sensitive petition."""
        if petition.sensitive:
            return self.none()
        return self.confirmed().filter(petition=petition, name_for_delivery=True)

    def stop_letters_of_organizers(self, key: str) -> None:
        """Who wants no mail from here wants none from organizers either."""
        mine = self.mailed_links_to([key]).filter(organizer_may_write=True)
        mine.update(organizer_may_write=False, consents_changed_at=timezone.now())

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
        consent: str = "",
        consent_if_sensitive: str = "",
        source: Source = UNKNOWN,
    ) -> UUID | None:
        """Write an unconfirmed signature and its mail down; give the signature's key.

        None, and nothing written, if there is no open petition of that slug that can
        be signed now, if its words are not those of `version` any more, or if too many
        have come from that source. Nothing else is looked up, so that
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
            "reason_state": first_reason_state(reason).value,
            "show_name": show_name,
            "wants_updates": wants_updates,
            "language": language,
            "via": via,
            "started_at": timezone.now(),
            "key": key,
            "consent": consent,
            "consent_if_sensitive": consent_if_sensitive,
            "kept_days": settings.SIGNERS_KEPT.days,
            "kept_days_if_sensitive": settings.SENSITIVE_SIGNERS_KEPT.days,
            "network_key": source.network_key,
            "window": source.window and source.window.key,
            "window_ends_at": source.window and source.window.ends_at,
            "held_above": source.held_above,
            "refused_above": source.refused_above,
            "must_be_held": source.must_be_held,
            "domain": email.rpartition("@")[2].lower(),
            "score": source.score,
            "signs": source.signs,
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
        for _again in range(2):
            try:
                return Confirmation.COUNTED if statements.confirm(values) else None
            except IntegrityError:
                signature = self.filter(key=key).first()
                if signature and signature.is_counted_by_another:
                    return Confirmation.COUNTED_BEFORE
        # One of the two was withdrawn in that moment: nothing stands in the way now.
        return Confirmation.COUNTED if statements.confirm(values) else None


def confirmable_until(petition: Petition) -> datetime | None:
    """Until when those who signed before the end can confirm, while they can."""
    if not petition.is_closed or petition.closed_at is None:
        return None
    until = petition.closed_at + LATE_CONFIRMATION
    return until if timezone.now() < until else None


def first_reason_state(
    reason: str, *, sensitive: bool = False, blocked_words: Sequence[str] = ()
) -> ReasonState:
    """Shown at once where the site does so and nothing in it has to be looked at."""
    at_once = settings.REASONS_SHOWN == "at_once" and not sensitive
    is_shown = at_once and not flags(reason, blocked_words)
    return ReasonState.SHOWN if is_shown else ReasonState.HELD
