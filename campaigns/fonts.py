"""More fonts for hand-overs, which a site may bring along (`PDF_FONTS`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

BEGINNINGS = (b"\0\1\0\0", b"true", b"OTTO")  # of TrueType and OpenType files


def check(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """A system check of Django's: else the first hand-over would find it out."""
    return [Error(mistake, id="campaigns.E001") for mistake in _mistakes()]


def _mistakes() -> Iterator[str]:
    for file in map(Path, settings.PDF_FONTS):
        if not file.is_file():
            yield f"PDF_FONTS: there is no file {file}."
        elif not file.read_bytes().startswith(BEGINNINGS):
            yield f"PDF_FONTS: {file} is no TrueType or OpenType font."
