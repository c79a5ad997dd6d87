"""Lists of petitions: which, in which order, which page, and the links between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import Count, F
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.paging import BoundedPaginator
from petitions.models import Petition, Topic
from petitions.models.finding import MOST_COUNTED, PetitionQuerySet
from petitions.search import Search
from petitions.words import LONGEST_QUERY, MOST_WORDS

STATES: dict[str, str | Promise] = {
    "open": pgettext_lazy("petitions", "Open"),
    "won": pgettext_lazy("petitions", "Won"),
    "closed": pgettext_lazy("petitions", "Closed"),
}
BEST = "best"  # only where words were asked for
SORTS: dict[str, tuple[str | Promise, list[Any]]] = {
    BEST: (_("Best match"), []),
    "newest": (_("Newest"), ["-opened_at", "-pk"]),
    "most": (_("Most signatures"), ["-signature_count", "-pk"]),
    "closing": (_("Closing soon"), [F("closes_at").asc(nulls_last=True), "-pk"]),
}


@dataclass(frozen=True)
class Link:
    label: str | Promise
    url: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True)
class Filters:
    """What a reader asked the list for. Nonsense counts as not asked.

    Whatever is counted here is counted to one more than `MOST_COUNTED`. Of more hits of
    a search the newest are listed, in any order.
    """

    q: str = ""
    topic: str = ""
    state: str = "open"
    sort: str = "newest"

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        state, sort = query.get("state", ""), query.get("sort", "")
        text = query.get("q", "").replace("\0", "")[:LONGEST_QUERY]
        q = " ".join(text.split()[:MOST_WORDS])
        return cls(
            q=q,
            topic=query.get("topic", "").replace("\0", "")[:60],
            state=state if state in STATES else "open",
            sort=sort if sort in _sorts(q) else _sorts(q)[0],
        )

    def url(self, **changes: str) -> str:
        """The address of the list with some of this changed; page one again."""
        changed = asdict(replace(self, **changes))
        asked = {name: value for name, value in changed.items() if value}
        return "?" + urlencode(asked)

    def page(self, request: HttpRequest) -> Page[Petition]:
        number = request.GET.get("page")
        if self.sort != BEST:
            petitions = self._petitions.with_card().order_by(*SORTS[self.sort][1])
            return BoundedPaginator(petitions, found=self._count).get_page(number)
        page = BoundedPaginator(self._found).get_page(number)
        in_state = Petition.objects.filter(state=self.state).with_card()
        by_number = in_state.in_bulk(page.object_list)
        page.object_list = [by_number[pk] for pk in page if pk in by_number]
        return page

    def state_links(self) -> list[Link]:
        counts = {**self._counts_of_others(), self.state: self._count}
        return [
            Link(label, self.url(state=state), state == self.state, counts[state])
            for state, label in STATES.items()
        ]

    def topic_links(self) -> list[Link]:
        """The topics of what is listed; of a long list all topics, without numbers."""
        in_any_topic = replace(self, topic="") if self.topic else self
        numbers = in_any_topic._topic_numbers()
        return [
            Link(
                topic.name,
                self.url(topic=topic.slug),
                topic.slug == self.topic,
                numbers.get(topic.pk),
            )
            for topic in Topic.objects.all()
            if topic.pk in numbers
        ]

    def sort_options(self) -> list[dict[str, object]]:
        """The first is what comes of itself, so a new search begins with it again."""
        return [
            {
                "value": sort if place else "",
                "label": SORTS[sort][0],
                "is_current": sort == self.sort,
            }
            for place, sort in enumerate(_sorts(self.q))
        ]

    @property
    def _petitions(self) -> PetitionQuerySet:
        petitions = self._in_topic.filter(state=self.state)
        return petitions.filter(pk__in=self._found) if self.q else petitions

    @property
    def _in_topic(self) -> PetitionQuerySet:
        petitions = Petition.objects.all()
        return petitions.filter(topics=self._topic_pk) if self.topic else petitions

    @cached_property
    def _topic_pk(self) -> int | None:
        topics = Topic.objects.filter(slug=self.topic).values_list("pk", flat=True)
        return topics.first()

    @cached_property
    def _search(self) -> Search:
        return Search(self.q, topic=(self._topic_pk or 0) if self.topic else None)

    @cached_property
    def _found(self) -> list[int]:
        return self._search.best(self.state, most=MOST_COUNTED + 1)

    @cached_property
    def _count(self) -> int:
        return len(self._found) if self.q else self._petitions.count_some()

    def _counts_of_others(self) -> dict[str, int]:
        others = [state for state in STATES if state != self.state]
        if self.q:
            return self._search.counts(*others, most=MOST_COUNTED + 1)
        listed = {state: self._in_topic.filter(state=state) for state in others}
        return {state: petitions.count_some() for state, petitions in listed.items()}

    def _topic_numbers(self) -> dict[int, int | None]:
        """How many of the listed ones each topic has, if few enough are listed."""
        if self._count > MOST_COUNTED:
            return dict.fromkeys(Topic.objects.values_list("pk", flat=True))
        of_topics = Petition.topics.through._default_manager.filter(
            petition__in=self._found if self.q else self._petitions
        )
        numbers = of_topics.values_list("topic").annotate(Count("pk"))
        return dict(numbers.order_by())


def _sorts(q: str) -> list[str]:
    return [sort for sort in SORTS if q or sort != BEST]


def page_context(
    page: Page[Any], query: Mapping[str, str] | None = None
) -> dict[str, object]:
    """What `_pages.html` needs: links to some pages, the previous and the next."""

    def url(number: int) -> str:
        return "?" + urlencode({**(query or {}), "page": number})

    shown = page.paginator.get_elided_page_range(page.number)
    return {
        "page": page,
        "page_links": [
            Link(
                str(number),
                url(number) if isinstance(number, int) else "",  # or an ellipsis
                is_current=number == page.number,
            )
            for number in shown
        ]
        if page.has_other_pages()
        else [],
        "previous_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
    }
