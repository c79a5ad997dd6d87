"""Lists of petitions: which, in which order, which page, and the links between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from petitions.models import Petition, Topic
from petitions.models.finding import PetitionQuerySet

PER_PAGE = 24
LONGEST_QUERY = 100
MOST_WORDS = 8  # each is looked for in every text, which takes its time

STATES: dict[str, tuple[str | Promise, Q]] = {
    "open": (pgettext_lazy("petitions", "Open"), Q(state="open")),
    "won": (pgettext_lazy("petitions", "Won"), Q(state="won")),
    "closed": (pgettext_lazy("petitions", "Closed"), Q(state="closed")),
}
SORTS: dict[str, tuple[str | Promise, list[Any]]] = {
    "newest": (_("Newest"), [F("opened_at").desc(nulls_last=True), "-pk"]),
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
    """What a reader asked the list for. Nonsense counts as not asked."""

    q: str = ""
    topic: str = ""
    state: str = "open"
    sort: str = "newest"

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        state, sort = query.get("state", ""), query.get("sort", "")
        text = query.get("q", "").replace("\0", "")[:LONGEST_QUERY]
        return cls(
            q=" ".join(text.split()[:MOST_WORDS]),
            topic=query.get("topic", "").replace("\0", "")[:60],
            state=state if state in STATES else "open",
            sort=sort if sort in SORTS else "newest",
        )

    def url(self, **changes: str) -> str:
        """The address of the list with some of this changed; page one again."""
        changed = asdict(replace(self, **changes))
        asked = {name: value for name, value in changed.items() if value}
        return "?" + urlencode(asked)

    def petitions(self) -> PetitionQuerySet:
        return self._but_for_state().filter(STATES[self.state][1])

    def page(self, request: HttpRequest) -> Page[Petition]:
        order = SORTS[self.sort][1]
        petitions = self.petitions().with_card().order_by(*order)
        return Paginator(petitions, PER_PAGE).get_page(request.GET.get("page"))

    def state_links(self) -> list[Link]:
        counts = self._but_for_state().aggregate(
            **{state: Count("pk", filter=found) for state, (_, found) in STATES.items()}
        )
        return [
            Link(label, self.url(state=state), state == self.state, counts[state])
            for state, (label, _found) in STATES.items()
        ]

    def topic_links(self) -> list[Link]:
        shown = Q(petitions__in=replace(self, topic="").petitions())
        topics = Topic.objects.annotate(number=Count("petitions", filter=shown))
        return [
            Link(
                topic.name, self.url(topic=topic.slug), topic.slug == self.topic, number
            )
            for topic in topics
            if (number := topic.number)
        ]

    def sort_options(self) -> list[dict[str, object]]:
        return [
            {"value": value, "label": label, "is_current": value == self.sort}
            for value, (label, _order) in SORTS.items()
        ]

    def _but_for_state(self) -> PetitionQuerySet:
        petitions = Petition.objects.public()
        if self.topic:
            petitions = petitions.filter(topics__slug=self.topic)
        return petitions.search(self.q) if self.q else petitions


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
