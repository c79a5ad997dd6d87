from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from petitions.models import Account


class ByAccount(AuthenticationBackend):
    """allauth's, but an account has one address: the one that stands on it.

    allauth keeps addresses in a table of its own too, where an old one might stay.
    """

    def _authenticate_by_email(self, email: str, password: str) -> Account | None:
        account = Account.objects.filter(email=email.lower()).first()
        checked: Account | None = self._check_password(account, password)
        return checked
