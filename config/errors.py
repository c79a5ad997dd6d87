"""A page that helps for everything that goes wrong, with the right status.

The pages need no database, so that they stand when it is away.
"""

import logging
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from config import health, outages
from config.middleware import GetResponse
from signatures.limits import TooManyRequests

logger = logging.getLogger(__name__)


class ErrorPages:
    """Gives a page to the refusals that Django answers with bare words or a 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = error_page(request, status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        match exception:
            case TooManyRequests():
                page = error_page(request, status=429)
                page["Retry-After"] = str(exception.retry_after)
                return page
            case RequestDataTooBig() | TooManyFieldsSent():
                return error_page(request, status=413)
            case _ if outages.is_outage(exception):
                logger.error("database away: %s", exception)
                health.last.met(exception)
                return outages.unavailable(request)
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    is_too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return error_page(request, status=413 if is_too_much else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Only the admin asks for a token, so whoever comes here wanted to log in."""
    return error_page(request, status=403, name="token_missing")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Also for an outage that a middleware met, as when a session is to be saved."""
    if outages.is_outage(sys.exc_info()[1]):
        return outages.unavailable(request)
    return error_page(request, status=500)


def error_page(request: HttpRequest, *, status: int, name: str = "") -> HttpResponse:
    response = render(request, f"errors/{name or status}.html", status=status)
    add_never_cache_headers(response)
    return response
