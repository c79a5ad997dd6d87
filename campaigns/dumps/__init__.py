"""How each kind of database is copied out and in again, and worked on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from campaigns.dumps import postgresql, sqlite


def engine() -> ModuleType:
    """`dumped()` and `loaded()` of this site's database."""
    return postgresql if connection.vendor == "postgresql" else sqlite


@contextmanager
def unmixed() -> Iterator[None]:
    """Whatever was remembered of the rows of one database is forgotten for another."""
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        ContentType.objects.clear_cache()
