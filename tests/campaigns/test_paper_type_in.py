"""Somebody types in what stands on a sheet, and it is saved as far as it is."""

import pytest
from django.test import Client

from petitions.models import Account, Petition
from signatures.models import Sheet
from signatures.models.sheet_rows import Line
from tests.campaigns.paper import (
    ANA,
    BO,
    UNREADABLE,
    LogIn,
    lines_of,
    paper_of,
    sheet_page,
    stamp_on,
    typed,
)
from tests.html import Page
from tests.makers import (
    make_counted_sheet,
    make_sheet,
    make_staff,
    type_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(own: Petition) -> Sheet:
    return make_sheet(own)


@pytest.fixture
def organizer(log_in: LogIn, rosa: Account) -> Client:
    return log_in(rosa)


def test_first_it_is_asked_how_many_lines_are_filled_in(
    organizer: Client, sheet: Sheet
) -> None:
    asked = organizer.get(sheet_page(sheet))
    assert asked["Location"] == sheet_page(sheet, "lines/")

    answered = organizer.post(sheet_page(sheet, "lines/"), {"written": 3}, follow=True)

    assert answered.redirect_chain == [(sheet_page(sheet), 302)]
    page = Page.of(answered)
    assert len(page.all("li", class_="sheet-line")) == 3
    assert lines_of(sheet) == [Line()] * 3


@pytest.mark.parametrize("written", ["0", "51", "", "x", "9" * 30])
def test_so_many_lines_are_on_no_sheet(
    organizer: Client, sheet: Sheet, written: str
) -> None:
    answer = organizer.post(sheet_page(sheet, "lines/"), {"written": written})

    assert "There is a problem" in answer.content.decode()
    assert lines_of(sheet) == []


def test_lines_can_be_added_and_empty_ones_taken_away(
    organizer: Client, sheet: Sheet
) -> None:
    type_in(sheet, [ANA, Line()])
    url = sheet_page(sheet, "lines/")

    organizer.post(url, {"written": 4})
    assert lines_of(sheet) == [ANA, Line(), Line(), Line()]
    organizer.post(url, {"written": 1})
    assert lines_of(sheet) == [ANA]


def test_a_line_with_words_is_not_taken_away(organizer: Client, sheet: Sheet) -> None:
    type_in(sheet, [Line("Bo"), ANA])

    answer = organizer.post(sheet_page(sheet, "lines/"), {"written": 1})

    assert "More lines are typed in" in answer.content.decode()
    assert lines_of(sheet) == [Line("Bo"), ANA]


def test_what_is_typed_stays_though_half_is_missing(
    organizer: Client, sheet: Sheet
) -> None:
    sheet.set_written(2)
    form = typed([ANA, Line()], seen=stamp_on(organizer, sheet))

    answer = organizer.post(sheet_page(sheet), form, follow=True)

    page = Page.of(answer)
    names = page.all("input", name="line-1-name")
    assert [name.attributes["value"] for name in names] == ["Ana Quispe"]
    assert lines_of(sheet) == [ANA, Line()]
    listed = organizer.get(paper_of(sheet.petition)).content.decode()
    assert "1 of 2 lines typed in" in listed


def test_saving_twice_does_no_harm(organizer: Client, sheet: Sheet) -> None:
    sheet.set_written(1)
    form = typed([ANA], seen=stamp_on(organizer, sheet))

    answers = [organizer.post(sheet_page(sheet), form).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert lines_of(sheet) == [ANA]


def test_nobody_types_over_anothers_lines_unknowing(
    organizer: Client, sheet: Sheet
) -> None:
    sheet.set_written(1)
    seen = stamp_on(organizer, sheet)
    type_in(sheet, [Line("Bo Vance")])

    refused = organizer.post(sheet_page(sheet), typed([ANA], seen=seen))

    assert refused.status_code == 409
    assert "Somebody else has typed" in refused.content.decode()
    assert lines_of(sheet) == [Line("Bo Vance")]
    page = Page.of(refused)
    assert page.one("input", name="line-1-name").attributes["value"] == "Ana Quispe"
    seen = str(page.one("input", name="seen").attributes["value"])
    organizer.post(sheet_page(sheet), typed([ANA], seen=seen))
    assert lines_of(sheet) == [ANA]


def test_two_type_one_sheet_each_some_of_its_lines(
    organizer: Client, sheet: Sheet
) -> None:
    sheet.set_written(2)
    seen = stamp_on(organizer, sheet)
    organizer.post(sheet_page(sheet), typed([BO, Line()], seen=seen))

    organizer.post(sheet_page(sheet), typed([Line(), ANA], seen=seen))

    assert lines_of(sheet) == [BO, ANA]


def test_where_both_typed_a_line_what_only_one_typed_stays(
    organizer: Client, sheet: Sheet
) -> None:
    sheet.set_written(2)
    seen = stamp_on(organizer, sheet)
    type_in(sheet, [BO, UNREADABLE])

    refused = organizer.post(sheet_page(sheet), typed([ANA, Line()], seen=seen))

    assert refused.status_code == 409
    page = Page.of(refused)
    chosen = page.one("select", name="line-2-verdict").one("option", selected="")
    assert chosen.attributes["value"] == "unreadable"
    assert lines_of(sheet) == [BO, UNREADABLE]


def test_who_is_alone_may_empty_a_line(organizer: Client, sheet: Sheet) -> None:
    type_in(sheet, [BO, ANA])

    seen = stamp_on(organizer, sheet)
    organizer.post(sheet_page(sheet), typed([BO, Line()], seen=seen))

    assert lines_of(sheet) == [BO, Line()]


def test_a_mistake_is_told_at_its_line_and_nothing_is_saved(
    organizer: Client, sheet: Sheet
) -> None:
    sheet.set_written(2)
    seen = stamp_on(organizer, sheet)
    lines = [ANA, Line("x" * 101, "", "bo@")]

    answer = organizer.post(sheet_page(sheet), typed(lines, seen=seen))

    page = Page.of(answer)
    assert page.one("a", href="#line-2").words == "Line 2"
    line = page.one("li", id="line-2")
    assert "Enter an e-mail address, like name@example.org." in line.words
    assert "Shorten your name" in line.words
    assert lines_of(sheet) == [Line(), Line()]


@pytest.mark.parametrize("verdict", ["gone", "x", "\0", "accepted\n"])
def test_no_other_verdict_can_be_given(
    organizer: Client, sheet: Sheet, verdict: str
) -> None:
    sheet.set_written(1)
    seen = stamp_on(organizer, sheet)

    organizer.post(sheet_page(sheet), typed([Line("A", verdict=verdict)], seen=seen))

    assert lines_of(sheet) == [Line()]


def test_a_form_that_was_cut_off_empties_no_line(
    organizer: Client, sheet: Sheet
) -> None:
    type_in(sheet, [ANA, Line("Bo Vance")])

    organizer.post(
        sheet_page(sheet), typed([Line("Ana")], seen=stamp_on(organizer, sheet))
    )
    organizer.post(sheet_page(sheet), {})

    assert lines_of(sheet) == [Line("Ana"), Line("Bo Vance")]


def test_a_counted_sheet_takes_no_words(organizer: Client, own: Petition) -> None:
    sheet = make_counted_sheet(own)

    shown = organizer.get(sheet_page(sheet))
    typing = organizer.post(sheet_page(sheet), typed([ANA]))
    organizer.post(sheet_page(sheet, "lines/"), {"written": 5})

    assert shown["Location"] == sheet_page(sheet, "count/")
    assert typing.status_code == 403
    assert lines_of(sheet) == [Line(), Line()]


def test_a_page_asks_as_much_for_one_line_as_for_many(
    organizer: Client, django_assert_max_num_queries, own: Petition
) -> None:
    one = make_sheet(own, [ANA])
    many = make_sheet(own, [Line(f"Ana {number}") for number in range(30)])
    counts = []
    for sheet in (one, many):
        with django_assert_max_num_queries(30) as queries:
            organizer.get(sheet_page(sheet))
        counts.append(len(queries))
    for _ in range(3):
        with django_assert_max_num_queries(30) as queries:
            organizer.get(paper_of(own))
        counts.append(len(queries))
        make_sheet(own, [ANA])

    assert counts[0] == counts[1]
    assert len(set(counts[2:])) == 1


def test_staff_type_too(log_in: LogIn, sheet: Sheet) -> None:
    client = log_in(make_staff())
    sheet.set_written(1)

    client.post(sheet_page(sheet), typed([ANA], seen=stamp_on(client, sheet)))

    assert lines_of(sheet) == [ANA]


def test_no_word_of_a_line_is_a_name_in_a_log(sheet: Sheet, caplog) -> None:
    type_in(sheet, [ANA])

    assert str(sheet.rows.get()) == f"Line 1 of sheet {sheet.pk}"
    assert "Ana" not in caplog.text
