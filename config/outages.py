"""What the site says while its database is away or cannot write."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise

from config.middleware import ADMIN
from signatures.forms import FindForm, SignForm

AGAIN_AFTER = 10  # seconds
# PostgreSQL that has become a standby says InternalError.
AWAY = (OperationalError, InterfaceError, InternalError)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
DISK_FULL = "53100"  # as PostgreSQL says it
LABELS = {
    name: field.label
    for form in (SignForm, FindForm)
    for name, field in form.base_fields.items()
    if field.label and field.widget.input_type != "checkbox"
}


@dataclass(frozen=True)
class Typed:
    """One field of a form that could not be saved."""

    name: str
    text: str

    @property
    def label(self) -> str | Promise | None:
        """What it is called, if it is worth showing to who typed it."""
        return LABELS.get(self.name) if self.text else None


def is_outage(error: BaseException | None) -> bool:
    """Whether it is none of our mistakes, and trying again later may do.

    SQLite calls a file that it cannot read no more than a DatabaseError.
    """
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    return isinstance(error, AWAY) or type(error) is DatabaseError


def is_full(error: BaseException) -> bool:
    """Whether there was no room left for what was to be written."""
    cause = error.__cause__ or error
    if isinstance(cause, OSError):
        return cause.errno in NO_ROOM
    return getattr(cause, "sqlstate", "") == DISK_FULL or "disk is full" in str(cause)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, with the form that was sent kept in the page, to be sent again from there.

    Nothing is asked of the database, and nothing of it is written anywhere.
    """
    is_kept = request.method == "POST" and not ADMIN.match(request.path_info)
    context = {"is_kept": is_kept, "typed": _typed(request) if is_kept else []}
    page = render(request, "errors/503.html", context, status=503)
    add_never_cache_headers(page)
    page["Retry-After"] = str(AGAIN_AFTER)
    if _has_secret_address(request):
        page["X-Robots-Tag"] = "noindex, nofollow"
        page["Referrer-Policy"] = "no-referrer"
    return page


def _typed(request: HttpRequest) -> list[Typed]:
    posted = request.POST.lists()
    return [Typed(name, str(text)) for name, texts in posted for text in texts]


def _has_secret_address(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and not {"token", "key"}.isdisjoint(match.kwargs)
