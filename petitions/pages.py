"""What a page says to browsers and caches about itself, and who may post to it."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import resolve_url
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


class HttpResponseSeeOther(HttpResponseRedirect):
    """Go on with GET: what was posted is done."""

    status_code = 303


def see_other(to: str, **kwargs: object) -> HttpResponseSeeOther:
    return HttpResponseSeeOther(resolve_url(to, **kwargs))


def public_page(view: View) -> View:
    """The same bytes for everybody: any cache may keep them for a moment.

    It sets no cookie, so no token is asked: a stray post is a 405, not a 403.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method in ("GET", "HEAD") and response.status_code == 200:
            response.setdefault(
                "Cache-Control",
                "public, max-age=1, stale-while-revalidate=10, stale-if-error=86400",
            )
            return compressed(request, response)
        return response

    return wrapped


def compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer in gzip where the browser takes it.

    Only for what everybody may read: the length of a compressed page gives away
    secrets in it. A public page has none to hide among random bytes, so the same
    page is always the same bytes, and has the same ETag.
    """
    _gzip.process_response(request, response)
    return response


class _GZip(GZipMiddleware):
    max_random_bytes = 0


_gzip = _GZip(lambda _request: HttpResponse())


def forget_kept_pages() -> None:
    """Delete what is kept of pages on this machine, to stand in for failures."""
    if settings.PAGES_DIR.is_dir():
        for file in settings.PAGES_DIR.iterdir():
            file.unlink(missing_ok=True)


def keep_by_hash(response: HttpResponse, *, is_current: bool) -> HttpResponse:
    """What has its hash in its address is kept for ever; an older one, a minute."""
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if is_current else "public, max-age=60"
    )
    return response


def secret_page(view: View) -> View:
    """A page whose address is a secret: kept, indexed and passed on by nobody.

    The secret is also the authority of its forms, so no cookie and no token is asked.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


def posted_from_our_pages(view: View) -> View:
    """Refuse a form that another site made the browser send.

    A token in the page would need a cookie, and then no cache could keep the page.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and _is_foreign(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped


def _is_foreign(request: HttpRequest) -> bool:
    """Whether a browser says that the request comes from another site.

    `Sec-Fetch-Site` goes first: a page without referrer makes browsers send
    `Origin: null` with its own forms. No header at all is no browser of today.
    """
    # From META, which saves making the names of all headers readable.
    fetch_site = request.META.get("HTTP_SEC_FETCH_SITE")
    if fetch_site is not None:
        return fetch_site not in ("same-origin", "none")
    origin = request.META.get("HTTP_ORIGIN")
    if origin is None:
        return False
    site = urlsplit(settings.SITE_URL)
    ours = {
        f"{site.scheme}://{site.netloc}",
        f"{request.scheme}://{request.get_host()}",
    }
    return origin not in ours
