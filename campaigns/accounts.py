"""The people behind the site: what they may do, how they come in, mail to them.

Such mail goes out at once, beside the request: there is little of it, and who waits
for an answer must not learn from the clock whether there was somebody to write to.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from smtplib import SMTPException
from threading import Thread

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.models import Event, EventKind
from petitions.models import Account
from signatures.letters import Letter
from signatures.tokens import NO_KEY

logger = logging.getLogger(__name__)


class LastOwner(PermissionDenied):
    """Somebody must be left who can say who runs the site."""


def note_change(account: Account, *, by: Account, roles_before: Iterable[str]) -> None:
    """Write down what an account may do now, and end what it was doing.

    Call it inside the transaction that has changed the roles, or who may log in.
    Raises LastOwner, so that nothing of it happens.
    """
    list(Account.objects.owners().select_for_update(no_key=True).order_by("pk"))
    if not Account.objects.owners().exists():
        raise LastOwner
    roles = sorted(account.groups.values_list("name", flat=True))
    note = _roles_in_words(account, sorted(roles_before), roles)
    Event.objects.record(EventKind.ROLE_CHANGED, None, by=by, note=note)
    end_sessions(account)


def remove_factors(account: Account, *, by: Account) -> None:
    """Let somebody who has lost phone and codes set up a new second factor."""
    with transaction.atomic():
        Authenticator.objects.filter(user=account).delete()
        note = _account_in_words(account)
        Event.objects.record(EventKind.FACTOR_REMOVED, None, by=by, note=note)
        end_sessions(account)
    words = _("%(owner)s has removed your second factor. Log in to set up a new one.")
    tell(account, words % {"owner": by})


def has_factors(account: Account) -> bool:
    return bool(Authenticator.objects.filter(user=account).exists())


def end_sessions(account: Account) -> None:
    for session in UserSession.objects.filter(user=account):
        session.end()


def tell(account: Account, what: str | Promise) -> None:
    """Mail somebody what has happened to their account, in case it was not them."""
    url = settings.SITE_URL + reverse("mfa_index")
    mail(account, "account_changed", what=str(what), url=url)


def mail(account: Account, name: str, **context: object) -> None:
    """Send the words of templates/mail/<name>, while the request goes on."""
    language = get_language() or settings.LANGUAGE_CODE
    Thread(target=_send, args=(account, name, context, language)).start()


def _send(
    account: Account, name: str, context: dict[str, object], language: str
) -> None:
    try:
        Letter(name, context, language=language).to(account.email, NO_KEY).send()
    except (OSError, SMTPException) as failure:
        reason = type(failure).__name__
        # No more of it: a mail server's answer may name the address.
        logger.error("mail not sent: account=%s why=%s", account.pk, reason)  # noqa: TRY400  # see above


def _roles_in_words(account: Account, before: list[str], after: list[str]) -> str:
    old, new = (", ".join(roles) or "–" for roles in (before, after))
    state = "" if account.is_active else f" ({_('may not log in')})"
    return f"{_account_in_words(account)}: {old} → {new}{state}"


def _account_in_words(account: Account) -> str:
    """By its number: a note is kept for longer than an account may have this name."""
    return _("Account %(number)s") % {"number": account.pk}
