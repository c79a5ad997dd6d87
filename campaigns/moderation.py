"""Deciding about petitions: which wait for it, who is looking, and what is decided.

A decision needs no claim, but none is made while somebody else's runs. Each raises
WrongState when the petition is not where this can be decided (any more).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.timesince import timesince

from campaigns import lifecycle
from campaigns.models import Claim, Event, EventKind, PetitionReport
from petitions.marks import mark
from petitions.models import (
    Account,
    Petition,
    PetitionState,
    RejectionCode,
    WrongState,
)
from petitions.models.states import PUBLIC, UNOPENED

MOST_LISTED = 50
MOST_REPORTS_READ = 2000


class ClaimedByAnother(Exception):
    """Somebody else is looking at the petition and has not let it go."""


class ReadAnew(Exception):
    """What was read has been changed since, so nothing is decided about it."""


def can_be_decided(petition: Petition) -> bool:
    return petition.state in (*UNOPENED, *PUBLIC)


def claim(petition: Petition, *, by: Account) -> None:
    """Say that one is looking at it, for a quarter of an hour; again, to go on."""
    if not can_be_decided(petition):
        raise WrongState
    if not Claim.objects.take(petition, by=by):
        raise ClaimedByAnother


def let_go(petition: Petition, *, by: Account) -> bool:
    return Claim.objects.let_go(petition, by=by)


def open_petition(petition: Petition, *, by: Account, read: str = "") -> None:
    """Make it public as it was read: `read` is `what_is_read` of that moment."""
    with _deciding(petition, by=by) as locked:
        if read and read != what_is_read(locked):
            raise ReadAnew
        lifecycle.open_petition(petition, by=by)


def ask_for_changes(petition: Petition, *, by: Account, words: str) -> None:
    with _deciding(petition, by=by):
        lifecycle.ask_for_changes(petition, by=by, words=words)


def reject(
    petition: Petition,
    *,
    by: Account,
    code: RejectionCode,
    reason: str,
    in_public: bool,
) -> None:
    with _deciding(petition, by=by):
        lifecycle.reject(petition, by=by, code=code, reason=reason, in_public=in_public)


def hide(petition: Petition, *, by: Account, reason: str) -> None:
    with _deciding(petition, by=by):
        lifecycle.hide(petition, by=by, reason=reason)
        PetitionReport.objects.of(petition).settle()


def settle_reports(petition: Petition, *, by: Account, last: int) -> None:
    """It stays as it is. What is reported after the last one that was read, waits."""
    with _deciding(petition, by=by):
        settled = PetitionReport.objects.of(petition).filter(pk__lte=last).settle()
        if not settled:
            raise WrongState
        note = f"{settled}"
        Event.objects.record(EventKind.REPORTS_SETTLED, petition, by=by, note=note)


@contextmanager
def _deciding(petition: Petition, *, by: Account) -> Iterator[Petition]:
    """Nobody else decides or edits meanwhile; afterwards nobody looks at it any more.

    Raises ClaimedByAnother, and then nothing has happened.
    """
    with transaction.atomic():
        locked = Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)
        if not Claim.objects.take(locked, by=by):
            raise ClaimedByAnother
        yield locked
        Claim.objects.let_go(locked, by=by)


def what_is_read(petition: Petition) -> str:
    """All that opening makes public, in short."""
    translations = petition.translations.order_by("language")
    return mark(
        petition.words(),
        petition.picture.name,
        petition.picture_alt,
        *((one.language, one.words()) for one in translations),
    )


@dataclass(frozen=True)
class Waiting:
    """A petition about which staff have to decide, and since when."""

    petition: Petition
    since: datetime
    claim: Claim | None = None
    causes: list[tuple[str, int]] = field(default_factory=list)  # of its reports

    @property
    def is_reported(self) -> bool:
        return bool(self.causes)

    @property
    def age(self) -> str:
        return timesince(self.since, depth=1)


def queue() -> list[Waiting]:
    """The oldest of those in review, and of those reported, in four questions."""
    reports = _reports()
    petitions = [*_in_review(), *_reported(list(reports))]
    claims = Claim.objects.running().filter(petition__in=petitions)
    by_petition = {one.petition_id: one for one in claims.select_related("by")}
    waiting = [
        Waiting(
            petition,
            _since(petition, reports.get(petition.pk, [])),
            by_petition.get(petition.pk),
            _causes(reports.get(petition.pk, [])),
        )
        for petition in petitions
    ]
    return sorted(waiting, key=lambda one: one.since)


def _in_review() -> list[Petition]:
    since = Coalesce("submitted_at", "changed_at")
    return list(Petition.objects.in_review().order_by(since, "pk")[:MOST_LISTED])


def _reports() -> dict[int, list[PetitionReport]]:
    """The oldest that nobody has looked at, by petition."""
    reports: dict[int, list[PetitionReport]] = {}
    unsettled = PetitionReport.objects.unsettled().filter(petition__state__in=PUBLIC)
    for report in unsettled.order_by("pk").defer("words")[:MOST_REPORTS_READ]:
        reports.setdefault(report.petition_id, []).append(report)
    return reports


def _reported(numbers: list[int]) -> list[Petition]:
    return list(Petition.objects.filter(pk__in=numbers[:MOST_LISTED]))


def _since(petition: Petition, reports: list[PetitionReport]) -> datetime:
    if petition.state == PetitionState.REVIEW or not reports:
        return petition.submitted_at or petition.changed_at
    return reports[0].reported_at


def _causes(reports: list[PetitionReport]) -> list[tuple[str, int]]:
    """How often each cause was given: the most frequent first."""
    return Counter(one.get_cause_display() for one in reports).most_common()
