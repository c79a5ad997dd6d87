"""Exclusions in bulk: begun and stopped by staff, done by workers, told to all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from campaigns.models import Event, EventKind
from campaigns.some import MOST_COUNTED, Some
from petitions.models import Account, Petition
from signatures.models import (
    Exclusion,
    ExclusionCount,
    ExclusionState,
    Signature,
    SignatureState,
)

NUMBERS_AT_ONCE = 100_000
LONGEST_COUNT = 3  # seconds
ALARMING_SHARE = 100  # one of so many of a petition's signatures, in a day


@dataclass
class Preview:
    """What an exclusion would take off, counted so far and no further."""

    counted: Counter[int] = field(default_factory=Counter)  # of each petition
    pending: Counter[int] = field(default_factory=Counter)
    is_all: bool = True

    @property
    def counted_in_all(self) -> Some:
        return Some(self.counted.total(), is_all=self.is_all)

    @property
    def pending_in_all(self) -> Some:
        return Some(self.pending.total(), is_all=self.is_all)

    def alarming(self) -> list[Petition]:
        """Petitions that would lose more on this day than should go unnoticed."""
        petitions = Petition.objects.in_bulk(self.counted).values()
        return [one for one in petitions if _is_alarming(one, self.counted[one.pk])]


def preview(exclusion: Exclusion) -> Preview:
    """Count what matches, the newest first, up to a bound and a time."""
    found = Preview()
    end_at = time.monotonic() + LONGEST_COUNT
    for numbers in _stretches_of_numbers():
        rows = exclusion.matching().filter(numbers).order_by()
        for petition, state, number in rows.values_list("petition", "state").annotate(
            number=Count("pk")
        ):
            is_counted = state == SignatureState.CONFIRMED
            (found.counted if is_counted else found.pending)[petition] += number
        so_far = found.counted.total() + found.pending.total()
        if so_far > MOST_COUNTED or time.monotonic() > end_at:
            found.is_all = False
            break
    return found


def begin(exclusion: Exclusion, *, by: Account) -> None:
    """Have a worker take off all that matches."""
    exclusion.made_by = by
    with transaction.atomic():
        exclusion.save()
        note = f"begun: {exclusion.reason}"
        _record(EventKind.EXCLUDED_IN_BULK, exclusion, by=by, note=note)


def stop(exclusion: Exclusion, *, by: Account, reason: str) -> None:
    with transaction.atomic():
        exclusion.stop()
        note = f"stopped at {_numbers_of(exclusion)}: {reason}"
        _record(EventKind.EXCLUSION_STOPPED, exclusion, by=by, note=note)


def go_on(exclusion: Exclusion, *, by: Account) -> None:
    with transaction.atomic():
        exclusion.go_on()
        note = "goes on"
        _record(EventKind.EXCLUDED_IN_BULK, exclusion, by=by, note=note)


def undo(exclusion: Exclusion, *, by: Account, reason: str) -> None:
    with transaction.atomic():
        exclusion.undo()
        note = f"to be undone, {_numbers_of(exclusion)}: {reason}"
        _record(EventKind.EXCLUSION_UNDONE, exclusion, by=by, note=note)


def exclude_chosen(
    signatures: list[Signature], *, by: Account, reason: str
) -> Exclusion | None:
    """Take out pending ones that staff have chosen; None if none was pending."""
    with transaction.atomic():
        exclusion = Exclusion.objects.of_chosen(signatures, by=by, reason=reason)
        if exclusion:
            note = f"{_numbers_of(exclusion)}, chosen one by one: {reason}"
            _record(EventKind.EXCLUDED_IN_BULK, exclusion, by=by, note=note)
    return exclusion


def work() -> int:
    """Do one batch of what is to be done; 0 if there is nothing that nobody does."""
    if not Exclusion.objects.at_work().exists():
        return 0
    with transaction.atomic():
        exclusion = Exclusion.objects.claim()
        if exclusion is None:
            return 0
        if exclusion.step():
            _record_end(exclusion)
    return 1


@dataclass(frozen=True)
class Removal:
    """That signatures of a petition were taken off on a day."""

    at: datetime
    number: int


def removals(counts: Iterable[ExclusionCount]) -> list[Removal]:
    """One for each day, however many exclusions it took."""
    by_day: dict[object, Removal] = {}
    for count in sorted(counts, key=lambda one: one.exclusion.made_at):
        at = count.exclusion.made_at
        day = timezone.localdate(at)
        so_far = by_day[day].number if day in by_day else 0
        by_day[day] = Removal(at, so_far + count.counted)
    return list(by_day.values())


def _record_end(exclusion: Exclusion) -> None:
    """Say of each petition what it has come to, and whether that is much."""
    undone = exclusion.state == ExclusionState.UNDONE
    kind = EventKind.EXCLUSION_UNDONE if undone else EventKind.EXCLUDED_IN_BULK
    if undone or not exclusion.counts.exists():
        words = "undone, still out" if undone else "done"
        note = f"{words}: {_numbers_of(exclusion)}"
        _record(kind, exclusion, by=None, note=note)
        return
    for count in exclusion.counts.select_related("petition"):
        note = f"done: {count.counted} counted, {count.pending} pending"
        if _is_alarming(count.petition):
            note += f"; more than 1/{ALARMING_SHARE} of its signatures in a day"
        _record(kind, exclusion, by=None, note=note, petition=count.petition)


def _record(
    kind: EventKind,
    exclusion: Exclusion,
    *,
    by: Account | None,
    note: str,
    petition: Petition | None = None,
) -> None:
    """An event names an exclusion by its number, never by an address."""
    note = f"Exclusion {exclusion.pk} {note}"
    Event.objects.record(kind, petition or exclusion.petition, by=by, note=note)


def _numbers_of(exclusion: Exclusion) -> str:
    sums = exclusion.counts.aggregate(counted=Sum("counted"), pending=Sum("pending"))
    return f"{sums['counted'] or 0} counted, {sums['pending'] or 0} pending"


def _is_alarming(petition: Petition, more: int = 0) -> bool:
    """Whether what is excluded on this day is a share that people should hear of."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    of_today = ExclusionCount.objects.filter(
        petition=petition, exclusion__made_at__gte=today
    ).exclude(exclusion__state=ExclusionState.UNDONE)
    in_bulk = of_today.aggregate(sum=Sum("counted"))["sum"] or 0
    singly = Event.objects.filter(
        petition=petition, kind=EventKind.EXCLUDED, happened_at__gte=today
    ).count()
    excluded = in_bulk + singly + more
    return excluded * ALARMING_SHARE > petition.signature_count > 0


def _stretches_of_numbers() -> Iterator[Q]:
    """All numbers of signatures, from the newest: each an index answers at once."""
    last = Signature.objects.aggregate(last=Max("pk"))["last"] or 0
    while last > 0:
        yield Q(pk__gt=last - NUMBERS_AT_ONCE, pk__lte=last)
        last -= NUMBERS_AT_ONCE
