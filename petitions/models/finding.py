"""How petitions are found: the words that everybody asks for them with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone

from petitions.models.accounts import Account
from petitions.models.organizers import PetitionOrganizer
from petitions.models.states import PUBLIC, WITHHELD, PetitionState
from petitions.models.targets import PetitionTarget

if TYPE_CHECKING:
    from petitions.models.petitions import Petition

FIELDS_SEARCHED = [
    *("title", "ask", "story"),
    *("translations__title", "translations__ask", "translations__story"),
    *("organizers__name", "targets__name", "targets__office", "targets__organization"),
]


class PetitionQuerySet(models.QuerySet["Petition"]):
    def open(self) -> PetitionQuerySet:
        """Takes signatures at this moment."""
        in_time = Q(closes_at__isnull=True) | Q(closes_at__gt=timezone.now())
        return self.filter(in_time, state=PetitionState.OPEN)

    def won(self) -> PetitionQuerySet:
        return self.filter(state=PetitionState.WON)

    def public(self) -> PetitionQuerySet:
        """Whose whole page anybody may read."""
        return self.filter(state__in=PUBLIC)

    def addressable(self) -> PetitionQuerySet:
        """That have a page, if only one that says why there is nothing to read."""
        return self.filter(state__in=[*PUBLIC, *WITHHELD])

    def in_review(self) -> PetitionQuerySet:
        return self.filter(state=PetitionState.REVIEW)

    def overdue(self) -> PetitionQuerySet:
        """Still open in name, but past their closing time."""
        return self.filter(state=PetitionState.OPEN, closes_at__lte=timezone.now())

    def run_by(self, account: Account) -> PetitionQuerySet:
        own = PetitionOrganizer.objects.filter(organizer__members=account)
        return self.filter(pk__in=own.values("petition"))

    def related_to(self, petition: Petition) -> PetitionQuerySet:
        """Other open ones of the same organizers, most signed first.

        None that is sensitive: nobody is to be led there by chance.
        """
        alike = PetitionOrganizer.objects.filter(
            organizer__in=petition.organizers.values("pk")
        )
        others = self.open().filter(pk__in=alike.values("petition"), sensitive=False)
        return (
            others.exclude(pk=petition.pk)
            .order_by("-signature_count", "-pk")
            .prefetch_related("translations")
        )

    def search(self, text: str) -> PetitionQuerySet:
        """Every word stands somewhere: in the words, an organizer or a target."""
        petitions = self
        for word in text.split():
            found = Q()
            for field in FIELDS_SEARCHED:
                found |= Q(**{f"{field}__icontains": word})
            petitions = petitions.filter(pk__in=self.model.objects.filter(found))
        return petitions

    def with_card(self) -> PetitionQuerySet:
        """All that a card shows, in a fixed number of queries."""
        standing = PetitionOrganizer.objects.select_related("organizer")
        deliveries = PetitionTarget.objects.select_related("target")
        return self.prefetch_related(
            Prefetch("petitionorganizer_set", standing),
            Prefetch("deliveries", deliveries),
            "translations",
        )

    def with_page(self) -> PetitionQuerySet:
        """All of the petition itself that its page shows."""
        with_card = self.with_card().select_related("current_version")
        return with_card.prefetch_related("topics")
