"""What organizers are told by mail when staff have decided about their petition."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import override

from campaigns.models import Notice, NoticeKind
from campaigns.notices import letter_to, written_by
from petitions.models import Petition, PetitionState


@written_by(NoticeKind.OPENED)
def opened(notice: Notice) -> EmailMessage | None:
    petition = _petition(notice)
    return _letter(notice, "petition_opened") if petition.is_open else None


@written_by(NoticeKind.CHANGES_ASKED)
def changes_asked(notice: Notice) -> EmailMessage | None:
    """Needless once it was sent for review again."""
    asked = _petition(notice).changes_asked
    return _letter(notice, "changes_asked") if asked else None


@written_by(NoticeKind.REJECTED)
def rejected(notice: Notice) -> EmailMessage | None:
    is_so = _petition(notice).state == PetitionState.REJECTED
    return _letter(notice, "petition_rejected") if is_so else None


@written_by(NoticeKind.HIDDEN)
def hidden(notice: Notice) -> EmailMessage | None:
    is_so = _petition(notice).state == PetitionState.HIDDEN
    return _letter(notice, "petition_hidden") if is_so else None


@written_by(NoticeKind.RESTORED)
def restored(notice: Notice) -> EmailMessage | None:
    """Of one that was hidden, or that was rejected and waits for a decision again."""
    petition = _petition(notice)
    if petition.state == PetitionState.REVIEW:
        return _letter(notice, "back_in_review")
    return _letter(notice, "petition_restored") if _was_hidden(notice) else None


def _was_hidden(notice: Notice) -> bool:
    """Else it has been opened since, and there is another mail about that."""
    petition, event = _petition(notice), notice.event
    opened_at = petition.opened_at if petition.is_public else None
    return bool(opened_at and event and opened_at < event.happened_at)


def _petition(notice: Notice) -> Petition:
    assert notice.petition is not None
    return notice.petition


def _letter(notice: Notice, name: str) -> EmailMessage | None:
    """In the petition's own language, for one who runs it still."""
    petition, account = _petition(notice), notice.account
    if account is None or not account.is_active:
        return None
    if not Petition.objects.run_by(account).contains(petition):
        return None
    with override(petition.language):
        overview = reverse("admin:petition_overview", args=[petition.pk])
        context = {
            "petition": petition,
            "petition_url": settings.SITE_URL + petition.get_absolute_url(),
            "overview_url": settings.SITE_URL + overview,
            "contact_email": settings.CONTACT_EMAIL,
        }
    return letter_to(account.email, name, context, petition.language)
