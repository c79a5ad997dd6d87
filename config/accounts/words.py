"""What is said to people about their log-in, in place of allauth's own words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ERRORS = {
    "email_password_mismatch": gettext_lazy("E-mail or password is not right."),
    "enter_current_password": gettext_lazy("This is not your password."),
    "incorrect_password": gettext_lazy("This is not your password."),
    "incorrect_code": gettext_lazy("This did not fit. Try again with a new code."),
    "invalid_password_reset": gettext_lazy("This link does not work any more."),
    "rate_limited": gettext_lazy("Wait a minute, then try again."),
}

# On the next page, by the template that allauth would take
MESSAGES: dict[str, str | Promise] = {
    "account/messages/logged_out.txt": gettext_lazy("You are logged out."),
    "account/messages/password_changed.txt": gettext_lazy("Your password is changed."),
    "mfa/messages/totp_activated.txt": gettext_lazy("The app is set up."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The app is removed."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy(
        "These are your recovery codes. Keep them where nobody else looks."
    ),
}

# By mail, likewise
CHANGES: dict[str, str | Promise] = {
    "account/email/password_changed": gettext_lazy("Your password was changed."),
    "account/email/password_reset": gettext_lazy(
        "Your password was changed with a link from a mail."
    ),
    "mfa/email/totp_activated": gettext_lazy("An app was set up as second factor."),
    "mfa/email/totp_deactivated": gettext_lazy("The app was removed as second factor."),
    "mfa/email/webauthn_added": gettext_lazy("A passkey was added."),
    "mfa/email/webauthn_removed": gettext_lazy("A passkey was removed."),
    "mfa/email/recovery_codes_generated": gettext_lazy(
        "New recovery codes were made. The old ones work no more."
    ),
}


def new_device(described: str) -> str:
    if not described:
        return _("Somebody has logged in with your account on a new device.")
    words = _("Somebody has logged in with your account on a new device: %(device)s.")
    return words % {"device": described}
