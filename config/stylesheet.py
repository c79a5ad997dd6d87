"""The one stylesheet: files of static/css in one order, with the site's brand.

It has its hash in its address, so a browser asks for it once. It is made of the
sources, not of what was collected: there is one way, with DEBUG and without.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from config import brand
from petitions.pages import compressed, keep_by_hash

FOLDER = settings.BASE_DIR / "static" / "css"
# The site's brand comes right after the tokens, which it changes.
PUBLIC = (
    *("base", "layout", "components", "lists", "petition"),
    *("chart", "share", "endings", "start", "paper"),
)
ADMIN = (
    *("admin", "admin-forms", "admin-lists", "admin-reasons", "admin-pages"),
    *("admin-log-in", "admin-moderation", "admin-mailings", "admin-paper"),
    "admin-deliver",
    *("chart", "admin-overview"),
)

COMMENT = re.compile(
    r"""( "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' )  # a string may look like a comment
    | /\*.*?\*/""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True)
class Sheet:
    content: bytes
    digest: str


@require_safe
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    return _answer(request, _sheet(PUBLIC), digest)


@require_safe
def admin_stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    return _answer(request, _sheet(ADMIN), digest)


def stylesheet_url() -> str:
    return reverse("stylesheet", args=[_sheet(PUBLIC).digest])


def admin_stylesheet_url() -> str:
    return reverse("admin_stylesheet", args=[_sheet(ADMIN).digest])


def _answer(request: HttpRequest, sheet: Sheet, digest: str) -> HttpResponse:
    """The sheet of today, whatever hash is asked for: kept pages name older ones."""
    response = HttpResponse(sheet.content, content_type="text/css; charset=utf-8")
    keep_by_hash(response, is_current=digest == sheet.digest)
    return compressed(request, response)


def _sheet(names: tuple[str, ...]) -> Sheet:
    return _made(names, brand.css(), _changed_at(names) if settings.DEBUG else ())


@lru_cache
def _made(names: tuple[str, ...], brand_css: str, changed_at: tuple[int, ...]) -> Sheet:
    """Made once in each process; with DEBUG, again when a file has changed."""
    parts = [_read("tokens"), brand_css, *(_read(name) for name in names)]
    content = _without_comments("\n".join(parts)).encode()
    return Sheet(content, hashlib.sha256(content).hexdigest()[:12])


def _changed_at(names: tuple[str, ...]) -> tuple[int, ...]:
    files = [FOLDER / f"{name}.css" for name in ("tokens", *names)]
    return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)


def _read(name: str) -> str:
    file = FOLDER / f"{name}.css"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _without_comments(css: str) -> str:
    lines = COMMENT.sub(lambda found: found[1] or "", css).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())
