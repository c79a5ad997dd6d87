"""Which draft a browser writes, kept in the one cookie that public pages set.

It is sent to the pages of starting a petition and to no others, so that these stay the
same for everybody. There is one for each language, all with the same draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, get_cookie_signer
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from campaigns.models import Draft
from campaigns.models.drafts import KEPT_FOR
from petitions.pages import View, posted_from_our_pages, see_other

SALT = "campaigns.start"


def start_page(view: View) -> View:
    """A page about the draft of one browser: kept by no cache.

    What has just been confirmed or discarded elsewhere leads back to the beginning.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @posted_from_our_pages
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Draft.DoesNotExist:
            response = see_other("start")
        response["Cache-Control"] = "no-store, private"
        return response

    return wrapped


def with_draft(view: Callable[..., HttpResponse]) -> View:
    """A page that is nothing without a draft; the view gets it."""

    @start_page
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        draft = draft_of(request)
        if draft is None:
            return to_beginning()
        return view(request, draft, *args, **kwargs)

    return wrapped


def to_beginning() -> HttpResponse:
    """Say there that nothing is kept for this browser, and why that may be."""
    response = see_other("start")
    response["Location"] += "?lost"
    return response


def draft_of(request: HttpRequest) -> Draft | None:
    language = translation.get_language() or settings.LANGUAGE_CODE
    kept = request.COOKIES.get(_name(language), "")
    try:
        key = UUID(get_cookie_signer(SALT).unsign(kept, max_age=KEPT_FOR))
    except BadSignature:
        return None
    return Draft.objects.unconfirmed().filter(key=key).first()


def remember(draft: Draft, response: HttpResponse) -> HttpResponse:
    """Let the browser find it again, in any language."""
    for name, path in _cookies():
        response.set_cookie(
            name,
            sign(draft),
            max_age=KEPT_FOR,
            path=path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def sign(draft: Draft) -> str:
    """What the cookie holds. It opens no mailed link: that has a key of its own."""
    return get_cookie_signer(SALT).sign(draft.key.hex)


def forget(response: HttpResponse) -> HttpResponse:
    for name, path in _cookies():
        response.delete_cookie(name, path=path, samesite="Lax")
    return response


def _cookies() -> Iterator[tuple[str, str]]:
    for language, _own_name in settings.LANGUAGES:
        with translation.override(language):
            yield _name(language), reverse("start")


def _name(language: str) -> str:
    prefix = "__Secure-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}draft-{language}"
