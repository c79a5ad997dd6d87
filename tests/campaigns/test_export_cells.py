"""What somebody typed, in a file: it comes as it was, and nothing reckons with it."""

import csv
from io import StringIO

import pytest
from django.db import DataError, connection, transaction

from petitions.models import Account, Petition
from signatures.models import Signature
from tests.campaigns.test_export_signatures import (
    LogIn,
    export,
    make_allowing,
    rows,
)
from tests.makers import make_organizer, make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition(rosa: Account) -> Petition:
    return make_petition(organizers=[make_organizer(member=rosa)])


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠a", "\t1", "\r1"]


@pytest.mark.parametrize("text", [*FORMULAS, "\n1", " =1", "\x01"])
def test_no_cell_is_a_formula(
    log_in: LogIn, rosa: Account, petition: Petition, text: str
) -> None:
    signature = make_allowing(petition, email="=cmd@example.org", show_name=True)
    fields = dict.fromkeys(["name", "place", "reason"], text)
    Signature.objects.filter(pk=signature.pk).update(reason_state="shown", **fields)

    answer = export(log_in(rosa), petition)

    (row,) = rows(answer)
    cells = [row[name] for name in ("name", "place", "reason")]
    assert cells == [f"'{text}"] * 3
    assert row["email"] == "'=cmd@example.org"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a;=1+1;b", "a;'=1+1;b"),
        ("a; =1;＠b;c;d", "a; '=1;'＠b;c;d"),
        ("One.\n=1\n-2\nTwo.", "One.\n'=1\n'-2\nTwo."),
        ("=1;=2", "'=1;'=2"),
        ("a;=;=1", "a;'=;'=1"),
        ("\t=1", "'\t'=1"),
        ("\r \n=1", "'\r \n'=1"),
        ("Ana-Rosa, +1; so = so", "Ana-Rosa, +1; so = so"),
    ],
)
def test_nor_is_what_a_semicolon_or_a_line_break_parts(
    log_in: LogIn, rosa: Account, petition: Petition, text: str, written: str
) -> None:
    """Where decimals have a comma, spreadsheets open a line of ours at semicolons."""
    signature = make_allowing(petition)
    fields = dict.fromkeys(["name", "place", "reason"], text)
    Signature.objects.filter(pk=signature.pk).update(reason_state="shown", **fields)

    (row,) = rows(export(log_in(rosa), petition))

    assert [row[name] for name in ("name", "place", "reason")] == [written] * 3


def test_nor_is_what_begins_with_nul(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    """PostgreSQL keeps no such sign."""
    signature = make_allowing(petition)
    rows_of_it = Signature.objects.filter(pk=signature.pk)
    if connection.vendor == "postgresql":
        with pytest.raises((ValueError, DataError)), transaction.atomic():
            rows_of_it.update(name="\0=1")
        return
    rows_of_it.update(name="\0=1")

    text = b"".join(export(log_in(rosa), petition).streaming_content)

    assert b'"\'\0=1"' in text


def test_words_of_any_kind_come_back_as_they_were(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    name, reason = 'Ana "Ñ", 漢 – ☂', 'One; "two",\nthree = 4\\N \\.'
    signature = make_allowing(petition, name=name)
    Signature.objects.filter(pk=signature.pk).update(
        reason=reason, reason_state="shown"
    )

    answer = export(log_in(rosa), petition)
    text = b"".join(answer.streaming_content).decode()
    lines = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))

    row = dict(zip(*lines, strict=True))
    assert (row["name"], row["reason"]) == (name, reason)
    assert text.startswith('\ufeff"row","signed_on"')
    cells = text.rstrip("\n").split("\n")[0].removeprefix("\ufeff").split(",")
    assert all(cell[0] == cell[-1] == '"' for cell in cells)
