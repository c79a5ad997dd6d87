from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from campaigns import overview
from petitions.models import Account
from signatures import limits


class UndersignedAdminSite(admin.AdminSite):
    """The admin for organizers and staff."""

    index_title = _("What would you like to do?")
    site_url = "/"
    enable_nav_sidebar = False

    site_title = settings.SITE_NAME
    site_header = settings.SITE_NAME

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST":
            limits.check_log_ins(request)
        return super().login(request, extra_context)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        account = request.user
        assert isinstance(account, Account)
        context = {
            **(extra_context or {}),
            "own_petitions": overview.own_petitions(account),
            "waiting": overview.waiting_for_staff() if account.runs_site else None,
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
