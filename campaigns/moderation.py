"""Deciding about petitions: which wait for it, who is looking, and what is decided.

A decision needs no claim, but none is made while somebody else's runs. Each raises
WrongState when the petition is not where this can be decided (any more). `read` is
`what_is_read` of when it was read: nothing is decided about other words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.timesince import timesince

from campaigns import lifecycle
from campaigns.models import (
    Claim,
    Event,
    EventKind,
    PetitionReport,
    PetitionReportCause,
)
from petitions.models import (
    Account,
    Petition,
    PetitionState,
    RejectionCode,
    WrongState,
)
from petitions.models.states import PUBLIC

MOST_LISTED = 50
IN_REVIEW = [PetitionState.REVIEW]


class ClaimedByAnother(Exception):
    """Somebody else is looking at the petition and has not let it go."""


class ReadAnew(Exception):
    """What was read has been changed since, so nothing is decided about it."""


def can_be_decided(petition: Petition) -> bool:
    """A draft cannot: nobody has asked for that yet, and it is still being written."""
    return petition.state in (*IN_REVIEW, *PUBLIC)


def claim(petition: Petition, *, by: Account) -> None:
    """Say that one is looking at it, for a quarter of an hour; again, to go on."""
    if not can_be_decided(petition):
        raise WrongState
    if not Claim.objects.take(petition, by=by):
        raise ClaimedByAnother


def let_go(petition: Petition, *, by: Account) -> bool:
    return Claim.objects.let_go(petition, by=by)


def open_petition(petition: Petition, *, by: Account, read: str = "") -> None:
    with _deciding(petition, IN_REVIEW, by=by, read=read):
        lifecycle.open_petition(petition, by=by)


def ask_for_changes(
    petition: Petition, *, by: Account, words: str, read: str = ""
) -> None:
    with _deciding(petition, IN_REVIEW, by=by, read=read):
        lifecycle.ask_for_changes(petition, by=by, words=words)


def reject(
    petition: Petition,
    *,
    by: Account,
    code: RejectionCode,
    reason: str,
    in_public: bool,
    read: str = "",
) -> None:
    """In public, its title and what it asks are shown: they have to be read, too."""
    with _deciding(petition, IN_REVIEW, by=by, read=read):
        lifecycle.reject(petition, by=by, code=code, reason=reason, in_public=in_public)


def hide(petition: Petition, *, by: Account, reason: str) -> None:
    """Whatever it says by now: it must not wait until somebody has read it anew."""
    with _deciding(petition, PUBLIC, by=by):
        lifecycle.hide(petition, by=by, reason=reason)
        PetitionReport.objects.of(petition).settle()


def settle_reports(petition: Petition, *, by: Account, last: int) -> None:
    """It stays as it is. What is reported after the last one that was read, waits."""
    with _deciding(petition, PUBLIC, by=by):
        settled = PetitionReport.objects.of(petition).filter(pk__lte=last).settle()
        if not settled:
            raise WrongState
        note = f"{settled}"
        Event.objects.record(EventKind.REPORTS_SETTLED, petition, by=by, note=note)


@contextmanager
def _deciding(
    petition: Petition, states: list[PetitionState], *, by: Account, read: str = ""
) -> Iterator[None]:
    """Nobody else decides or edits meanwhile; afterwards nobody looks at it any more.

    Raises ClaimedByAnother or ReadAnew, and then nothing has happened.
    """
    with transaction.atomic():
        rows = Petition.objects.with_card().select_for_update(no_key=True)
        locked = rows.get(pk=petition.pk)
        if not Claim.objects.take(locked, by=by):
            raise ClaimedByAnother
        if locked.state not in states:
            raise WrongState
        if read and read != what_is_read(locked):
            raise ReadAnew
        yield
        Claim.objects.let_go(locked, by=by)


def what_is_read(petition: Petition) -> str:
    """All of it, whom it asks and who runs it, in short: any edit makes it another."""
    return petition.card_mark


@dataclass(frozen=True)
class Waiting:
    """A petition about which staff have to decide, and since when."""

    petition: Petition
    since: datetime
    claim: Claim | None
    causes: list[tuple[str, int]]  # of its reports: the most frequent first

    @property
    def is_reported(self) -> bool:
        return self.petition.is_public

    @property
    def age(self) -> str:
        return timesince(self.since, depth=1)


def queue() -> list[Waiting]:
    """The oldest of those in review, and of those reported, in four questions."""
    since = {petition: petition.since for petition in [*_in_review(), *_reported()]}
    claims = Claim.objects.running().filter(petition__in=since).select_related("by")
    by_petition = {one.petition_id: one for one in claims}
    causes = _causes(list(since))
    waiting = [
        Waiting(petition, at, by_petition.get(petition.pk), causes[petition.pk])
        for petition, at in since.items()
    ]
    return sorted(waiting, key=lambda one: one.since)


def _in_review() -> models.QuerySet[Any]:
    since = Coalesce("submitted_at", "changed_at")
    in_review = Petition.objects.in_review().annotate(since=since)
    return in_review.order_by("since", "pk")[:MOST_LISTED]


def _reported() -> models.QuerySet[Any]:
    """Since the first report that nobody has looked at."""
    unsettled = PetitionReport.objects.unsettled()
    of_it = unsettled.filter(petition=OuterRef("pk")).order_by("pk")
    reported = Petition.objects.public().filter(pk__in=unsettled.values("petition"))
    first = reported.annotate(since=Subquery(of_it.values("reported_at")[:1]))
    return first.order_by("since", "pk")[:MOST_LISTED]


def _causes(petitions: list[Petition]) -> dict[int, list[tuple[str, int]]]:
    """How often each cause was given and not looked at, by petition."""
    unsettled = PetitionReport.objects.unsettled().filter(petition__in=petitions)
    counted = unsettled.values_list("petition", "cause").annotate(number=Count("pk"))
    causes: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for petition, cause, number in counted.order_by("-number", "cause"):
        causes[petition].append((str(PetitionReportCause(cause).label), number))
    return causes
