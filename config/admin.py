from typing import Any

from allauth.account.internal import flows
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from campaigns import overview
from config.accounts import second_factor
from petitions.models import Account


class UndersignedAdminSite(admin.AdminSite):
    """The admin for organizers and staff."""

    index_title = _("What would you like to do?")
    site_url = "/"
    enable_nav_sidebar = False

    site_title = settings.SITE_NAME
    site_header = settings.SITE_NAME

    def has_permission(self, request: HttpRequest) -> bool:
        account = request.user
        may_enter = account.is_active and account.is_staff
        return may_enter and second_factor.is_given(request)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to what is missing: a log-in, or a second factor."""
        account = request.user
        if account.is_authenticated and not account.is_staff:
            logout(request)
        elif account.is_authenticated and not second_factor.is_given(request):
            return redirect("mfa_index")
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            return redirect("account_login")
        return redirect_to_login(wanted, reverse("account_login"))

    def logout(  # type: ignore[override]  # a redirect does as well
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        flows.logout.logout(request)
        return redirect("account_login")

    def password_change(  # type: ignore[override]  # likewise
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        account = request.user
        assert isinstance(account, Account)
        context = {
            **(extra_context or {}),
            "own_petitions": overview.own_petitions(account),
            "work": overview.waiting_for(account),
        }
        return super().index(request, context)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """All of Django's, but for "view on site".

        That one redirects anybody in the admin to any row's address, and the
        slug of somebody else's draft is in it.
        """
        return [
            url
            for url in super().get_urls()
            if getattr(url, "name", "") != "view_on_site"
        ]
