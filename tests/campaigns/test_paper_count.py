"""A sheet that balances counts: once, all of it or nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle, paper, tally
from campaigns.models import DailyCount, Event, EventKind
from petitions.models import Account, Petition, WrongState
from signatures.models import CountChange, Sheet, Signature
from signatures.models.paper import AddressesCounted, NeedsStaff, SheetNotEven
from signatures.models.sheet_rows import Line, Verdict
from tests.campaigns.paper import (
    ANA,
    BO,
    DOUBLE,
    UNREADABLE,
    LogIn,
    count_of,
    lines_of,
    paper_of,
    sheet_page,
)
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_confirmed_signature,
    make_counted_sheet,
    make_petition,
    make_sheet,
    make_staff,
    type_in,
)

pytestmark = pytest.mark.django_db


def test_an_organizer_counts_a_sheet(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    sheet = make_sheet(own, [BO, DOUBLE, UNREADABLE, Line("Dee Fox")])
    client = log_in(rosa)
    page = Page.of(client.get(sheet_page(sheet, "count/")))
    assert page.all("input", value="Count this sheet")
    assert [cell.words for cell in page.all("td")] == ["2", "1", "1", "4"]

    answer = client.post(sheet_page(sheet, "count/"), follow=True)

    assert "It counts now." in answer.content.decode()
    assert "4 signatures" not in answer.content.decode()
    assert "2 signatures" in answer.content.decode()
    assert count_of(own) == (2, 2)
    event = Event.objects.get(kind=EventKind.SHEET_COUNTED)
    assert (event.petition, event.by) == (own, rosa)
    assert event.note == "Sheet 1: 2 counted, 1 double, 1 unreadable"


@time_machine.travel("2026-05-03T12:00:00Z", tick=False)
def test_a_line_becomes_a_signature_of_the_sheets_version() -> None:
    petition = make_petition(language="es")
    sheet = make_sheet(petition, [ANA])
    petition.ask = "Keep it open for ever."
    petition.revise(by=None, reason="Longer.")

    paper.count_sheet(sheet, by=make_staff())

    signature = Signature.objects.get()
    assert (signature.name, signature.place) == ("Ana Quispe", "Larkhaven")
    assert signature.email == "ana@example.org"
    assert (signature.origin, signature.state) == ("paper", "confirmed")
    assert signature.version.number == 1
    assert signature.language == "es"
    assert signature.confirmed_at == signature.started_at == timezone.now()
    wishes = ["show_name", "wants_updates", "name_for_delivery", "organizer_may_write"]
    assert [wish for wish in wishes if getattr(signature, wish)] == []
    assert signature.kept_days == 183
    assert CountChange.objects.get().is_paper
    assert signature.sheet_row.position == 1


def test_no_word_stays_on_a_counted_sheet() -> None:
    lines = [ANA, DOUBLE, Line("Ex", "Y", "z@example.org", Verdict.UNREADABLE)]

    sheet = make_counted_sheet(lines=lines)

    assert lines_of(sheet) == [
        *(Line(), Line(verdict=Verdict.DOUBLE), Line(verdict=Verdict.UNREADABLE))
    ]


def test_the_count_tells_its_parts_by_day() -> None:
    sheet = make_counted_sheet()

    day = DailyCount.objects.get(petition=sheet.petition)
    assert (day.day, day.count) == (timezone.localdate(), 2)
    assert sheet.petition.paper_count == 2
    assert tally.recount() == 0


def test_a_sheet_that_does_not_balance_does_not_count(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    sheet = make_sheet(own, [BO, Line(), Line("", "Ostrey")])
    client = log_in(rosa)

    page = Page.of(client.get(sheet_page(sheet, "count/")))
    posted = client.post(sheet_page(sheet, "count/"), follow=True)

    assert page.all("a", href=sheet_page(sheet) + "#line-2")
    assert page.all("a", href=sheet_page(sheet) + "#line-3")
    assert not page.all("a", href=sheet_page(sheet) + "#line-1")
    assert page.all("input", type="submit", value="Count this sheet") == []
    assert "It cannot be counted as it is now." in posted.content.decode()
    assert count_of(own) == (0, 0)
    assert lines_of(sheet)[0] == BO
    with pytest.raises(SheetNotEven):
        paper.count_sheet(sheet, by=make_staff())
    assert Event.objects.filter(kind=EventKind.SHEET_COUNTED).count() == 0


def test_a_sheet_of_which_nothing_is_typed_does_not_count() -> None:
    sheet = make_sheet()

    with pytest.raises(SheetNotEven):
        paper.count_sheet(sheet, by=make_staff())
    assert not Signature.objects.exists()


def test_pressing_twice_counts_once(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    sheet = make_sheet(own, [BO])
    client = log_in(rosa)
    client.post(sheet_page(sheet, "count/"))

    again = client.post(sheet_page(sheet, "count/"), follow=True)

    assert "It was counted already." in again.content.decode()
    assert count_of(own) == (1, 1)
    assert Event.objects.filter(kind=EventKind.SHEET_COUNTED).count() == 1


@pytest.mark.parametrize("other", ["ana@example.org", "ANA+paper@example.org"])
def test_an_address_that_has_signed_is_told_at_its_line(
    log_in: LogIn, own: Petition, other: str
) -> None:
    make_confirmed_signature(petition=own, email=other, name="Somebody Else")
    sheet = make_sheet(own, [BO, ANA])
    client = log_in(make_staff())

    refused = client.post(sheet_page(sheet, "count/"))

    assert refused.status_code == 409
    page = Page.of(refused)
    assert "This address has signed already." in page.one("li", id="line-2").words
    assert "has signed already." not in page.one("li", id="line-1").words
    assert "Somebody Else" not in page.words
    assert lines_of(sheet) == [BO, ANA]
    assert count_of(own) == (1, 0)
    sheet.refresh_from_db()
    assert not sheet.is_counted
    type_in(sheet, [BO, ANA._replace(verdict=Verdict.DOUBLE)])
    client.post(sheet_page(sheet, "count/"))
    assert count_of(own) == (2, 1)


def test_one_address_on_two_lines_counts_once() -> None:
    sheet = make_sheet(lines=[ANA, BO, ANA._replace(name="Anna Quispe")])

    with pytest.raises(AddressesCounted) as refusal:
        paper.count_sheet(sheet, by=make_staff())

    assert refusal.value.positions == [3]
    assert not Signature.objects.exists()


def test_an_organizer_hands_in_what_holds_addresses(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    """Else they learn by what does not count who has signed online."""
    sheet = make_sheet(own, [BO, ANA])
    client = log_in(rosa)
    page = Page.of(client.get(sheet_page(sheet, "count/")))
    assert page.all("input", value="Hand it in")
    assert page.all("input", value="Count this sheet") == []

    answer = client.post(sheet_page(sheet, "count/"), follow=True)

    assert "Handed in." in answer.content.decode()
    assert count_of(own) == (0, 0)
    with pytest.raises(NeedsStaff):
        paper.count_sheet(sheet, by=rosa)
    assert Sheet.objects.with_staff().get() == sheet
    event = Event.objects.get(kind=EventKind.SHEET_HANDED_IN)
    assert (event.petition, event.by, event.note) == (own, rosa, "Sheet 1")


def test_the_answer_is_the_same_whoever_has_signed_online(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    make_confirmed_signature(petition=own, email=ANA.email, name=ANA.name)
    sheets = [make_sheet(own, [ANA]), make_sheet(own, [Line("X", "", "x@example.org")])]
    client = log_in(rosa)

    pages = [client.get(sheet_page(sheet, "count/")) for sheet in sheets]
    answers = [
        client.post(sheet_page(sheet, "count/"), follow=True) for sheet in sheets
    ]

    said = [Page.of(page).one("section", class_="module").words for page in pages]
    assert said[0] == said[1]
    for answer in answers:
        assert "Handed in." in answer.content.decode()


def test_what_is_with_staff_organizers_read_no_more(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    sheet = make_sheet(own, [BO, ANA])
    sheet.hand_in()
    type_in(sheet, [BO, ANA._replace(verdict=Verdict.DOUBLE)])
    client = log_in(rosa)

    pages = [
        client.get(sheet_page(sheet, end), follow=True)
        for end in ("", "lines/", "count/")
    ]
    posted = [client.post(sheet_page(sheet, end)).status_code for end in ("", "count/")]

    for page in pages:
        assert "It is with staff" in page.content.decode()
        assert "Ana Quispe" not in page.content.decode()
    assert posted == [403, 403]


def test_staff_find_what_was_handed_in_and_count_it(
    log_in: LogIn, own: Petition
) -> None:
    sheet = make_sheet(own, [BO, ANA])
    make_sheet(own, [BO])
    sheet.hand_in()
    client = log_in(make_staff())

    page = Page.of(client.get("/admin/signatures/sheet/"))
    assert page.all("a", href=sheet_page(sheet))
    assert not page.all("a", href=f"{paper_of(own)}2/")
    client.post(sheet_page(sheet, "count/"))

    assert count_of(own) == (2, 2)
    assert not Sheet.objects.with_staff().exists()


def test_what_staff_give_back_tells_nothing(log_in: LogIn, own: Petition) -> None:
    sheet = make_sheet(own, [BO, ANA, UNREADABLE])
    sheet.hand_in()
    type_in(sheet, [BO, ANA._replace(verdict=Verdict.DOUBLE), UNREADABLE])

    log_in(make_staff()).post(sheet_page(sheet, "give-back/"))

    sheet.refresh_from_db()
    assert not sheet.is_with_staff
    assert lines_of(sheet) == [BO, ANA, UNREADABLE]


def test_a_sheet_counts_for_a_while_after_the_end_and_is_not_kept_longer() -> None:
    sheet = make_sheet(lines=[BO])
    petition = sheet.petition
    petition.close(outcome="lost", reason="The council has voted.")

    with time_machine.travel(timezone.now() + timedelta(days=20, hours=1)):
        paper.count_sheet(sheet, by=make_staff())
        signature = Signature.objects.get()

    assert signature.kept_until_at is not None
    assert signature.kept_days == 183 - 21
    kept = timedelta(days=183)
    assert signature.kept_until_at <= petition.closed_at + kept


def test_it_counts_no_more_after_that() -> None:
    sheet = make_sheet(lines=[BO])
    sheet.petition.close(outcome="lost", reason="The council has voted.")

    with (
        time_machine.travel(timezone.now() + timedelta(days=31)),
        pytest.raises(WrongState),
    ):
        paper.count_sheet(sheet, by=make_staff())


def test_what_is_hidden_counts_no_paper(log_in: LogIn) -> None:
    sheet = make_sheet(lines=[BO])
    staff = make_staff()
    lifecycle.hide(sheet.petition, by=staff, reason="It names somebody.")
    client = log_in(staff)

    page = client.get(sheet_page(sheet, "count/"))
    client.post(sheet_page(sheet, "count/"))

    assert "paper does not count any more" in page.content.decode()
    assert not Signature.objects.exists()


def test_a_petition_without_paper_says_nothing_of_it(client: Client) -> None:
    petition = make_closed_petition()

    assert "on paper" not in client.get(petition.get_absolute_url()).content.decode()
