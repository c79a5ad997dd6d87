"""How a petition ended was told wrongly: it is put right, and the timeline says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext, override

from campaigns.models import Event, EventKind, Promise, Update, UpdateKind
from petitions.models import Account, Outcome, Petition

Promises = dict[Promise, tuple[str, date]]  # what each says now, and by when


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
    corrected, and why. What was wrong may harm somebody, so it is not said again.
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
        _update(petition, why, before).post(by=by, with_mail=False)


def _update(petition: Petition, why: str, before: str) -> Update:
    """In the petition's own language, as all that is written about it."""
    with override(petition.language):
        title = gettext("Corrected: how it ended")
        paragraphs = [why]
        if before and before != petition.outcome:
            told = gettext("It said: %(before)s. It says now: %(now)s.")
            now = petition.get_outcome_display()
            labels = {"before": Outcome(before).label, "now": now}
            paragraphs.append(told % labels)
    return Update(
        petition=petition,
        kind=UpdateKind.OUTCOME,
        title=title,
        body="\n\n".join(paragraphs),
        language=petition.language,
    )
