"""How petitions ended: the list of all that have, and how many in which way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from campaigns.lists import Link
from campaigns.models import Promise
from campaigns.paging import BoundedPaginator
from petitions.models import Outcome, Petition
from petitions.models.constraints import NEWEST_ENDED
from petitions.models.finding import MOST_COUNTED, PetitionQuerySet


@dataclass(frozen=True)
class Entry:
    petition: Petition
    promises: list[Promise]


@dataclass(frozen=True)
class Ledger:
    """What a reader asked of it: one way of ending or, with "", all of them.

    What is counted is counted to one more than `MOST_COUNTED`.
    """

    outcome: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Ledger:
        """Nonsense counts as not asked."""
        outcome = query.get("outcome", "")
        return cls(outcome if outcome in Outcome.values else "")

    @property
    def query(self) -> dict[str, str]:
        return {"outcome": self.outcome} if self.outcome else {}

    def links(self) -> list[Link]:
        every = min(sum(self._counts.values()), MOST_COUNTED + 1)
        return [
            Link(_("All"), "?", not self.outcome, every),
            *(
                Link(
                    Outcome(one).label,
                    "?" + urlencode({"outcome": one}),
                    one == self.outcome,
                    count,
                )
                for one, count in self._counts.items()
            ),
        ]

    def page(self, request: HttpRequest) -> Page[Entry]:
        """The newest first."""
        ended = _ended(self.outcome).with_card().order_by(*NEWEST_ENDED)
        found = self._counts[self.outcome] if self.outcome else None
        page = BoundedPaginator(ended, found).get_page(request.GET.get("page"))
        page.object_list = _entries(list(page))
        return page

    @cached_property
    def _counts(self) -> dict[str, int]:
        return {one: _ended(one).count_some() for one in Outcome.values}


def _ended(outcome: str) -> PetitionQuerySet:
    ended = Petition.objects.public()
    return ended.filter(outcome=outcome) if outcome else ended.exclude(outcome="")


def _entries(petitions: Sequence[Petition]) -> list[Entry]:
    promises: dict[int, list[Promise]] = {petition.pk: [] for petition in petitions}
    for promise in Promise.objects.filter(petition__in=petitions):
        promises[promise.petition_id].append(promise)
    return [Entry(petition, promises[petition.pk]) for petition in petitions]
