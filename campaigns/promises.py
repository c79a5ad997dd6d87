"""What was promised when a petition ended: asking on its day, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from campaigns.models import (
    Event,
    EventKind,
    Notice,
    NoticeKind,
    Promise,
    PromiseAnswer,
    Update,
    UpdateKind,
)
from campaigns.notices import letter_to, queue_to_organizers, written_by
from petitions.dates import show_day
from petitions.models import Account, Organizer, Petition, WrongState


def ask_organizers() -> int:
    """Ask who runs a petition whether what was promised by today was kept."""
    return sum(_ask(promise) for promise in Promise.objects.to_ask())


def answer(
    promise: Promise, *, by: Account, answer: PromiseAnswer, words: str
) -> Update:
    """Say whether it was kept, on the timeline too.

    Raises WrongState, and nothing has happened, if that was said before.
    """
    waiting = Promise.objects.unanswered().filter(pk=promise.pk)
    petition = promise.petition
    with transaction.atomic():
        if not waiting.update(answer=answer, answered_at=timezone.now()):
            raise WrongState
        update = _update(promise, answer, words)
        update.organizer = _face_of(by, petition)
        update.post(by=by, with_mail=False)
        note = f"{answer.label}: {words}"
        Event.objects.record(EventKind.PROMISE_ANSWERED, petition, by=by, note=note)
    return update


def _ask(promise: Promise) -> bool:
    """False if another worker is doing it."""
    with transaction.atomic():
        mine = Promise.objects.to_ask().filter(pk=promise.pk)
        if not mine.update(asked_at=timezone.now()):
            return False
        kind = NoticeKind.PROMISE_DUE
        queue_to_organizers(kind, promise.petition, promise=promise)
    return True


@written_by(NoticeKind.PROMISE_DUE)
def promise_due(notice: Notice) -> EmailMessage | None:
    """Needless once it is answered, and to who does not run the petition any more.

    Its day may have been corrected: then they are asked on the right one.
    """
    promise, account = notice.promise, notice.account
    if promise is None or account is None or promise.answer or not account.is_active:
        return None
    if promise.due_on > timezone.localdate():
        return None
    petition = promise.petition
    if not Petition.objects.public().run_by(account).contains(petition):
        return None
    with override(petition.language):
        page = reverse("admin:petition_promise", args=[petition.pk])
    context: dict[str, object] = {
        "petition": petition,
        "promise": promise,
        "promise_url": settings.SITE_URL + page,
    }
    return letter_to(account.email, "promise_due", context, petition.language)


def _update(promise: Promise, answer: PromiseAnswer, words: str) -> Update:
    """In the petition's own language, as all that organizers write about it."""
    petition = promise.petition
    with override(petition.language):
        title = {
            PromiseAnswer.KEPT: gettext("The promise was kept"),
            PromiseAnswer.PARTLY: gettext("The promise was kept in part"),
            PromiseAnswer.BROKEN: gettext("The promise was not kept"),
        }[answer]
        told = gettext("Promised by %(day)s: %(promise)s") % {
            "day": show_day(promise.due_on),
            "promise": promise.text,
        }
    return Update(
        petition=petition,
        kind=UpdateKind.OUTCOME,
        title=title,
        body=f"{told}\n\n{words}",
        language=petition.language,
    )


def _face_of(account: Account, petition: Petition) -> Organizer | None:
    """In whose name that account speaks about it: none of the organizers for staff."""
    return petition.organizers.filter(members=account).first()
