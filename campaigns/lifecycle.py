"""What staff and organizers do to a petition, each act with its event.

Every function raises WrongState when the petition is not where this can be done,
and then nothing has happened.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from campaigns.models import (
    Amendment,
    Ending,
    EndingKind,
    Event,
    EventKind,
    NoticeKind,
    Promise,
)
from campaigns.notices import queue_to_organizers
from petitions.models import (
    Account,
    Outcome,
    Petition,
    RejectionCode,
    SigningPause,
    WrongState,
)
from petitions.pages import forget_kept_pages
from signatures.models import Signature


def submit(petition: Petition, *, by: Account) -> None:
    with transaction.atomic():
        petition.submit()
        Event.objects.record(EventKind.SUBMITTED, petition, by=by)


def take_back(petition: Petition, *, by: Account) -> None:
    with transaction.atomic():
        petition.take_back()
        Event.objects.record(EventKind.TAKEN_BACK, petition, by=by)


def open_petition(petition: Petition, *, by: Account) -> None:
    if petition.closes_at and petition.closes_at <= timezone.now():
        raise WrongState
    with transaction.atomic():
        petition.open(by=by)
        _tell_organizers(EventKind.OPENED, petition, by=by)


def ask_for_changes(petition: Petition, *, by: Account, words: str) -> None:
    """Give it back to its organizers, with what is to be changed before it can open."""
    with transaction.atomic():
        petition.ask_for_changes(words)
        _tell_organizers(EventKind.CHANGES_ASKED, petition, by=by, note=words)


def reject(
    petition: Petition,
    *,
    by: Account,
    reason: str,
    code: RejectionCode = RejectionCode.OTHER,
    in_public: bool = True,
) -> None:
    with transaction.atomic():
        petition.reject(reason=reason, code=code, in_public=in_public)
        _tell_organizers(EventKind.REJECTED, petition, by=by, note=reason)


def review_again(petition: Petition, *, by: Account, reason: str) -> None:
    """Put a rejected petition back among those that wait for a decision."""
    with transaction.atomic():
        petition.review_again()
        _tell_organizers(EventKind.RESTORED, petition, by=by, note=reason)


def revise(petition: Petition, *, by: Account, reason: str) -> None:
    """Make the edited words a new version; who signed before signed the old one."""
    with transaction.atomic():
        petition.revise(by=by, reason=reason)
        Event.objects.record(EventKind.EDITED, petition, by=by, note=reason)


def tell_signers(petition: Petition, *, by: Account) -> None:
    """Mail those who signed earlier words of the new ones, and how to leave."""
    with transaction.atomic():
        amendment = Amendment.objects.begin(petition)
        note = f"Version {amendment.version.number}"
        Event.objects.record(EventKind.SIGNERS_TOLD, petition, by=by, note=note)


def close(
    petition: Petition,
    *,
    by: Account | None,
    outcome: Outcome,
    reason: str,
    proof_url: str = "",
    promise: str = "",
    promised_by: date | None = None,
    with_mail: bool = False,
) -> None:
    """Stop the signing; a worker mails it to those who asked for updates."""
    with transaction.atomic():
        petition.close(outcome=outcome, reason=reason, proof_url=proof_url)
        Event.objects.record(EventKind.CLOSED, petition, by=by, note=reason)
        Ending.objects.record(EndingKind.CLOSED, petition, with_mail=with_mail)
        Promise.objects.record(petition, promise, due_on=promised_by)


def tell_outcome(
    petition: Petition,
    *,
    by: Account,
    outcome: Outcome,
    reason: str,
    proof_url: str = "",
    promise: str = "",
    promised_by: date | None = None,
) -> None:
    """Say of a closed petition what has come of it since."""
    with transaction.atomic():
        petition.tell_outcome(outcome, reason=reason, proof_url=proof_url)
        Event.objects.record(EventKind.EDITED, petition, by=by, note=reason)
        Promise.objects.record(petition, promise, due_on=promised_by)


def declare_victory(
    petition: Petition,
    *,
    by: Account,
    summary: str,
    story: str,
    outcome: Outcome = Outcome.WON,
    proof_url: str = "",
    promise: str = "",
    promised_by: date | None = None,
    with_mail: bool = False,
) -> None:
    """Tell how it was won; a worker mails it to those who asked for updates."""
    with transaction.atomic():
        petition.win(summary=summary, story=story, outcome=outcome, proof_url=proof_url)
        Event.objects.record(EventKind.WON, petition, by=by, note=summary)
        Ending.objects.record(EndingKind.WON, petition, with_mail=with_mail)
        Promise.objects.record(petition, promise, due_on=promised_by)


def hide(petition: Petition, *, by: Account, reason: str) -> None:
    """Take it out of view, its picture too, whose address others may know."""
    with transaction.atomic():
        petition.hide(reason=reason)
        if petition.picture:
            petition.picture.move()
        transaction.on_commit(forget_kept_pages, robust=True)
        _tell_organizers(EventKind.HIDDEN, petition, by=by, note=reason)


def restore(petition: Petition, *, by: Account, reason: str) -> None:
    with transaction.atomic():
        petition.restore()
        _tell_organizers(EventKind.RESTORED, petition, by=by, note=reason)


def _tell_organizers(
    kind: EventKind, petition: Petition, *, by: Account, note: str = ""
) -> None:
    """Write down what was decided, and a mail about it that is called the same."""
    event = Event.objects.record(kind, petition, by=by, note=note)
    queue_to_organizers(NoticeKind(kind.value), petition, event=event)


def close_overdue() -> int:
    """Close what is past its day, as of that moment, and mail it; say how many."""
    closed = 0
    for petition in Petition.objects.overdue():
        try:
            with transaction.atomic():
                overdue = Petition.objects.overdue().filter(pk=petition.pk)
                if not overdue.select_for_update(no_key=True).exists():
                    continue  # the deadline was put off this moment
                day = petition.closes_at
                petition.close(outcome=Outcome.OUT_OF_TIME, reason="", at=day)
                Event.objects.record(EventKind.CLOSED, petition, by=None)
                Ending.objects.record(EndingKind.CLOSED, petition, with_mail=True)
        except WrongState:  # another worker was first
            continue
        closed += 1
    return closed


def pause_signing(petition: Petition | None, *, by: Account, notice: str) -> None:
    """Take no signatures for now: for one petition or, without one, on the site."""
    with transaction.atomic():
        SigningPause.objects.begin(petition, by=by, notice=notice)
        Event.objects.record(EventKind.PAUSED, petition, by=by, note=notice)


def resume_signing(petition: Petition | None, *, by: Account) -> None:
    """A pause of the whole site goes on for a petition that is taken out of its own."""
    with transaction.atomic():
        SigningPause.objects.filter(petition=petition).end()
        Event.objects.record(EventKind.RESUMED, petition, by=by)


def release_reason(signature: Signature, *, by: Account) -> bool:
    """Let everybody read it, as it was read before; False if that may not be.

    It may be shown already, or have gone, or have been changed by its signer meanwhile.
    """
    with transaction.atomic():
        released = signature.release_reason()
        if released:
            _record(EventKind.REASON_RELEASED, signature, by=by)
    return released


def hide_reason(signature: Signature, *, by: Account) -> bool:
    """Let nobody but its signer read it, and take it out of pages kept for failures."""
    with transaction.atomic():
        hidden = signature.hide_reason()
        if hidden:
            transaction.on_commit(forget_kept_pages, robust=True)
            _record(EventKind.REASON_HIDDEN, signature, by=by)
    return hidden


def keep_reason(signature: Signature, *, by: Account) -> bool:
    """Answer those who have reported it: it stays."""
    with transaction.atomic():
        kept = signature.keep_reason()
        if kept:
            _record(EventKind.REASON_RELEASED, signature, by=by, note="kept")
    return kept


def release(signature: Signature, *, by: Account) -> bool:
    """Mail a held signature its link after all; False if that may not be (any more)."""
    with transaction.atomic():
        released = signature.release()
        if released:
            _record(EventKind.SIGNATURE_RELEASED, signature, by=by)
    return released


def exclude(signature: Signature, *, by: Account, reason: str) -> None:
    with transaction.atomic():
        if signature.exclude():
            _record(EventKind.EXCLUDED, signature, by=by, note=reason)


def count_again(signature: Signature, *, by: Account, reason: str) -> None:
    """Undo an exclusion. Raises IntegrityError if the address has signed anew."""
    with transaction.atomic():
        if signature.restore():
            _record(EventKind.COUNTED_AGAIN, signature, by=by, note=reason)


def erase(signature: Signature, *, by: Account, reason: str) -> None:
    """Delete it at once, as its signer has asked somebody of the staff to do."""
    with transaction.atomic():
        if signature.erase():
            _record(EventKind.ERASED, signature, by=by, note=reason)


def _record(
    kind: EventKind, signature: Signature, *, by: Account, note: str = ""
) -> None:
    """An event about one signature names it by its number, never by its signer."""
    named = f"Signature {signature.pk}"
    note = f"{named}: {note}" if note else named
    Event.objects.record(kind, signature.petition, by=by, note=note)
