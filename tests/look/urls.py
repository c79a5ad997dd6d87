"""The site's own addresses, the mail it sent, and one that goes wrong on request."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.dev_mail import dev_mail
from config.errors import error_page
from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as ours

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def go_wrong(request: HttpRequest, status: int) -> HttpResponse:
    return error_page(request, status=status)


urlpatterns = [
    *i18n_patterns(
        path("go-wrong/<int:status>/", go_wrong), prefix_default_language=False
    ),
    path("dev/mail/", dev_mail, name="dev_mail"),
    *ours,
]
