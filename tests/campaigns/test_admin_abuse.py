"""Staff see how signatures came in the last hours: from a crowd, or from a machine."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.admin import abuse
from petitions.models import Account
from signatures.models import Trace
from signatures.models.sources import Source
from tests.html import Element, Page
from tests.makers import (
    make_confirmed_signature,
    make_held_signature,
    make_petition,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
ABUSE = "/admin/signatures/exclusion/abuse/"


@pytest.fixture
def staff(log_in: LogIn) -> Client:
    return log_in(make_staff())


def table_of(page: Element, caption: str) -> Element:
    (found,) = [
        table for table in page.all("table") if table.one("caption").words == caption
    ]
    return found


def rows_of(page: Element, caption: str) -> list[tuple[str, ...]]:
    return [
        (
            row.one("span", class_="abuse__label").words,
            *(cell.words for cell in row.all("td")),
        )
        for row in table_of(page, caption).one("tbody").all("tr")
        if row.all("span", class_="abuse__label")
    ]


def test_it_counts_what_was_started_held_and_confirmed(staff: Client) -> None:
    petition = make_petition()
    make_held_signature(petition=petition, email="a@spam.example")
    make_signature(
        petition=petition,
        email="b@spam.example",
        source=Source(network_key="f" * 32, score=40, signs="no-stamp,throwaway"),
    )
    make_confirmed_signature(petition=petition, email="c@friends.example")

    page = Page.of(staff.get(ABUSE))

    assert [numbers for _hour, *numbers in rows_of(page, "By hour")] == [
        ["3", "1", "1"]
    ]
    assert rows_of(page, "By domain of the address") == [
        ("spam.example", "2", "1", "0"),
        ("friends.example", "1", "0", "1"),
    ]
    assert rows_of(page, "By network") == [
        ("ffffffff…", "2", "1", "0"),
        ("not counted", "1", "0", "1"),
    ]
    assert rows_of(page, "By what speaks against them") == [
        ("0: –", "1", "0", "1"),
        ("40: Form without a stamp of this day, Throwaway address", "1", "0", "0"),
        ("60: Hidden field filled in", "1", "1", "0"),
    ]
    assert rows_of(page, "By petition") == [(petition.slug, "3", "1", "1")]


def test_of_one_petition_it_counts_only_that_one(staff: Client) -> None:
    petition = make_petition()
    make_signature(petition=petition, email="a@spam.example")
    make_signature(email="b@spam.example")

    page = Page.of(staff.get(f"{ABUSE}?petition={petition.pk}"))

    assert rows_of(page, "By domain of the address") == [
        ("spam.example", "1", "0", "0")
    ]
    assert page.one("h1").words == f"Abuse: {petition}"


def test_it_looks_back_a_day_or_two(staff: Client) -> None:
    for hours in (1, 30, 50):
        signature = make_signature(email=f"a@h{hours}.example")
        at = timezone.now() - timedelta(hours=hours)
        Trace.objects.filter(signature=signature).update(started_at=at)

    listed = [
        [domain for domain, *_numbers in rows_of(page, "By domain of the address")]
        for page in [Page.of(staff.get(ABUSE)), Page.of(staff.get(f"{ABUSE}?hours=48"))]
    ]

    assert listed == [["h1.example"], ["h1.example", "h30.example"]]


@pytest.mark.parametrize(
    "query",
    ["petition=0", "petition=x", "petition=" + "9" * 40, "hours=-1", "hours=\0"],
)
def test_what_an_address_asks_wrongly_is_left_out(staff: Client, query: str) -> None:
    make_signature(email="a@spam.example")

    page = staff.get(f"{ABUSE}?{query}")

    assert page.status_code == 200
    assert len(rows_of(Page.of(page), "By domain of the address")) == 1


def test_each_row_leads_to_excluding_just_that(staff: Client) -> None:
    petition = make_petition()
    make_held_signature(petition=petition, email="a@spam.example")
    make_confirmed_signature(petition=petition, email="b@friends.example")
    page = Page.of(staff.get(f"{ABUSE}?petition={petition.pk}"))

    def matched(caption: str) -> str:
        row = table_of(page, caption).one("tbody").all("tr")[-1]
        (link,) = row.all("a", class_="abuse__link")
        form = Page.of(staff.get(link.attributes["href"]))
        filled = {
            one.attributes["name"]: one.attributes.get("value", "")
            for one in form.all("input")
            if "name" in one.attributes
        }
        seen = Page.of(staff.post(link.attributes["href"], filled | {"reason": "Bots"}))
        return seen.one("strong").words

    assert matched("By hour") == "1 counted, 1 not confirmed"
    assert matched("By domain of the address") == "0 counted, 1 not confirmed"
    (held,) = [one for one in page.all("a") if one.words == "Held signatures"]
    listed = staff.get(held.attributes["href"]).context["cl"].result_list
    assert len(listed) == 1


def test_no_name_and_no_address_stands_there(staff: Client) -> None:
    make_held_signature(name="Quiet Quentin", email="quentin@example.org")

    page = staff.get(ABUSE)

    assert b"uentin" not in page.content
    assert b"f" * 32 in page.content  # only to exclude by it


@pytest.mark.slow
def test_it_asks_no_more_for_more_and_shows_the_most(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(abuse, "MOST_LINES", 3)
    make_signature()
    petition = make_petition()

    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            staff.get(ABUSE + query)
        return len(queries)

    queries = ["", f"?petition={petition.pk}"]
    few = [asked(query) for query in queries]
    for number in range(5):
        for _one in range(number):
            make_signature(email=f"a@d{number}.example")

    assert [asked(query) for query in queries] == few
    page = Page.of(staff.get(ABUSE))
    assert [row[:2] for row in rows_of(page, "By domain of the address")] == [
        ("d4.example", "4"),
        ("d3.example", "3"),
        ("d2.example", "2"),
    ]
    tables = [
        one["sql"]
        for one in _captured(staff)
        if "signatures_trace" in one["sql"] or "petitions_petition" in one["sql"]
    ]
    assert len(tables) == 6


def _captured(client: Client) -> list[dict[str, str]]:
    with CaptureQueriesContext(connection) as queries:
        client.get(ABUSE)
    return queries.captured_queries


def test_of_very_many_only_the_newest_are_read(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(abuse, "MOST_TRACES", 2)
    for hours in (1, 2, 3, 4):
        signature = make_signature(email=f"a@h{hours}.example")
        at = timezone.now() - timedelta(hours=hours)
        Trace.objects.filter(signature=signature).update(started_at=at)

    page = Page.of(staff.get(ABUSE))

    assert len(rows_of(page, "By domain of the address")) == 3
    assert "only those since" in page.words


def test_a_page_without_signatures_says_so(staff: Client) -> None:
    page = Page.of(staff.get(ABUSE))

    assert "Nothing is listed here." in table_of(page, "By hour").words


def test_the_first_page_and_a_petitions_page_lead_there(staff: Client) -> None:
    petition = make_petition()

    links = {
        one.attributes.get("href")
        for url in ["/admin/", f"/admin/petitions/petition/{petition.pk}/overview/"]
        for one in Page.of(staff.get(url)).all("a")
    }

    assert {ABUSE, f"{ABUSE}?petition={petition.pk}"} <= links
