"""How a petition began: its first two days hour by hour, which foretell the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, ngettext, pgettext

from campaigns.bars import Bar, Bars
from petitions.templatetags.petition_text import grouped

if TYPE_CHECKING:
    from petitions.models import Petition

HOUR = timedelta(hours=1)
FIRST_HOURS = timedelta(hours=48)


@dataclass(frozen=True)
class FirstHours(Bars):
    @property
    def words(self) -> str:
        """214 signatures in 12 hours, most from 14:00 on 3 August: 80."""
        total = sum(bar.count for bar in self.bars)
        signatures = ngettext("%(count)s signature", "%(count)s signatures", total)
        hours = ngettext("%(number)s hour", "%(number)s hours", len(self.bars))
        words = gettext("%(signatures)s in %(span)s, most at %(when)s: %(most)s.")
        return words % {
            "signatures": signatures % {"count": grouped(total)},
            "span": hours % {"number": len(self.bars)},
            "when": self.highest.label,
            "most": grouped(self.highest.count),
        }


def first_hours(petition: Petition, hours: Mapping[datetime, int]) -> FirstHours | None:
    """From its opening, up to now or to two days; None without any signature then.

    `hours` are its HourlyCounts. One that opened elsewhere, long ago, has none of them.
    """
    if petition.opened_at is None:
        return None
    first = petition.opened_at.astimezone(UTC)
    first = first.replace(minute=0, second=0, microsecond=0)
    until = min(first + FIRST_HOURS, timezone.now())
    bars = [Bar(_label(hour), hours.get(hour, 0)) for hour in _each(first, until)]
    return FirstHours(bars) if any(bar.count > 0 for bar in bars) else None


def _each(hour: datetime, until: datetime) -> Iterator[datetime]:
    while hour < until:
        yield hour
        hour += HOUR


def _label(hour: datetime) -> str:
    """14:00, 3 August, where the site is."""
    local = timezone.localtime(hour)
    return format_date(local, pgettext("format of an hour", "H:i, j F"))
