import re
from collections.abc import Awaitable, Callable

from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

GetResponse = Callable[[HttpRequest], HttpResponse]

# In any language.
ADMIN = re.compile(r"/([\w-]+/)?admin/")


class OnlyForAdmin(MiddlewareMixin):
    """What serves people who are logged in is run for the admin's pages alone.

    Nobody is logged in elsewhere, so that whoever signs need not pay for it.
    """

    def __call__(
        self, request: HttpRequest
    ) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if ADMIN.match(request.path_info):
            return super().__call__(request)
        return self.get_response(request)


class Sessions(OnlyForAdmin, SessionMiddleware):
    pass


class Accounts(OnlyForAdmin, AuthenticationMiddleware):
    pass


class Messages(OnlyForAdmin, MessageMiddleware):
    pass


def content_policy(get_response: GetResponse) -> GetResponse:
    """Say what our pages may load.

    It is the same for all of them, so its words are put together once: django-csp's own
    middleware does that anew for each answer.
    """
    policy = build_policy()

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_djangos_own = settings.DEBUG and response.status_code in (404, 500)
        if not is_djangos_own:  # that page for developers brings styles of its own
            response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def language_from_path(get_response: GetResponse) -> GetResponse:
    """Speak the language that the address names, and ask nothing else.

    Django's own middleware looks at cookies and headers too, so that one address
    has several contents and no cache can keep it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info)
        language = language or settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def isolation_headers(get_response: GetResponse) -> GetResponse:
    """Keep other sites from embedding our answers, and our pages from devices."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "HEAD" and not response.streaming:
            response.content = b""  # the server would warn of a body for each
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        )
        return response

    return middleware
