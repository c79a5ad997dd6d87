"""Turns the changes that confirming and withdrawing leave behind into counts."""

import logging
from collections import Counter
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import Now, TruncDate

from campaigns.models import (
    ChannelCount,
    DailyCount,
    Event,
    EventKind,
    Milestone,
    PlaceCount,
)
from petitions.models import Petition
from signatures.models import CountChange, FoldedChange, Signature

logger = logging.getLogger(__name__)

# One fold at a time on PostgreSQL; on SQLite every transaction that writes is alone.
ADVISORY_LOCK = 8_014_411
MOST_CHANGES = 10_000


def fold() -> int:
    """Add the waiting changes to the counts; say how many there were.

    One transaction removes them and adds what they come to: a change is counted
    once, or, if this process dies, still waits.
    """
    folded = 0
    while CountChange.objects.exists():
        with transaction.atomic():
            _lock()
            taken, changes = CountChange.objects.take(MOST_CHANGES)
            _add(changes)
        folded += taken
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


def _lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def _add(changes: list[FoldedChange]) -> None:
    totals: Counter[int] = Counter()
    by_day: Counter[tuple[int, date]] = Counter()
    by_country: Counter[tuple[int, str]] = Counter()
    by_channel: Counter[tuple[int, str]] = Counter()
    for change in changes:
        totals[change.petition_id] += change.total
        by_day[change.petition_id, change.day] += change.total
        by_country[change.petition_id, change.country] += change.total
        if change.via:
            by_channel[change.petition_id, change.via] += change.total
    DailyCount.objects.add(by_day)
    PlaceCount.objects.add(by_country)
    ChannelCount.objects.add(by_channel)
    for petition_id, total in totals.items():
        _add_to_petition(petition_id, total)


def _add_to_petition(petition_id: int, total: int) -> None:
    Petition.objects.filter(pk=petition_id).update(
        signature_count=F("signature_count") + total, changed_at=Now()
    )
    petition = Petition.objects.get(pk=petition_id)
    after = petition.signature_count
    Milestone.objects.follow(petition, before=after - total, after=after)


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
    Petition.objects.filter(pk=petition.pk).update(signature_count=after)
    Milestone.objects.follow(petition, before=before, after=after)
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
