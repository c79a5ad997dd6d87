"""Pages of the log-in that are not allauth's, or not quite."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.forms import UserTokenForm
from allauth.account.internal.flows.password_reset import finalize_password_reset
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from config.accounts import devices, sessions
from config.accounts.forms import PasswordByMailForm
from config.errors import error_page
from petitions.admin import account_of
from petitions.models import Account
from signatures import limits


class ChangePassword(views.PasswordChangeView):
    """Who came by a passkey alone may have no password yet: a mail gives one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = request.user
        if isinstance(account, Account) and not account.has_usable_password():
            return redirect("account_reset_password")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class LogInByPasskey(LoginWebAuthnView):
    """There is nothing to guess: only the network is counted."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.check_log_ins(request)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


def password_by_mail(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """Take a new password from whom a link was mailed to; then they log in with it.

    allauth would keep the key in the session and redirect. A browser that comes from
    the page of a mail program has no session there, as the cookie is a strict one.
    """
    link = UserTokenForm({"uidb36": uidb36, "key": key})
    if not link.is_valid():
        context = {"title": _("This link does not work")}
        return render(request, "account/link_expired.html", context, status=404)
    account = link.reset_user
    form = PasswordByMailForm(request.POST or None, user=account, temp_key=key)
    if form.is_valid():
        form.save()
        finalize_password_reset(request, account)
        response = redirect("account_login")
        devices.remember(
            devices.device_of(request).with_account(account.email), response
        )
        return response
    context = {"title": _("New password"), "form": form}
    return render(request, "account/password_by_mail.html", context)


@login_required
def open_sessions(request: HttpRequest) -> HttpResponse:
    """Where this account is logged in; each of these can be ended."""
    number = request.POST.get("session", "")
    if "others" in request.POST:
        sessions.end_other_sessions(request, account_of(request))
        return redirect("usersessions_list")
    if number.isdecimal() and len(number) < 19:
        sessions.end_session(request, int(number))
        return redirect("usersessions_list")
    context = {"title": _("Sessions"), "sessions": sessions.open_sessions(request)}
    return render(request, "usersessions/open_sessions.html", context)


def too_many(request: HttpRequest) -> HttpResponse:
    """For the two limits that are left to allauth."""
    page = error_page(request, status=429)
    page["Retry-After"] = "60"
    return page
