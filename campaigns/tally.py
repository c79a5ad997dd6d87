"""Turns the changes that confirming and withdrawing leave behind into counts."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db import connection, transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, Min, Q, Sum
from django.db.models.functions import TruncDate, TruncHour
from django.utils import timezone

from campaigns.models import (
    ChannelCount,
    DailyCount,
    Event,
    EventKind,
    HourlyCount,
    Milestone,
    PlaceCount,
)
from campaigns.models.figures import as_values
from petitions.models import Petition
from signatures.models import CountChange, Origin, Signature, Taken
from signatures.models.finding import SignatureQuerySet

logger = logging.getLogger(__name__)

IS_PAPER = ExpressionWrapper(Q(origin=Origin.PAPER), BooleanField())
# One fold at a time on PostgreSQL; on SQLite every transaction that writes is alone.
ADVISORY_LOCK = 8_014_411
MOST_CHANGES = 100_000  # at once: on SQLite, others who write wait for so long


def fold() -> int:
    """Add the waiting changes to the counts; say how many there were.

    One transaction removes them and adds what they come to: a change is counted
    once, or, if this process dies, still waits.
    """
    folded = 0
    while CountChange.objects.exists():
        with transaction.atomic():
            _lock()
            taken = CountChange.objects.take(MOST_CHANGES)
            _add(taken)
        folded += taken.number
    return folded


def recount() -> int:
    """Compare every count with the rows, mend what differs; say how many did.

    A difference is a bug: each is logged as a warning and leaves an event. Folding
    comes last, as a wrong count can be what it fails at.
    """
    wrong = 0
    for petition in Petition.objects.order_by("pk").iterator():
        with transaction.atomic():
            _lock()
            wrong += _mend(petition)
    fold()
    return wrong


def wrong_counts() -> list[str]:
    """The slugs of petitions whose count is not what the rows say; nothing is mended.

    Changes that still wait are neither missing nor too many.
    """
    return [
        petition.slug
        for petition in Petition.objects.order_by("slug").iterator()
        if (petition.signature_count, petition.paper_count)
        != _expected(petition).counts_of(petition)
    ]


def _lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def _add(taken: Taken) -> None:
    DailyCount.objects.add(taken.by_day)
    HourlyCount.objects.add(taken.by_hour)
    PlaceCount.objects.add(taken.by_country)
    ChannelCount.objects.add(taken.by_channel)
    Milestone.objects.follow(_add_to_petitions(taken))


def _add_to_petitions(taken: Taken) -> dict[int, tuple[int, int]]:
    """Move the counts of all in one statement; give those before and after."""
    totals: Mapping[int, int] = taken.by_petition
    moves = [(one, totals[one], taken.on_paper[one]) for one in sorted(totals)]
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    after: dict[int, int] = {}
    with connection.cursor() as cursor:
        for values, parameters in as_values(moves):
            cursor.execute(
                "UPDATE petitions_petition SET changed_at = %s, "  # noqa: S608  # no word of anybody's
                "signature_count = signature_count + moved.column2, "
                "paper_count = paper_count + moved.column3 "
                f"FROM ({values}) AS moved WHERE petitions_petition.id = moved.column1 "
                "RETURNING petitions_petition.id, signature_count",
                [now, *parameters],
            )
            after.update(cursor.fetchall())
    return {
        petition: (number - totals[petition], number)
        for petition, number in after.items()
    }


@dataclass
class Expected:
    """What the rows of one petition come to, less the changes still waiting."""

    by_day: Counter[date] = field(default_factory=Counter)
    by_country: Counter[str] = field(default_factory=Counter)
    on_paper: int = 0

    def counts_of(self, petition: Petition) -> tuple[int, int]:
        """Its count in all and, of that, on paper."""
        return petition.carried_over_count + self.by_day.total(), self.on_paper


def _mend(petition: Petition) -> bool:
    """Set the counts to what the rows say; False if they did already."""
    expected = _expected(petition)
    petition.refresh_from_db()
    before = petition.signature_count, petition.paper_count
    after = expected.counts_of(petition)
    differ = [
        before != after,
        DailyCount.objects.mend(petition, expected.by_day),
        PlaceCount.objects.mend(petition, expected.by_country),
        _mend_hours(petition, expected.by_day.total()),
    ]
    if not any(differ):
        return False
    count, on_paper = after
    Petition.objects.filter(pk=petition.pk).update(
        signature_count=count, paper_count=on_paper, changed_at=timezone.now()
    )
    Milestone.objects.follow({petition.pk: (before[0], count)})
    note = f"{before[0]} → {count}"
    Event.objects.record(EventKind.COUNT_MENDED, petition, by=None, note=note)
    logger.warning(
        "count mended: petition=%s before=%s after=%s", petition.pk, before[0], count
    )
    return True


def _expected(petition: Petition) -> Expected:
    """One statement, so that a signature confirmed meanwhile is seen with its change
    or not at all.
    """
    counted = (
        _counted(petition)
        .annotate(on=TruncDate("confirmed_at"), is_paper=IS_PAPER)
        .values_list("on", "country", "is_paper")
        .annotate(number=Count("pk"))
    )
    waiting = (
        CountChange.objects.filter(petition=petition)
        .values_list("day", "country", "is_paper")
        .annotate(number=-Sum("change"))
    )
    expected = Expected()
    for day, country, is_paper, number in counted.union(waiting, all=True):
        expected.by_day[day] += number
        expected.by_country[country] += number
        expected.on_paper += number if is_paper else 0
    return expected


def _mend_hours(petition: Petition, total: int) -> bool:
    """Make them anew where they do not come to the total; False if they do.

    They tell when the count moved, which the rows do not: of what was withdrawn since,
    nothing is left in them then. Where they begin after the days, nothing was wrong:
    those were counted before there were any.
    """
    hours = HourlyCount.objects.filter(petition=petition)
    kept = hours.aggregate(total=Sum("count"), first=Min("hour_at"))
    if (kept["total"] or 0) == total:
        return False
    HourlyCount.objects.mend(petition, _expected_hours(petition))
    if kept["first"] is None:
        return False
    days = DailyCount.objects.filter(petition=petition).exclude(count=0)
    return not days.filter(day__lt=timezone.localdate(kept["first"])).exists()


def _expected_hours(petition: Petition) -> Counter[datetime]:
    """One statement, for the reason that the other has."""
    by_hour = (
        _counted(petition)
        .annotate(hour=TruncHour("confirmed_at", tzinfo=UTC))
        .values_list("hour")
        .annotate(number=Count("pk"))
    )
    waiting = (
        CountChange.objects.filter(petition=petition)
        .annotate(hour=TruncHour("changed_at", tzinfo=UTC))
        .values_list("hour")
        .annotate(number=-Sum("change"))
    )
    expected: Counter[datetime] = Counter()
    for hour, number in by_hour.union(waiting, all=True):
        expected[hour] += number
    return expected


def _counted(petition: Petition) -> SignatureQuerySet:
    return Signature.objects.counted_one_by_one().for_petition(petition)
