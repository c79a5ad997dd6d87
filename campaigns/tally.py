"""Turns the changes that confirming and withdrawing leave behind into counts."""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from campaigns.models import (
    ChannelCount,
    DailyCount,
    Event,
    EventKind,
    Milestone,
    PlaceCount,
)
from campaigns.models.figures import as_values
from petitions.models import Petition
from signatures.models import CountChange, Signature, Taken

logger = logging.getLogger(__name__)

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

    A difference is a bug: each is logged as a warning and leaves an event.
    """
    fold()
    wrong = 0
    for petition in Petition.objects.order_by("pk").iterator():
        with transaction.atomic():
            _lock()
            wrong += _mend(petition)
    return wrong


def wrong_counts() -> list[str]:
    """The slugs of petitions whose count is not what the rows say; nothing is mended.

    Changes that still wait are neither missing nor too many.
    """
    return [
        petition.slug
        for petition in Petition.objects.order_by("slug").iterator()
        if petition.signature_count
        != petition.carried_over_count
        + sum(number for *_of, number in _rows_that_should_be_folded(petition))
    ]


def _lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def _add(taken: Taken) -> None:
    DailyCount.objects.add(taken.by_day)
    PlaceCount.objects.add(taken.by_country)
    ChannelCount.objects.add(taken.by_channel)
    Milestone.objects.follow(_add_to_petitions(taken.by_petition))


def _add_to_petitions(totals: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Move the counts of all in one statement; give those before and after."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    after: dict[int, int] = {}
    with connection.cursor() as cursor:
        for values, parameters in as_values(sorted(totals.items())):
            cursor.execute(
                "UPDATE petitions_petition SET changed_at = %s, "  # noqa: S608  # no word of anybody's
                "signature_count = signature_count + moved.column2 "
                f"FROM ({values}) AS moved WHERE petitions_petition.id = moved.column1 "
                "RETURNING petitions_petition.id, signature_count",
                [now, *parameters],
            )
            after.update(cursor.fetchall())
    return {
        petition: (number - totals[petition], number)
        for petition, number in after.items()
    }


def _mend(petition: Petition) -> bool:
    """Set the counts to what the rows say; False if they did already."""
    rows = _rows_that_should_be_folded(petition)
    by_day: Counter[date] = Counter()
    by_country: Counter[str] = Counter()
    for day, country, number in rows:
        by_day[day] += number
        by_country[country] += number
    petition.refresh_from_db()
    before = petition.signature_count
    after = petition.carried_over_count + by_day.total()
    days_differ = DailyCount.objects.mend(petition, by_day)
    countries_differ = PlaceCount.objects.mend(petition, by_country)
    if before == after and not days_differ and not countries_differ:
        return False
    Petition.objects.filter(pk=petition.pk).update(
        signature_count=after, changed_at=timezone.now()
    )
    Milestone.objects.follow({petition.pk: (before, after)})
    note = f"{before} → {after}"
    Event.objects.record(EventKind.COUNT_MENDED, petition, by=None, note=note)
    logger.warning(
        "count mended: petition=%s before=%s after=%s", petition.pk, before, after
    )
    return True


def _rows_that_should_be_folded(petition: Petition) -> list[tuple[date, str, int]]:
    """Day, country and number of the counted rows, less the changes still waiting.

    One statement, so that a signature confirmed meanwhile is seen with its change
    or not at all.
    """
    counted = (
        Signature.objects.counted_one_by_one()
        .for_petition(petition)
        .annotate(on=TruncDate("confirmed_at"))
        .values_list("on", "country")
        .annotate(number=Count("pk"))
    )
    waiting = (
        CountChange.objects.filter(petition=petition)
        .values_list("day", "country")
        .annotate(number=-Sum("change"))
    )
    return list(counted.union(waiting, all=True))
