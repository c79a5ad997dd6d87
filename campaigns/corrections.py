"""How a petition ended was told wrongly: it is put right, and the timeline says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.db import transaction
from django.utils.translation import gettext, override

from campaigns.models import (
    Event,
    EventKind,
    Promise,
    PromiseAnswer,
    Update,
    UpdateKind,
)
from petitions.models import Account, Outcome, Petition

# What each says now, by when, and whether it was kept: None where nobody had said it.
Promises = dict[Promise, tuple[str, date, str | None]]


def correct(
    petition: Petition,
    *,
    by: Account,
    why: str,
    promises: Promises,
    promise: str = "",
    promised_by: date | None = None,
    **told: object,
) -> None:
    """Tell anew of one that has ended what its closing or its victory was told with.

    Staff find in the event what it says now, everybody on the timeline that it was
    corrected, and why. What was wrong may harm somebody, so it is not said again, but
    for the few words that are the site's own: how it ended, and whether a promise was
    kept.
    """
    before = petition.outcome
    tell: Callable[..., None] = petition.tell_outcome
    if petition.is_won:
        tell = petition.tell_victory_anew
    with transaction.atomic():
        tell(**told)
        for corrected, words in promises.items():
            corrected.correct(*words)
        Promise.objects.record(petition, promise, due_on=promised_by)
        note = f"{why} → {petition.words_of_ending}"
        Event.objects.record(EventKind.EDITED, petition, by=by, note=note)
        _update(petition, why, before, promises).post(by=by, with_mail=False)


def _update(petition: Petition, why: str, before: str, promises: Promises) -> Update:
    """In the petition's own language, as all that is written about it."""
    with override(petition.language):
        return Update(
            petition=petition,
            kind=UpdateKind.OUTCOME,
            title=gettext("Corrected: how it ended"),
            body="\n\n".join([why, *_changes(petition, before, promises)]),
            language=petition.language,
        )


def _changes(petition: Petition, before: str, promises: Promises) -> Iterator[str]:
    if before and before != petition.outcome:
        yield _change(str(Outcome(before).label), petition.get_outcome_display())
    for promise, (text, _day, answer) in promises.items():
        if answer is not None and answer != promise.answer:
            now = PromiseAnswer(answer).label if answer else gettext("Not known yet")
            yield f"{text}\n{_change(promise.get_answer_display(), str(now))}"


def _change(before: str, now: str) -> str:
    words = gettext("It said: %(before)s. It says now: %(now)s.")
    return words % {"before": before, "now": now}
