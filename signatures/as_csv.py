"""Signatures as CSV, for those who may have them: a million take no more memory.

Only what signers let others have: a name that all may read or that may be handed over,
a place only beside it, a country beside it or where enough come from there, an address
only for organizers who may write to it, a reason only where it is shown. Nothing of a
sensitive petition names or places anybody.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from io import StringIO
from typing import Any

from django.db import connection, models
from django.db.models import Case, Count, F, Func, Q, Value, When, Window
from django.db.models.functions import Cast, Coalesce, NullIf, RowNumber
from django.db.models.functions import TruncDate as DayOf

from petitions.models import Petition
from signatures.models import Signature
from signatures.models.finding import SHOWS_REASON, SignatureQuerySet
from signatures.patience import patience

PIECE = 64 * 1024  # bytes
AT_ONCE = 2000  # rows that SQLite gives
FEWEST_FROM_A_COUNTRY = 5
# A spreadsheet takes a cell for a formula: it begins with one of these signs, wide or
# not, or with what is below "!": a tab, a line break, NUL. Where a semicolon parts
# cells, our quotes do not keep one together, and so a formula begins behind it too.
# Nothing looks ahead here: PostgreSQL would take ten times as long.
BEGIN = r"^[^!-\U0010FFFF]|^[=+@＝＋－＠-]"
PARTED = r"([;\t\r\n][^!-\U0010FFFF]*)([=+@＝＋－＠-])"
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
        found, {"name": Safe("name"), "place": Safe("place"), "country": F("country")}
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
    reason = _if(SHOWS_REASON, Safe("reason"))
    if petition.sensitive:
        hidden = dict.fromkeys(["name", "place", "country", "email"], nobody)
        return {**hidden, "reason": reason}
    return {
        "name": _if(NAME_GIVEN, Safe("name")),
        "place": _if(NAME_GIVEN, Safe("place")),
        "country": _if(NAME_GIVEN | _is_from_enough(petition), F("country")),
        "email": _if(Q(organizer_may_write=True), Safe("email")),
        "reason": reason,
    }


def _consents() -> dict[str, Any]:
    """What they allowed, and the number of the words that stood beside the button."""
    names = ("show_name", "wants_updates", "name_for_delivery", "organizer_may_write")
    ticked = {name: _if(Q(**{name: True}), Value("yes")) for name in names}
    return {**ticked, "consent": F("consent")}


def _is_from_enough(petition: Petition) -> Q:
    """From a country that tells of nobody."""
    found = Signature.objects.confirmed().for_petition(petition)
    numbers = found.values("country").annotate(number=Count("pk")).order_by()
    many = numbers.filter(number__gte=FEWEST_FROM_A_COUNTRY)
    return Q(country__in=many.values("country"))


class Safe(Func):
    """As it is, or with apostrophes, so that no spreadsheet reckons with it."""

    function = "SAFE"
    output_field = TEXT

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ANN401  # Django's
        words, parameters = compiler.compile(self.source_expressions[0])
        sql = f"REGEXP_REPLACE(REGEXP_REPLACE({words}, %s, %s, 'g'), %s, %s)"
        return sql, (*parameters, PARTED, r"\1'\2", BEGIN, r"'\&")

    def as_sqlite(
        self,
        compiler: Any,  # noqa: ANN401  # Django's
        connection: Any,  # noqa: ANN401  # Django's
        **extra_context: Any,  # noqa: ANN401  # Django's
    ) -> tuple[str, Any]:
        connection.ensure_connection()
        connection.connection.create_function("SAFE", 1, safe, deterministic=True)
        return self.as_sql(compiler, connection, **extra_context)


def safe(text: str) -> str:
    return re.sub(BEGIN, r"'\g<0>", re.sub(PARTED, r"\1'\2", text))


def _if(condition: Q, cell: Any) -> Case:  # noqa: ANN401  # whatever stands in a query
    return Case(When(condition, then=cell), default=Value(""), output_field=TEXT)


def _copied(rows: Rows) -> Iterator[bytes]:
    """PostgreSQL writes the lines itself; nobody else has to touch them."""
    sql, values = rows.query.sql_with_params()
    statement = f"COPY ({sql}) TO STDOUT (FORMAT csv, FORCE_QUOTE *, ENCODING 'UTF8')"
    with (
        patience(),
        connection.cursor() as cursor,
        # Not through Django's own cursor, which for a developer takes no values.
        cursor.cursor.copy(statement, values) as lines,
    ):
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
