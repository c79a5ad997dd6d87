import re
from collections.abc import Awaitable, Callable

from allauth.account.middleware import AccountMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.deprecation import MiddlewareMixin

from config import permissions
from config.logs import SECRET

GetResponse = Callable[[HttpRequest], HttpResponse]

# Where people are logged in, or on their way: in any language, and not where a petition
# or an organizer is called so.
ADMIN = re.compile(
    r"/(?!petitions/|by/|to/|topics/)([\w-]+/)?(?P<where>admin|accounts)/"
)
PICTURE = re.compile(r"(\.(svg|png|jpe?g|webp)|/logo-[\w-]+)$")


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


class LogInFlows:
    """What allauth keeps of a request, and its ways to ask for more proof.

    Its own middleware is a function, with one more function on it. Nothing of what is
    said on the way in is kept by a browser.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.flows = AccountMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        way_in = ADMIN.match(request.path_info)
        if way_in is None:
            return self.get_response(request)
        response: HttpResponse = self.flows(request)
        if way_in["where"] == "accounts":
            add_never_cache_headers(response)
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        response: HttpResponse | None = self.flows.process_exception(request, exception)
        return response


def content_policy(get_response: GetResponse) -> GetResponse:
    """Say what our pages may load, and that a picture is nothing but a picture.

    Both are the same for all, so their words are put together once: django-csp's own
    middleware does that anew for each answer.
    """
    of_pages = "; ".join(sorted(build_policy().split("; ")))  # alike in each process
    of_pictures = "default-src 'none'; frame-ancestors 'none'; sandbox"

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_djangos_own = settings.DEBUG and response.status_code in (404, 500)
        if not is_djangos_own:  # that page for developers brings styles of its own
            policy = of_pictures if _is_picture(request, response) else of_pages
            response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def _is_picture(request: HttpRequest, response: HttpResponse) -> bool:
    """304 names no type; what it says replaces what the browser has kept."""
    kind = response.headers.get("Content-Type", "")
    return kind.startswith("image/") or (
        response.status_code == 304 and bool(PICTURE.search(request.path_info))
    )


def only_read_and_post(get_response: GetResponse) -> GetResponse:
    """Refuse other methods in the admin, whose views would answer them like GET."""
    methods = ["GET", "HEAD", "POST"]

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in methods and ADMIN.match(request.path_info):
            return HttpResponseNotAllowed(methods)
        return get_response(request)

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
    of_pages = permissions.policy(with_passkeys=False)
    of_log_in = permissions.policy(with_passkeys=True)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "HEAD" and not response.streaming:
            response.content = b""  # the server would warn of a body for each
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        is_log_in = ADMIN.match(request.path_info)
        response.headers.setdefault(
            "Permissions-Policy", of_log_in if is_log_in else of_pages
        )
        if SECRET.search(request.path_info):  # also where something went wrong
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return middleware
