from allauth.account.apps import AccountConfig
from allauth.usersessions.apps import UserSessionsConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in
from django.core import checks

from config import brand


class UndersignedAdminConfig(AdminConfig):
    default_site = "config.admin.UndersignedAdminSite"

    def ready(self) -> None:
        super().ready()
        checks.register(brand.check)


class LogInConfig(AccountConfig):
    """allauth's, without its wish for a middleware on every page: see LogInFlows."""

    def ready(self) -> None:
        from allauth.account import checks as _checks  # noqa: F401  # registers them
        from allauth.mfa.signals import authenticator_added, authenticator_removed

        from config.accounts import second_factor, sessions

        user_logged_in.connect(sessions.begin)
        authenticator_added.connect(second_factor.note_added)
        authenticator_removed.connect(second_factor.note_removed)


class LogInSessionsConfig(UserSessionsConfig):
    """allauth's, but what is written down of a session is ours: no address."""

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset
        from allauth.account.signals import user_logged_in as logged_in

        from config.accounts import sessions

        logged_in.connect(sessions.write_down)
        password_changed.connect(sessions.write_down)
        password_changed.connect(sessions.end_others)
        password_reset.connect(sessions.end_others)
