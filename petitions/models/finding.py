"""How petitions are found: the words that everybody asks for them with."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection, models, transaction
from django.db.models import Prefetch
from django.db.models.functions import Now
from django.utils import timezone

from petitions.models.accounts import Account
from petitions.models.organizers import PetitionOrganizer
from petitions.models.states import PUBLIC, WITHHELD, PetitionState
from petitions.models.targets import PetitionTarget
from petitions.search import Search, write
from petitions.search.documents import document
from petitions.words import plain

if TYPE_CHECKING:
    from petitions.models.petitions import Petition

logger = logging.getLogger(__name__)

MOST_COUNTED = 1000  # a list that is longer says "1,000+" and ends there
INDEXED_FOR = timedelta(days=7)
PUT_OFF_FOR = timedelta(days=1)
MOST_INDEXED_AT_ONCE = 50
MOST_COMPARED = 50  # of those that share a word, the best
MOST_SIMILAR = 5
SHORTEST_TELLING = 4  # letters: shorter words stand in every title
SHARED_AT_LEAST = 0.6  # of the words of a title: a place alone is not enough


class PetitionQuerySet(models.QuerySet["Petition"]):
    def open(self) -> PetitionQuerySet:
        """Takes signatures at this moment."""
        still_open = self.filter(state=PetitionState.OPEN)
        # Put like this, SQLite reads the list in its order and need not sort all of it.
        return still_open.exclude(closes_at__lte=timezone.now())

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

    def count_some(self) -> int:
        """How many, counted to one more than a list shows: more would take longer."""
        return self.order_by()[: MOST_COUNTED + 1].count()

    def search(self, text: str, *, state: str = "") -> PetitionQuerySet:
        """The newest (in the state) that have every word of it, or a form of it,
        somewhere: in their words in any language, in an organizer or a target."""
        return self.filter(pk__in=Search(text).best(state, most=MOST_COUNTED))

    def similar_to(self, title: str) -> list[Petition]:
        """A few open ones that may ask the same: most of what this title tells
        stands in their title or ask, too."""
        search = Search(_telling(title), any_word=True)
        found = search.best("open", most=MOST_COUNTED)
        by_number = self.open().in_bulk(found[:MOST_COMPARED])
        compared = [by_number[number] for number in found if number in by_number]
        return [one for one in compared if _is_like(one, search.words)][:MOST_SIMILAR]

    def to_index(self) -> int:
        """Note that what is searched has changed, in the transaction that does it."""
        return self.update(index_due_at=Now())

    def index(self) -> int:
        """Index some of those that are due; say how many.

        They stay locked while their words are read: who changes them meanwhile
        notes it after us, and they are due again. One that the database refuses does
        not hold up the others, and has its turn again tomorrow.
        """
        due = self.filter(index_due_at__lte=timezone.now()).order_by("index_due_at")
        with transaction.atomic():
            due = due.select_for_update(no_key=True, skip_locked=True)
            petitions = list(
                due.with_card().prefetch_related("topics")[:MOST_INDEXED_AT_ONCE]
            )
            put_off = [one.pk for one in petitions if not _is_written(one)]
            taken = self.model.objects.filter(pk__in=[one.pk for one in petitions])
            taken.update(index_due_at=timezone.now() + INDEXED_FOR)
            refused = self.model.objects.filter(pk__in=put_off)
            refused.update(index_due_at=timezone.now() + PUT_OFF_FOR)
        return len(petitions)

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


def _telling(title: str) -> str:
    """Its longer words, but for the first: that is "keep" or "stop" in many."""
    others = plain(title).split()[1:]
    return " ".join(word for word in others if len(word) >= SHORTEST_TELLING)


def _is_like(petition: Petition, words: list[str]) -> bool:
    theirs = set(plain(f"{petition.title} {petition.ask}").split())
    return len(theirs.intersection(words)) >= SHARED_AT_LEAST * len(words)


def _is_written(petition: Petition) -> bool:
    """Write it into the index, if the database takes it; a lost database is raised."""
    try:
        with transaction.atomic():
            write(document(petition))
    except DatabaseError as error:
        if transaction.get_rollback() or not connection.is_usable():
            raise
        reason = type(error.__cause__ or error).__name__
        logger.error(  # noqa: TRY400 - what the error says may hold words
            "petition not indexed: petition=%s reason=%s", petition.pk, reason
        )
        return False
    return True
