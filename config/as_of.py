"""A page that stands in for a newer one says so, where its reader sees it."""

import gzip
import re
from datetime import UTC, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

BEGINNING = re.compile(rb"<main\b[^>]*>")


def with_date(body: bytes, *, made_at: float, language: str, is_zipped: bool) -> bytes:
    """The page with a line that says of when it is; as it was if there is no place.

    The same page of the same moment is always the same bytes.
    """
    page = gzip.decompress(body) if is_zipped else body
    place = BEGINNING.search(page)
    if place is None:
        return body
    line = _line(made_at, language).encode()
    dated = page[: place.start()] + line + page[place.start() :]
    return gzip.compress(dated, mtime=0) if is_zipped else dated


def _line(made_at: float, language: str) -> str:
    moment = datetime.fromtimestamp(made_at, UTC)
    context = {"made_at": timezone.localtime(moment, timezone.get_default_timezone())}
    with translation.override(language or settings.LANGUAGE_CODE):
        return render_to_string("errors/_as_of.html", context)
