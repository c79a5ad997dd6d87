"""Signatures as CSV, for those who may have them: a million take no more memory.

Only what signers let others have: a name that all may read or that may be handed over,
a place only beside it, an address only for organizers who may write to it, a reason
only where it is shown. Nothing of a sensitive petition names or places anybody.
"""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from io import StringIO
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, RowNumber
from django.db.models.functions import TruncDate as DayOf

from petitions.models import Petition
from signatures.models import Signature
from signatures.models.finding import SHOWS_REASON, SignatureQuerySet

PIECE = 64 * 1024  # bytes
AT_ONCE = 2000  # rows that SQLite gives
PATIENCE = "30min"  # for all of it; a request has seconds
# A spreadsheet takes it for a formula: it begins with one of these signs, wide or not,
# or with what is below "!": a tab, a line break, NUL.
FORMULA = r"^[^!-\U0010FFFF]|^[=+@＝＋－＠-]"
EXCEL_KNOWS_IT_BY = "\ufeff"  # else it takes UTF-8 for something older

Rows = models.QuerySet[Any, tuple[Any, ...]]
TEXT = models.TextField()
NAME_GIVEN = Q(show_name=True) | Q(name_for_delivery=True)


class SignatureFile:
    """A file of rows: how many there are now, and its bytes, piece by piece."""

    def __init__(self, found: SignatureQuerySet, cells: dict[str, Any]) -> None:
        # By an index, in the order in which they were signed.
        numbered = {"row": Window(RowNumber(), order_by="pk"), **cells}
        expressions = {f"cell_{name}": cell for name, cell in numbered.items()}
        self._found = found
        self._names = list(numbered)
        self._rows: Rows = (
            found.order_by("pk").annotate(**expressions).values_list(*expressions)
        )

    def __len__(self) -> int:
        return self._found.count()

    def __iter__(self) -> Iterator[bytes]:
        """A transaction of its own where the database needs one, to the last piece."""
        with closing(self._lines()) as lines:
            yield from _in_pieces(lines)

    def _lines(self) -> Generator[bytes, None, None]:
        yield EXCEL_KNOWS_IT_BY.encode() + _written(self._names)
        by = _copied if connection.vendor == "postgresql" else _read
        yield from by(self._rows)


def signature_file(petition: Petition) -> SignatureFile:
    """All that count, one in a row."""
    found = Signature.objects.confirmed().for_petition(petition)
    return SignatureFile(found, {**_facts(), **_words(petition), **_consents()})


def name_file(petition: Petition) -> SignatureFile:
    """The names that were given to be handed over."""
    found = Signature.objects.given_for_delivery(petition)
    return SignatureFile(
        found, {"name": _safe("name"), "place": _safe("place"), "country": F("country")}
    )


def _facts() -> dict[str, Any]:
    day = Cast(DayOf("confirmed_at"), TEXT)
    as_written = NullIf("signed_as_written", Value(""))  # of old, the year alone
    return {
        "signed_on": Coalesce(Cast(as_written, TEXT), day),
        "origin": F("origin"),
        "version": F("version__number"),
        "language": F("language"),
    }


def _words(petition: Petition) -> dict[str, Any]:
    """What is somebody's own, as far as they gave it."""
    nobody = Value("", output_field=TEXT)
    reason = _if(SHOWS_REASON, _safe("reason"))
    if petition.sensitive:
        hidden = dict.fromkeys(["name", "place", "country", "email"], nobody)
        return {**hidden, "reason": reason}
    return {
        "name": _if(NAME_GIVEN, _safe("name")),
        "place": _if(NAME_GIVEN, _safe("place")),
        "country": F("country"),
        "email": _if(Q(organizer_may_write=True), _safe("email")),
        "reason": reason,
    }


def _consents() -> dict[str, Any]:
    """What they allowed, and the number of the words that stood beside the button."""
    names = ("show_name", "wants_updates", "name_for_delivery", "organizer_may_write")
    ticked = {name: _if(Q(**{name: True}), Value("yes")) for name in names}
    return {**ticked, "consent": F("consent")}


def _safe(field: str) -> Case:
    """As it is, or behind an apostrophe, so that no spreadsheet reckons with it."""
    is_formula = When(**{f"{field}__regex": FORMULA}, then=Concat(Value("'"), field))
    return Case(is_formula, default=Cast(field, TEXT), output_field=TEXT)


def _if(condition: Q, cell: Any) -> Case:  # noqa: ANN401  # whatever stands in a query
    return Case(When(condition, then=cell), default=Value(""), output_field=TEXT)


def _copied(rows: Rows) -> Iterator[bytes]:
    """PostgreSQL writes the lines itself; nobody else has to touch them."""
    sql, values = rows.query.sql_with_params()
    statement = f"COPY ({sql}) TO STDOUT (FORMAT csv, FORCE_QUOTE *, ENCODING 'UTF8')"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
        # Not through Django's own cursor, which for a developer takes no values.
        with cursor.cursor.copy(statement, values) as lines:
            yield from lines


def _read(rows: Rows) -> Iterator[bytes]:
    """SQLite reads what there was when it began, and nobody waits for that."""
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield _written(row)


def _written(row: Iterable[object]) -> bytes:
    line = StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
    return line.getvalue().encode()


def _in_pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    piece = bytearray()
    for line in lines:
        piece += line
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)
