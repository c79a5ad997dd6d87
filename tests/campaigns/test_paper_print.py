"""Organizers print sheets, each with a number of its own."""

import pytest
from django.test import Client

from campaigns.models import Event, EventKind
from petitions.models import Account, Petition
from signatures.models import Sheet
from tests.campaigns.paper import ANA, LogIn, lines_of, paper_of
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_draft,
    make_moderator,
    make_petition,
    make_sheet,
    make_staff,
)

pytestmark = pytest.mark.django_db
PAGES = ["", "print/1-1/", "1/", "1/lines/", "1/count/", "1/undo/"]


def numbers_of(petition: Petition) -> list[int]:
    sheets = Sheet.objects.for_petition(petition).order_by("number")
    return list(sheets.values_list("number", flat=True))


def test_sheets_get_numbers_and_are_shown_to_be_printed(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    client = log_in(rosa)

    response = client.post(paper_of(own), {"many": 3, "after": 0}, follow=True)

    assert response.redirect_chain == [(f"{paper_of(own)}print/1-3/", 302)]
    page = Page.of(response)
    assert [one.words for one in page.all("p", class_="sheet__serial")] == [
        *("Sheet 1", "Sheet 2", "Sheet 3")
    ]
    sheet = page.all("article", class_="sheet")[0]
    assert len(sheet.one("tbody").all("tr")) == 12
    assert sheet.one("img").attributes["src"].endswith("/qr.svg?via=paper")
    assert f"testserver/petitions/{own.slug}/" in sheet.words
    assert "deleted on the site 6 months after this petition ends" in sheet.words
    event = Event.objects.get(kind=EventKind.SHEETS_PRINTED)
    assert (event.petition, event.by, event.note) == (own, rosa, "1–3")


def test_the_numbers_go_on(log_in: LogIn, rosa: Account, own: Petition) -> None:
    client = log_in(rosa)
    client.post(paper_of(own), {"many": 2, "after": 0})

    client.post(paper_of(own), {"many": 2, "after": 2})

    assert numbers_of(own) == [1, 2, 3, 4]


def test_a_form_that_is_sent_twice_makes_them_once(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    client = log_in(rosa)
    form = {"many": 5, "after": 0}
    client.post(paper_of(own), form)

    again = client.post(paper_of(own), form, follow=True)

    assert numbers_of(own) == [1, 2, 3, 4, 5]
    assert "Sheets were made a moment ago" in again.content.decode()
    assert Event.objects.filter(kind=EventKind.SHEETS_PRINTED).count() == 1


@pytest.mark.parametrize("many", ["0", "51", "-1", "x", "", "9" * 30])
def test_so_many_cannot_be_printed(
    log_in: LogIn, rosa: Account, own: Petition, many: str
) -> None:
    response = log_in(rosa).post(paper_of(own), {"many": many, "after": "0"})

    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert numbers_of(own) == []


def test_one_can_be_printed_again(log_in: LogIn, rosa: Account, own: Petition) -> None:
    make_sheet(own)
    make_sheet(own)

    page = Page.of(log_in(rosa).get(f"{paper_of(own)}print/2-2/"))

    assert page.one("p", class_="sheet__serial").words == "Sheet 2"


def test_a_sheet_says_what_its_version_said(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    make_sheet(own)
    before = own.title
    own.title = "Keep it for ever"
    own.revise(by=None, reason="More of it.")
    make_sheet(own)

    page = Page.of(log_in(rosa).get(f"{paper_of(own)}print/1-2/"))

    assert [title.words for title in page.all("h1")] == [before, "Keep it for ever"]


def test_a_sheet_is_in_the_petitions_language(log_in: LogIn) -> None:
    petition = make_petition(language="es", title="Que abra")
    make_sheet(petition)

    page = log_in(make_staff()).get(f"{paper_of(petition)}print/1-1/")

    assert 'lang="es"' in page.content.decode()


@pytest.mark.parametrize("numbers", ["2-5", "5-1", "0-0", f"1{'0' * 30}-1{'0' * 31}"])
def test_what_has_no_sheet_is_not_there(
    log_in: LogIn, rosa: Account, own: Petition, numbers: str
) -> None:
    make_sheet(own)

    assert log_in(rosa).get(f"{paper_of(own)}print/{numbers}/").status_code == 404


@pytest.mark.parametrize("make", [make_draft, make_closed_petition])
def test_nothing_is_printed_of_what_is_not_open(log_in: LogIn, make) -> None:
    petition = make()
    client = log_in(make_staff())

    page = client.get(paper_of(petition))
    posted = client.post(paper_of(petition), {"many": 1, "after": 0}, follow=True)
    printed = client.get(f"{paper_of(petition)}print/1-1/", follow=True)

    for answer in (page, posted, printed):
        assert "Sheets can be printed while" in answer.content.decode()
    assert numbers_of(petition) == []


def test_a_sheet_is_found_by_its_number(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    make_sheet(own)
    client = log_in(rosa)

    assert client.get(f"{paper_of(own)}?number=1")["Location"] == f"{paper_of(own)}1/"
    for wrong in ["2", "x", "9" * 40, "\0"]:
        answer = client.get(paper_of(own), {"number": wrong})
        assert "There is no sheet of this number" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_anothers_sheets_do_not_exist(
    log_in: LogIn, rosa: Account, own: Petition, page: str, method: str
) -> None:
    foreign = make_sheet(make_petition())

    response = getattr(log_in(rosa), method)(f"{paper_of(foreign.petition)}{page}")

    assert response.status_code == 404


@pytest.mark.parametrize("page", [*PAGES, "1/compare/", "1/give-back/"])
def test_paper_is_for_organizers_and_staff_alone(
    client: Client, log_in: LogIn, own: Petition, page: str
) -> None:
    sheet = make_sheet(own, [ANA])
    url = f"{paper_of(own)}{page}"

    strangers = [ask(url) for ask in (client.get, client.post)]
    moderator = log_in(make_moderator())
    moderators = [ask(url).status_code for ask in (moderator.get, moderator.post)]

    for answer in strangers:
        assert answer["Location"].startswith("/admin/login/?next=")
    assert moderators == [403, 403]
    assert lines_of(sheet) == [ANA]


def test_a_number_of_anothers_sheet_is_none_of_ones_own(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    make_sheet(make_petition())

    for page in ["1/", "1/lines/", "1/count/", "1/undo/", "print/1-1/"]:
        assert log_in(rosa).get(f"{paper_of(own)}{page}").status_code == 404


@pytest.mark.parametrize("page", ["1/compare/", "1/give-back/"])
def test_some_is_for_staff_alone(
    log_in: LogIn, rosa: Account, own: Petition, page: str
) -> None:
    make_sheet(own)

    assert log_in(rosa).post(f"{paper_of(own)}{page}").status_code == 403
    client = log_in(make_staff())
    assert client.get(f"{paper_of(own)}{page}").status_code == 405
