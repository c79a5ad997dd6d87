"""The pages of the log-in, by the names that allauth knows them by. No others exist."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import URLPattern, path, re_path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from config.accounts import views


def page(address: str, view: type[View], name: str, title: str | Promise) -> URLPattern:
    """One of allauth's, under our title."""
    return path(address, view.as_view(extra_context={"title": title}), name=name)


urlpatterns = [
    page("login/", account.LoginView, "account_login", _("Log in")),
    path("logout/", account.logout, name="account_logout"),
    page(
        "reauthenticate/",
        account.ReauthenticateView,
        "account_reauthenticate",
        _("Is it you?"),
    ),
    page(
        "password/change/",
        views.ChangePassword,
        "account_change_password",
        _("Change password"),
    ),
    page(
        "password/reset/",
        account.PasswordResetView,
        "account_reset_password",
        _("Password forgotten"),
    ),
    page(
        "password/reset/done/",
        account.PasswordResetDoneView,
        "account_reset_password_done",
        _("Look into your mail"),
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[\w-]+)/$",
        views.password_by_mail,
        name="account_reset_password_from_key",
    ),
    page("2fa/", factor.IndexView, "mfa_index", _("Security")),
    page(
        "2fa/authenticate/",
        factor.AuthenticateView,
        "mfa_authenticate",
        _("Second factor"),
    ),
    page(
        "2fa/reauthenticate/",
        factor.ReauthenticateView,
        "mfa_reauthenticate",
        _("Is it you?"),
    ),
    page(
        "2fa/totp/activate/",
        app.ActivateTOTPView,
        "mfa_activate_totp",
        _("Set up an app"),
    ),
    page(
        "2fa/totp/deactivate/",
        app.DeactivateTOTPView,
        "mfa_deactivate_totp",
        _("Remove the app"),
    ),
    page(
        "2fa/recovery-codes/",
        recovery_codes.ViewRecoveryCodesView,
        "mfa_view_recovery_codes",
        _("Recovery codes"),
    ),
    page(
        "2fa/recovery-codes/generate/",
        recovery_codes.GenerateRecoveryCodesView,
        "mfa_generate_recovery_codes",
        _("New recovery codes"),
    ),
    page("2fa/webauthn/", passkey.ListWebAuthnView, "mfa_list_webauthn", _("Passkeys")),
    page(
        "2fa/webauthn/add/",
        passkey.AddWebAuthnView,
        "mfa_add_webauthn",
        _("Add a passkey"),
    ),
    page(
        "2fa/webauthn/reauthenticate/",
        passkey.ReauthenticateWebAuthnView,
        "mfa_reauthenticate_webauthn",
        _("Is it you?"),
    ),
    page(
        "2fa/webauthn/login/", views.LogInByPasskey, "mfa_login_webauthn", _("Log in")
    ),
    page(
        "2fa/webauthn/keys/<int:pk>/remove/",
        passkey.RemoveWebAuthnView,
        "mfa_remove_webauthn",
        _("Remove a passkey"),
    ),
    page(
        "2fa/webauthn/keys/<int:pk>/edit/",
        passkey.EditWebAuthnView,
        "mfa_edit_webauthn",
        _("Rename a passkey"),
    ),
    path("sessions/", views.open_sessions, name="usersessions_list"),
]
