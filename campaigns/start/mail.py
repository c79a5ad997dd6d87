"""The mails about a new petition.

The first carries no word of what was typed: whoever typed it may not be who reads it.
"""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.urls import reverse

from campaigns.models import Notice, NoticeKind
from campaigns.models.drafts import LINK_WORKS_FOR
from campaigns.notices import letter_to, written_by
from petitions.models import PetitionState
from signatures.addresses import address_key
from signatures.mail import not_me_url_for, page_url
from signatures.models import Suppression
from signatures.tokens import Purpose, make_token


@written_by(NoticeKind.START)
def confirm_start(notice: Notice) -> EmailMessage | None:
    """The link, for what stands in the draft now; nothing if it was changed since."""
    draft = notice.draft
    if draft is None or not draft.is_sent:
        return None
    key = address_key(draft.email)
    if Suppression.objects.filter(address_key=key).exists():
        return None
    token = make_token(draft.link_key, Purpose.START)
    language = draft.language
    context: dict[str, object] = {
        "url": page_url(lambda: reverse("start_confirm", args=[token]), language),
        "not_me_url": not_me_url_for(key, language),
        "days": LINK_WORKS_FOR.days,
    }
    return letter_to(draft.email, "start", context, language)


@written_by(NoticeKind.IN_REVIEW)
def in_review(notice: Notice) -> EmailMessage | None:
    """What happens next, and how to come in, to one who runs the petition."""
    petition, account = notice.petition, notice.account
    if petition is None or account is None or petition.state != PetitionState.REVIEW:
        return None
    language = petition.language
    context: dict[str, object] = {
        "petition": petition,
        "log_in_url": page_url(lambda: reverse("admin:index"), language),
        "password_url": page_url(lambda: reverse("account_reset_password"), language),
        "has_password": account.has_usable_password(),
    }
    return letter_to(account.email, "in_review", context, language)
