from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from campaigns.timeline import TimelineItem, timeline
from petitions.dates import show_day
from petitions.languages import languages
from petitions.markdown import to_html
from petitions.models import Petition
from petitions.pages import public_page
from petitions.templatetags.petition_text import grouped

ENTRIES = 30
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Atom(Atom1Feed):
    """Without the control characters that pasted words carry and XML cannot."""

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **_without_controls(fields))

    def add_item(self, *args: Any, **fields: Any) -> None:
        super().add_item(*args, **_without_controls(fields))


class NewPetitionsFeed(Feed):  # type: ignore[type-arg]  # not generic when it runs
    feed_type = Atom

    def title(self) -> str:
        return _("New petitions – %(site)s") % {"site": settings.SITE_NAME}

    def link(self) -> str:
        return settings.SITE_URL + reverse("petitions")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("new_petitions_feed")

    def items(self) -> list[Petition]:
        petitions = Petition.objects.public().with_card()
        return list(petitions.order_by("-opened_at", "-pk")[:ENTRIES])

    def item_title(self, item: Petition) -> str:
        return item.text.title

    def item_description(self, item: Petition) -> str:
        return escape(item.text.ask)  # Django says that it is HTML

    def item_link(self, item: Petition) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_author_name(self, item: Petition) -> str:
        return " & ".join(organizer.name for organizer in item.organizer_list)

    def item_pubdate(self, item: Petition) -> datetime | None:
        return item.opened_at and item.told_moment(item.opened_at)

    def item_updateddate(self, item: Petition) -> datetime:
        return item.told_moment(item.changed_at)


class PetitionFeed(Feed):  # type: ignore[type-arg]  # not generic when it runs
    """The timeline of one petition."""

    feed_type = Atom

    def get_object(self, request: HttpRequest, slug: str) -> Petition:
        return get_object_or_404(Petition.objects.public().with_page(), slug=slug)

    def title(self, petition: Petition) -> str:
        return petition.text.title

    def subtitle(self, petition: Petition) -> str:
        return petition.text.ask

    def link(self, petition: Petition) -> str:
        return settings.SITE_URL + petition.get_absolute_url()

    def feed_url(self, petition: Petition) -> str:
        path = reverse("petition_feed", kwargs={"slug": petition.slug})
        return settings.SITE_URL + path

    def items(self, petition: Petition) -> list[tuple[Petition, TimelineItem]]:
        return [(petition, item) for item in timeline(petition, most=ENTRIES)]

    def item_title(self, entry: tuple[Petition, TimelineItem]) -> str:
        petition, item = entry
        return item.update.title if item.update else _line(item, petition)

    def item_description(self, entry: tuple[Petition, TimelineItem]) -> str:
        _petition, item = entry
        return to_html(item.update.body) if item.update else ""

    def item_link(self, entry: tuple[Petition, TimelineItem]) -> str:
        petition, item = entry
        return settings.SITE_URL + (item.update or petition).get_absolute_url()

    def item_guid(self, entry: tuple[Petition, TimelineItem]) -> str:
        petition, item = entry
        mark = item.update.pk if item.update else item.threshold or item.at.date()
        return f"{settings.SITE_URL}/petitions/{petition.slug}/#{item.kind}-{mark}"

    def item_author_name(self, entry: tuple[Petition, TimelineItem]) -> str:
        _petition, item = entry
        return (item.update.author if item.update else "") or settings.SITE_NAME

    def item_pubdate(self, entry: tuple[Petition, TimelineItem]) -> datetime:
        petition, item = entry
        return petition.told_moment(item.at)

    def item_updateddate(self, entry: tuple[Petition, TimelineItem]) -> datetime:
        return self.item_pubdate(entry)


class Pages(Sitemap):  # type: ignore[type-arg]  # not generic when it runs
    """Every public petition in every language, at the site's own address."""

    i18n = True
    alternates = True
    x_default = True
    limit = 2000  # addresses in one file: more take more than a moment

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.split("://")[0]

    def get_domain(self, site: object = None) -> str:
        return settings.SITE_URL.split("://")[1]

    def items(self) -> QuerySet[Petition]:
        return (
            Petition.objects.public()
            .only("slug", "sensitive", "changed_at")
            .order_by("pk")
        )

    def lastmod(self, item: Petition) -> datetime:
        return item.told_moment(item.changed_at)

    def _items(self) -> InEveryLanguage:
        """Django's own would read all petitions for each page."""
        codes = [code for code, _name in languages()]
        return InEveryLanguage(self.items(), codes)


class OtherPages(Sitemap):  # type: ignore[type-arg]  # not generic when it runs
    """What is worth finding besides petitions."""

    i18n = True
    alternates = True
    x_default = True
    get_protocol = Pages.get_protocol
    get_domain = Pages.get_domain

    def items(self) -> list[str]:
        return ["outcomes"]

    def location(self, item: str) -> str:
        return reverse(item)


@dataclass(frozen=True)
class InEveryLanguage:
    """Each petition once in each language; of the petitions only a slice is read."""

    petitions: QuerySet[Petition]
    languages: list[str]

    def __len__(self) -> int:
        return self.petitions.count() * len(self.languages)

    def __getitem__(self, part: slice) -> list[tuple[Petition, str]]:
        number = len(self.languages)
        first, last = part.start // number, -(-part.stop // number)
        pairs = list(product(self.petitions[first:last], self.languages))
        return pairs[part.start - first * number : part.stop - first * number]


new_petitions_feed = require_safe(public_page(NewPetitionsFeed()))
petition_feed = require_safe(public_page(PetitionFeed()))


def _without_controls(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: CONTROLS.sub(" ", value) if isinstance(value, str) else value
        for name, value in fields.items()
    }


def _line(item: TimelineItem, petition: Petition) -> str:
    """A line of the timeline that nobody wrote, in words."""
    match item.kind:
        case "milestone":
            number = item.threshold or 0
            words = ngettext(
                "Reached %(count)s signature", "Reached %(count)s signatures", number
            )
            return words % {"count": grouped(number)}
        case "removed":
            number = item.removed or 0
            words = ngettext(
                "%(count)s signature removed as automated",
                "%(count)s signatures removed as automated",
                number,
            )
            return words % {"count": grouped(number)}
        case "delivered":
            return _("Delivered to %(targets)s") % {"targets": item.targets}
        case "won":
            in_part = pgettext("outcome", "Won in part")
            return in_part if petition.is_won_in_part else _("Won")
        case "closed":
            day = show_day(item.at, item.as_written)
            return _("Closed on %(day)s") % {"day": day}
        case _kind:
            return _("Petition opened")
