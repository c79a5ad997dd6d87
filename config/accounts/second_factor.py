"""Nobody is in the admin by a password alone.

Who has no second factor yet is led to set one up. Whether one was given is remembered
in the session, by allauth, with what else was proved there and when.
"""

from __future__ import annotations

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from config.accounts.sessions import end_other_sessions
from petitions.models import Account

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
BY_FACTOR = "mfa"


def is_given(request: HttpRequest) -> bool:
    """Whether this session has had what it needs; asks no database."""
    if not settings.SECOND_FACTOR:
        return True
    assert isinstance(request.user, Account)
    records = get_authentication_records(request, request.user)
    return any(one["method"] == BY_FACTOR for one in records)


def note_added(
    sender: object,
    request: HttpRequest,
    user: Account,
    authenticator: Authenticator,
    **_others: object,
) -> None:
    """Listens to allauth: who has set one up has just shown that it works."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, BY_FACTOR, type=authenticator.type)
        end_other_sessions(request, user)


def note_removed(
    sender: object, request: HttpRequest, user: Account, **_others: object
) -> None:
    """Listens to allauth: without any factor the admin closes at once."""
    end_other_sessions(request, user)
    if is_mfa_enabled(user, types=FACTORS):
        return
    records = get_authentication_records(request, user)
    kept = [one for one in records if one["method"] != BY_FACTOR]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept
