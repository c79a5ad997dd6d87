"""What stands on the first page of the admin, above its list.

However much there is, it is asked in a few questions, and nothing is counted far.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from campaigns.models import (
    AmendmentMail,
    Answer,
    EndingMail,
    Heartbeat,
    Notice,
    PetitionReport,
    UpdateMail,
)
from campaigns.next_steps import Step, facts_of, next_step, with_facts
from campaigns.some import Some, ask_at_once
from petitions.models import Account, Petition, SigningPause
from signatures.models import LinkRequest, Sheet, Signature, SignatureMail
from signatures.outbox import OutboxMail, OutboxQuerySet

MOST_PETITIONS = 20
MOST_CLOSING = 5
CLOSING_WITHIN = timedelta(days=7)
WORKER_MISSED_AFTER = timedelta(minutes=3)
MAIL_LATE_AFTER = timedelta(minutes=5)

OUTBOXES: dict[type[OutboxMail], str | Promise] = {
    SignatureMail: _("Answers to signers"),
    LinkRequest: _("Links asked for"),
    Notice: _("To organizers and targets"),
    UpdateMail: _("Updates"),
    EndingMail: _("How petitions ended"),
    AmendmentMail: _("Words that changed"),
}


@dataclass(frozen=True)
class OwnPetition:
    petition: Petition
    step: Step


@dataclass(frozen=True)
class Outbox:
    """How the mail of one kind is: what waits, what failed, how late the first is."""

    label: str | Promise
    waiting: Some
    failed: Some
    due_at: datetime | None  # of the first that waits
    url: str

    @property
    def waits_for(self) -> timedelta:
        """How long the first has been due; one that is put off is not due."""
        late = timezone.now() - self.due_at if self.due_at else timedelta(0)
        return max(late, timedelta(0))

    @property
    def is_late(self) -> bool:
        return self.waits_for > MAIL_LATE_AFTER

    @property
    def age(self) -> str:
        if not self.due_at or self.waits_for < timedelta(minutes=1):
            return ""
        return timesince(self.due_at, depth=1)


@dataclass(frozen=True)
class Work:
    """What waits for staff. Only who runs the site sees mail and jobs."""

    found: dict[str, Any]  # numbers and moments
    outboxes: list[Outbox]
    closing: list[Petition]

    @property
    def petitions_age(self) -> str:
        since = self.found["oldest"]
        return timesince(since, depth=1) if since else ""

    @property
    def beat_age(self) -> str:
        beat_at = self.found.get("beat_at")
        return timesince(beat_at) if beat_at else ""

    @property
    def worker_is_missing(self) -> bool:
        beat_at = self.found.get("beat_at")
        return not beat_at or beat_at < timezone.now() - WORKER_MISSED_AFTER


def own_petitions(account: Account) -> list[OwnPetition]:
    """Those that the account runs, with what to do next; the last changed first."""
    petitions = Petition.objects.run_by(account).order_by("-changed_at", "-pk")
    now = timezone.now()
    return [
        OwnPetition(
            petition,
            next_step(petition, facts_of(petition), now=now, may_ask=account.runs_site),
        )
        for petition in with_facts(petitions)[:MOST_PETITIONS]
    ]


def waiting_for(account: Account) -> Work | None:
    """The work of who moderates; nothing for others."""
    if not account.moderates:
        return None
    runs_site = account.runs_site
    counts, firsts = _to_moderate(), _oldest_to_moderate()
    if runs_site:
        counts |= {"sheets": Sheet.objects.with_staff()}
        counts |= {"closing_count": _closing(), **_of_mail()}
        firsts |= {"beat_at": _beats(), **_first_of_mail()}
    found = ask_at_once(counts, firsts)
    closing = _closing().order_by("closes_at")[:MOST_CLOSING]
    return Work(
        found=found,
        outboxes=_outboxes(found) if runs_site else [],
        closing=list(closing) if found.get("closing_count") else [],
    )


def _to_moderate() -> dict[str, models.QuerySet[Any]]:
    reports = PetitionReport.objects.unsettled()
    reported = Petition.objects.public().filter(pk__in=reports.values("petition"))
    return {
        "petitions": Petition.objects.in_review(),
        "reported_petitions": reported,
        "reasons": Signature.objects.with_held_reason(),
        "reported": Signature.objects.with_reported_reason(),
        "pauses": SigningPause.objects.running(),
        "held": Signature.objects.held(),
        "answers": Answer.objects.to_check(),
    }


def _oldest_to_moderate() -> dict[str, models.QuerySet[Any, Any]]:
    since = Coalesce("submitted_at", "changed_at")
    in_review = Petition.objects.in_review().annotate(since=since)
    return {"oldest": in_review.order_by("since").values("since")}


def _closing() -> models.QuerySet[Petition]:
    soon = timezone.now() + CLOSING_WITHIN
    return Petition.objects.open().filter(closes_at__lte=soon)


def _beats() -> models.QuerySet[Any, Any]:
    return Heartbeat.objects.order_by("-beat_at").values("beat_at")


def _of_mail() -> dict[str, models.QuerySet[Any]]:
    waiting = {f"waiting {of.__name__}": _rows(of).waiting() for of in OUTBOXES}
    return waiting | {f"failed {of.__name__}": _rows(of).dead() for of in OUTBOXES}


def _first_of_mail() -> dict[str, models.QuerySet[Any, Any]]:
    return {
        f"first {of.__name__}": _rows(of).waiting().order_by("due_at").values("due_at")
        for of in OUTBOXES
    }


def _outboxes(found: dict[str, Any]) -> list[Outbox]:
    return [
        Outbox(
            label,
            found[f"waiting {of.__name__}"],
            found[f"failed {of.__name__}"],
            found[f"first {of.__name__}"],
            _list_of(of),
        )
        for of, label in OUTBOXES.items()
    ]


def _rows(outbox: type[OutboxMail]) -> OutboxQuerySet[Any]:
    return OutboxQuerySet(outbox)


def _list_of(outbox: type[OutboxMail]) -> str:
    """Where staff read them, if there is such a list."""
    name = f"admin:{outbox._meta.app_label}_{outbox._meta.model_name}_changelist"
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
