"""allauth's forms in our words, and with our throttles."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from django.utils.translation import gettext as _

from config.accounts import throttles
from petitions.models import Account


class InOurWords(forms.Form):
    """Says what each field is, above it and not inside it."""

    def call(self, name: str, label: str, help_text: str = "") -> None:
        field = self.fields[name]
        field.label, field.help_text = label, help_text
        field.widget.attrs.pop("placeholder", None)


class LogInForm(InOurWords, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call("login", _("E-mail"))
        self.call("password", _("Password"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class PasswordAgainForm(InOurWords, account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call("password", _("Password"))


class NewPasswordForm(InOurWords, account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call("oldpassword", _("Password until now"))
        self.call("password1", _("New password"), _rules())
        self.call("password2", _("New password once more"))


class PasswordByMailForm(InOurWords, account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call("password1", _("New password"), _rules())
        self.call("password2", _("New password once more"))


class ForgottenPasswordForm(InOurWords, account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call("email", _("E-mail"))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.users = list(Account.objects.filter(email=email, is_active=True))
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Mail a link, if there is such an account and it has not had several.

        Raises TooManyRequests when this network has asked too often.
        """
        email: str = self.cleaned_data["email"]
        if throttles.may_mail_reset(request, email):
            super().save(request, **kwargs)
        return email


class CodeForm(InOurWords, factor.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _call_code(self)

    def clean_code(self) -> str:
        return _checked(self, super().clean_code)


class CodeAgainForm(InOurWords, factor.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _call_code(self)

    def clean_code(self) -> str:
        return _checked(self, super().clean_code)


class FirstCodeForm(InOurWords, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call("code", _("Code that the app shows"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class PasskeyForm(InOurWords, AddWebAuthnForm):
    """Every one is made so that it can do without a password, if the device can."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.initial["name"] = ""
        self.call("name", _("Name of this passkey"), _("So that you know it again."))
        self.fields["name"].max_length = 100  # type: ignore[attr-defined]  # a text
        self.fields["name"].widget.attrs["maxlength"] = 100

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])[:100] or _("Passkey")


class PasskeyNameForm(InOurWords, EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call("name", _("Name of this passkey"))

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])[:100]


def _call_code(form: InOurWords) -> None:
    form.call("code", _("Code"), _("Of your app, or one of your recovery codes."))
    form.fields["code"].widget.attrs["inputmode"] = "numeric"


def _checked(form: Any, check: Any) -> str:
    """A code counts once, and there are few tries."""
    give_back = throttles.take_code_try(context.request, form.user.email)
    code: str = check()
    if not throttles.is_first_use(form.user.pk, code):
        raise get_adapter().validation_error("incorrect_code")
    give_back()
    return code


def _rules() -> str:
    return " ".join(password_validators_help_texts())
