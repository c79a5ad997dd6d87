"""Who may be twice is shown beside a line, and who has signed online is not told."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import paper
from campaigns.models import Event, EventKind
from petitions.models import Account, Petition
from signatures.doubles import likely_doubles
from signatures.models import Sheet, SheetRow, Signature
from signatures.models.sheet_rows import Line
from tests.campaigns.paper import LogIn, sheet_page
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_counted_sheet,
    make_organizer,
    make_petition,
    make_sheet,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db
MUNOZ = Line("José Muñoz", "Larkhaven", "jose@example.org")


def doubles_of(sheet: Sheet, *, among_all: bool = False) -> list[int]:
    return sorted(likely_doubles(sheet, sheet.row_list, among_all=among_all))


def words_beside(client: Client, sheet: Sheet, line: int = 1) -> str:
    page = Page.of(client.get(sheet_page(sheet)))
    found = page.one("li", id=f"line-{line}").all("ul", class_="sheet-line__doubles")
    return found[0].words if found else ""


@pytest.mark.parametrize(
    ("name", "place", "is_like"),
    [
        ("José Muñoz", "Larkhaven", True),
        ("JOSE  MUNOZ", "larkhaven", True),
        ("Jose-Munoz", "", True),
        ("Jose\u0301 Mun\u0303oz", "LARKHAVEN ", True),
        ("José Muñoz", "Ostrey", False),
        ("José Munro", "Larkhaven", False),
    ],
)
def test_a_name_is_compared_as_people_write_it(
    own: Petition, name: str, place: str, is_like: bool
) -> None:
    make_counted_sheet(own, [Line(name, place)])
    make_sheet(own, [Line(name, place)])

    sheet = make_sheet(own, [MUNOZ._replace(email="")])

    found = likely_doubles(sheet, sheet.row_list).get(1, [])
    assert len(found) == (2 if is_like else 0)


def test_it_is_shown_where_the_other_stands(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    make_counted_sheet(own, [Line("X"), Line("Jose Munoz", "Larkhaven")])
    make_sheet(own, [Line("José Muñoz")])
    sheet = make_sheet(own, [MUNOZ, Line("Bo"), Line("jose munoz", "Larkhaven")])

    words = words_beside(log_in(rosa), sheet)

    assert "Jose Munoz, Larkhaven · sheet 1, line 2" in words
    assert "José Muñoz · sheet 2, line 1, not counted yet" in words
    assert "jose munoz, Larkhaven · line 3 of this sheet" in words
    assert words.count("Same name:") == 3
    assert words_beside(log_in(rosa), sheet, 2) == ""


def test_the_same_address_is_told_of_paper(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    make_counted_sheet(own, [Line("Pepe", "", "JOSE@example.org")])
    make_sheet(own, [Line("Pepito", "", "jose@EXAMPLE.org")])
    sheet = make_sheet(own, [MUNOZ, MUNOZ._replace(name="Maria Muñoz")])

    words = words_beside(log_in(rosa), sheet)

    assert "Same address: Pepito · sheet 2, line 1" in words
    assert "Same address: Pepe · sheet 1, line 1" in words
    assert "Same address: Maria Muñoz, Larkhaven · line 2 of this sheet" in words


def test_a_name_that_all_may_read_is_compared_too(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    make_confirmed_signature(petition=own, name="Jose Muñoz", show_name=True)

    words = words_beside(log_in(rosa), make_sheet(own, [MUNOZ]))

    assert words.startswith("Same name: Jose Muñoz · signed online,")


def hidden(own: Petition) -> None:
    make_confirmed_signature(petition=own, name=MUNOZ.name, email=MUNOZ.email)


def not_confirmed(own: Petition) -> None:
    make_signature(petition=own, name=MUNOZ.name, email=MUNOZ.email, show_name=True)


def withdrawn(own: Petition) -> None:
    signature = make_confirmed_signature(
        petition=own, name=MUNOZ.name, email=MUNOZ.email, show_name=True
    )
    signature.withdraw()


def shown_with_this_address(own: Petition) -> None:
    """Everybody may read this name, and nobody this address."""
    make_confirmed_signature(
        petition=own, name="Other Name", email=MUNOZ.email, show_name=True
    )


def elsewhere(own: Petition) -> None:
    make_counted_sheet(make_petition(), [MUNOZ])
    make_sheet(make_petition(), [MUNOZ])


@pytest.mark.parametrize(
    "signed",
    [hidden, not_confirmed, withdrawn, shown_with_this_address, elsewhere],
)
def test_an_organizer_does_not_learn_by_typing_names_who_has_signed(
    log_in: LogIn, rosa: Account, own: Petition, signed: Callable[[Petition], None]
) -> None:
    client = log_in(rosa)
    sheet = make_sheet(own, [MUNOZ])
    before = [
        Page.of(client.get(sheet_page(sheet, end))).one("main").words
        for end in ("", "count/")
    ]

    signed(own)

    after = [
        Page.of(client.get(sheet_page(sheet, end))).one("main").words
        for end in ("", "count/")
    ]
    assert after == before


def test_a_first_name_that_is_shown_is_no_whole_name(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_petition(sensitive=True, organizers=[make_organizer(member=rosa)])
    make_confirmed_signature(petition=petition, name=MUNOZ.name, show_name=True)

    assert words_beside(log_in(rosa), make_sheet(petition, [MUNOZ])) == ""


def test_staff_compare_with_all_and_it_is_written_down(
    log_in: LogIn, own: Petition
) -> None:
    make_confirmed_signature(
        petition=own, name="Josefa Soto", email="jose@example.org", place="Ostrey"
    )
    make_confirmed_signature(petition=own, name="bo vance", email="b@example.org")
    sheet = make_sheet(own, [MUNOZ, Line("Bo Vance"), Line("Dee Fox")])
    staff = make_staff()
    client = log_in(staff)
    assert words_beside(client, sheet) == ""

    page = Page.of(client.post(sheet_page(sheet, "compare/")))

    first, second, third = (page.one("li", id=f"line-{n}").words for n in (1, 2, 3))
    assert "Same address: signed online," in first
    assert "Same name: signed online," in second
    assert "signed" not in third.replace("Has signed already", "")
    for secret in ("Josefa", "Soto", "b@example.org"):
        assert secret not in page.words
    event = Event.objects.get(kind=EventKind.LOOKED_UP)
    assert (event.petition, event.by) == (own, staff)
    assert event.note == "Sheet 1 compared with all who have signed"


def test_looking_at_a_sheet_is_no_event(log_in: LogIn, own: Petition) -> None:
    sheet = make_sheet(own, [MUNOZ])

    log_in(make_staff()).get(sheet_page(sheet))

    assert not Event.objects.filter(kind=EventKind.LOOKED_UP).exists()


def test_it_takes_two_queries_however_many_lines(
    own: Petition, django_assert_num_queries
) -> None:
    make_counted_sheet(own, [Line(f"Ana {number}") for number in range(20)])
    for lines in (1, 20):
        sheet = make_sheet(own, [Line(f"Ana {number}") for number in range(lines)])
        rows = sheet.row_list
        with django_assert_num_queries(2):
            assert len(likely_doubles(sheet, rows, among_all=True)) == lines


@pytest.mark.slow
def test_postgresql_does_not_go_through_all_of_them(own: Petition) -> None:
    if connection.vendor != "postgresql":  # asks Python about each
        return
    make_counted_sheet(own, [Line(f"Ana {number}") for number in range(400)])
    make_sheet(own, [Line(f"Bo {n}", "", f"bo{n}@example.org") for n in range(400)])
    sheet = make_sheet(own, [MUNOZ])
    rows = sheet.row_list

    with connection.cursor() as cursor:
        for table in (Signature, Sheet, SheetRow):
            cursor.execute(f"ANALYZE {table._meta.db_table}")
        with CaptureQueriesContext(connection) as asked:
            likely_doubles(sheet, rows)
        plans = []
        for query in asked.captured_queries:
            cursor.execute("EXPLAIN " + query["sql"])
            plans.append(str(cursor.fetchall()))

    used = [re.findall(r"Bitmap Index Scan on (\w+)", plan) for plan in plans]
    of_few_rows = "sheet_number_once_per_petition"  # it may find sheets either way
    assert [[name for name in names if name != of_few_rows] for names in used] == [
        ["sheet_row_plain_name", "sheet_row_email"],
        ["signature_plain_name_told", "signature_confirmed_once_per_address"],
    ]


def test_a_name_of_signs_alone_is_like_no_other(own: Petition) -> None:
    make_counted_sheet(own, [Line("-")])

    assert doubles_of(make_sheet(own, [Line("."), Line("’")])) == []


def test_what_was_decided_is_still_shown(own: Petition) -> None:
    sheet = make_sheet(own, [MUNOZ._replace(verdict="double")])
    make_counted_sheet(own, [MUNOZ])

    assert doubles_of(sheet) == [1]
    assert paper.count_sheet(sheet, by=make_staff())
