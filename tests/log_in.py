"""Second factors, for who logs in here."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as BY_WHOM,
)
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY as METHODS,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from petitions.models import Account
from tests.makers import PASSWORD
from tests.races.processes import wait_until

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def let_in(client: Client, account: Account) -> Client:
    """Past the log-in page, with a second factor."""
    assert client.login(username=account.email, password=PASSWORD)
    give_second_factor(client, account)
    return client


def give_second_factor(client: Client, account: Account) -> None:
    """As if it had been set up, and given when the client logged in."""
    set_up_app(account)
    session = client.session
    session[METHODS] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session[BY_WHOM] = str(account.pk)
    session.save()


def set_up_app(account: Account) -> None:
    Authenticator.objects.get_or_create(
        user=account,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": get_adapter().encrypt(SECRET)}},
    )


def code_of_app(secret: str = SECRET, *, periods_later: int = 0) -> str:
    """What the app shows at this moment."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods_later))


def log_in(client: Client, account: Account, password: str = PASSWORD) -> HttpResponse:
    """Through the form; with its second factor, if the account has one."""
    words = {"login": account.email, "password": password}
    response = client.post("/accounts/login/", words)
    if response.status_code == 302 and "authenticate" in response["Location"]:
        code = {"code": code_of_app()}
        response = client.post(response["Location"], code)
    return response


def mails_to(account: Account, number: int) -> list[EmailMessage]:
    """They leave beside the request: wait until there are so many."""
    wait_until(lambda: len(_mails(account)) >= number, what=f"{number} mails")
    return _mails(account)


def _mails(account: Account) -> list[EmailMessage]:
    return [one for one in mail.outbox if one.to == [account.email]]
