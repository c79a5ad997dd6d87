"""Marks: all that a piece of a page is made of, in short.

`{% cache None piece LANGUAGE_CODE mark %}` in a template keeps the piece by its mark. A
piece of the same data is the same piece, and other data have another mark, so nothing
has to be invalidated and nobody sees what has gone.
"""

from collections.abc import Set
from hashlib import blake2b

from django.db.models import Model


def mark(*parts: object) -> str:
    words = "\0".join(map(str, parts)).encode()
    return blake2b(words, digest_size=16).hexdigest()


def columns(row: Model, *, but: Set[str] = frozenset()) -> list[object]:
    """The row's own values, for a mark."""
    fields = row._meta.concrete_fields
    return [getattr(row, field.attname) for field in fields if field.name not in but]
