"""Where allauth asks us how things are done here."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe

from campaigns import accounts
from config.accounts import devices, throttles, words
from config.accounts.sessions import NO_ADDRESS
from petitions import qr
from petitions.models import Account

ASKED_AGAIN_AFTER = 300  # seconds


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {**DefaultAccountAdapter.error_messages, **words.ERRORS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Whose password this is, or None with one answer to all that is wrong.

        Raises TooManyRequests, whether there is such an account or not.
        """
        email = credentials.get("email", "")
        give_back = throttles.take_password_try(request, email)
        account = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if not isinstance(account, Account) or not account.is_staff:
            return None
        give_back()
        return account

    def reauthenticate(self, user: Account, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found == user

    def pre_login(
        self, request: HttpRequest, user: Account, **kwargs: Any
    ) -> HttpResponse | None:
        """Passkeys come this way without a password: who may not come in is told so."""
        if user.is_active and user.is_staff:
            return None
        messages.error(request, self.error_messages["email_password_mismatch"])
        return redirect("account_login")

    def post_login(
        self, request: HttpRequest, user: Account, **kwargs: Any
    ) -> HttpResponse:
        """Go on; the device is known from now on, and a new one is no secret."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        device = devices.device_of(request)
        if not device.knows(user.email):
            accounts.tell(user, words.new_device(devices.described(request)))
        devices.remember(device.with_account(user.email), response)
        return response

    def is_safe_url(self, url: str) -> bool:
        """Only to pages of this site, named without it."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just logged in is not asked again at once."""
        request = context.request
        records = get_authentication_records(request, request.user)
        latest = max((one["at"] for one in records), default=0)
        return bool(time.time() - latest > ASKED_AGAIN_AFTER)

    def get_client_ip(self, request: HttpRequest) -> str:
        return NO_ADDRESS

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """By the site's own name: what a request calls the site goes into no mail."""
        number, _dash, secret = key.partition("-")
        address = reverse("account_reset_password_from_key", args=[number, secret])
        return settings.SITE_URL + address

    def send_password_reset_mail(
        self, user: Account, email: str, context: dict[str, Any]
    ) -> None:
        accounts.mail(user, "password_reset", url=context["password_reset_url"])

    def send_notification_mail(
        self, template_prefix: str, user: Account, *args: Any, **kwargs: Any
    ) -> None:
        accounts.tell(user, words.CHANGES[template_prefix])

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        raise NotImplementedError(template_prefix)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = message or words.MESSAGES.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags)


class FactorAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, **words.ERRORS}

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def build_totp_svg(self, url: str) -> SafeString:
        """Drawn each time: what is kept in memory is no place for secrets."""
        return mark_safe(qr.drawn(url))  # noqa: S308  # numbers alone

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the site's own name, whatever a request calls it."""
        host = urlsplit(settings.SITE_URL).hostname or ""
        return {"id": host, "name": settings.SITE_NAME}

    def encrypt(self, text: str) -> str:
        """What a stolen copy of the database must not open."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Where SECRET_KEY has changed: a new secret, which no code fits."""
        try:
            return _keys().decrypt(encrypted_text).decode()
        except InvalidToken:
            return str(generate_totp_secret())


def _keys() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"factors:{one}".encode()).digest() for one in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in digests])
