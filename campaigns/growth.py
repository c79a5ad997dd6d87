"""How a petition has grown: its signatures day by day, and the numbers it passed.

Made of what the tally keeps for each day; no signature is read. A sensitive petition
has no chart, whose bars would help to find out who signed when, only its milestones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, ngettext

from campaigns.bars import Bar, Bars
from campaigns.models import Milestone
from petitions.dates import show_day
from petitions.templatetags.petition_text import grouped

if TYPE_CHECKING:
    from petitions.models import Petition

MOST_BARS = 31
MOST_MILESTONES = 8


@dataclass(frozen=True)
class Growth:
    chart: Chart | None
    reached: Sequence[Milestone]
    next_number: int | None


def growth(
    petition: Petition, milestones: Sequence[Milestone], days: Mapping[date, int]
) -> Growth | None:
    """What the page shows, or None if it is nothing. `days` are the DailyCounts."""
    until = timezone.localdate(petition.closed_at)
    chart = None if petition.sensitive else chart_of(days, until=until)
    milestones = [one for one in milestones if petition.tells(one.threshold)]
    if chart is None and not milestones:
        return None
    meter = petition.meter
    next_number = meter.goal if petition.is_open and not meter.is_reached else None
    room = MOST_MILESTONES - (next_number is not None)
    reached = sorted(milestones, key=lambda milestone: milestone.threshold)[-room:]
    return Growth(chart, reached, next_number)


class Unit(Enum):
    """How long a bar stands for; it begins where the calendar has it begin."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    def start(self, day: date) -> date:
        if self in DAYS_OF:
            return day - timedelta(days=day.weekday() % DAYS_OF[self])
        months = MONTHS_OF[self]
        return date(day.year, (day.month - 1) // months * months + 1, 1)

    def after(self, start: date) -> date:
        if self in DAYS_OF:
            return start + timedelta(days=DAYS_OF[self])
        years, month = divmod(start.month - 1 + MONTHS_OF[self], 12)
        return date(start.year + years, month + 1, 1)

    def starts(self, first: date, last: date) -> Iterator[date]:
        start = self.start(first)
        while start <= last:
            yield start
            start = self.after(start)

    def fits(self, first: date, last: date) -> bool:
        starts = islice(self.starts(first, last), MOST_BARS + 1)
        return len(list(starts)) <= MOST_BARS

    def label(self, start: date) -> str:
        if self in DAYS_OF:
            return show_day(start)
        if self is Unit.YEAR:
            return show_day(start, f"{start:%Y}")
        last_month = self.after(start) - timedelta(days=1)
        label = show_day(last_month, f"{last_month:%Y-%m}")
        return label if self is Unit.MONTH else f"{format_date(start, 'F')} – {label}"

    @property
    def words(self) -> str:
        """What stands above the labels in the table."""
        return {
            Unit.DAY: gettext("Day"),
            Unit.WEEK: gettext("Week of"),
            Unit.MONTH: gettext("Month"),
            Unit.QUARTER: gettext("Quarter"),
            Unit.YEAR: gettext("Year"),
        }[self]

    def span(self, number: int) -> str:
        return {
            Unit.DAY: ngettext("%(number)s day", "%(number)s days", number),
            Unit.WEEK: ngettext("%(number)s week", "%(number)s weeks", number),
            Unit.MONTH: ngettext("%(number)s month", "%(number)s months", number),
            Unit.QUARTER: ngettext("%(number)s quarter", "%(number)s quarters", number),
            Unit.YEAR: ngettext("%(number)s year", "%(number)s years", number),
        }[self] % {"number": number}


DAYS_OF = {Unit.DAY: 1, Unit.WEEK: 7}
MONTHS_OF = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


@dataclass(frozen=True)
class Chart(Bars):
    unit: Unit
    last_day: date

    @property
    def last_label(self) -> str:
        """The day at the end of the line; a week begins before it."""
        is_week = self.unit is Unit.WEEK
        return show_day(self.last_day) if is_week else super().last_label

    @property
    def words(self) -> str:
        """214 signatures in 12 weeks, most in the week of 3 August 2026: 80."""
        total = sum(bar.count for bar in self.bars)
        signatures = ngettext("%(count)s signature", "%(count)s signatures", total)
        if self.unit is Unit.DAY:
            words = gettext("%(signatures)s in %(span)s, most on %(when)s: %(most)s.")
        elif self.unit is Unit.WEEK:
            words = gettext(
                "%(signatures)s in %(span)s, most in the week of %(when)s: %(most)s."
            )
        else:
            words = gettext("%(signatures)s in %(span)s, most in %(when)s: %(most)s.")
        return words % {
            "signatures": signatures % {"count": grouped(total)},
            "span": self.unit.span(len(self.bars)),
            "when": self.highest.label,
            "most": grouped(self.highest.count),
        }


def chart_of(days: Mapping[date, int], *, until: date) -> Chart | None:
    """The counts of days by the shortest unit that leaves room.

    Those without a signature are there too, from the first that has one to `until`.
    None where there is nothing to compare: no signature, or the first day.
    """
    days = {day: count for day, count in days.items() if count}
    if sum(days.values()) <= 0:
        return None
    first, last = min(days), max(until, *days)
    if first == last:
        return None
    unit = next((unit for unit in Unit if unit.fits(first, last)), Unit.YEAR)
    counts = dict.fromkeys(unit.starts(first, last), 0)
    for day, count in days.items():
        counts[unit.start(day)] += count
    bars = [Bar(unit.label(start), count) for start, count in counts.items()]
    return Chart(bars, unit, last)
