"""An organizer prints a sheet for signatures; a reader prints the petition."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from petitions.models import Petition
from tests.html import Element, Page
from tests.makers import (
    make_closed_petition,
    make_confirmed_signature,
    make_counted_signature,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_target,
    make_translation,
    make_won_petition,
)

pytestmark = pytest.mark.django_db


def sheet_of(petition: Petition, client: Client, *, prefix: str = "") -> Element:
    response = client.get(f"{prefix}{petition.get_absolute_url()}?paper=1")
    assert response.status_code == 200
    return Page.of(response)


def test_the_sheet_says_what_is_signed_and_who_asks_whom(client: Client) -> None:
    petition = make_petition(
        title="Keep the bridge",
        ask="Keep the bridge open.",
        demands=["Mend the railing.", "Light it at night."],
        organizers=[make_organizer(name="Bridge Friends")],
        targets=[make_target(name="Ina Moor", organization="Town Council")],
    )

    page = sheet_of(petition, client)

    sheet = page.one("article", class_="sheet")
    assert sheet.one("h1").words == "Keep the bridge"
    for words in [
        *("Keep the bridge open.", "Mend the railing.", "Light it at night."),
        *("Petition to Ina Moor, Town Council", "by Bridge Friends"),
        f"testserver/petitions/{petition.slug}/",
    ]:
        assert words in sheet.words
    assert sheet.one("img").attributes["src"] == (
        f"/petitions/{petition.slug}/qr.svg?via=paper"
    )


def test_two_pages_of_twelve_numbered_lines_wait_to_be_filled(client: Client) -> None:
    page = sheet_of(make_petition(), client)

    lines = page.one("tbody").all("tr")
    assert [line.one("th").words for line in lines] == [
        str(number) for number in range(1, 25)
    ]
    assert {line.words for line in lines} == {line.one("th").words for line in lines}
    assert {len(line.all("td")) for line in lines} == {4}
    columns = [one.words for one in page.one("thead").all("th", scope="col")]
    assert columns == [
        *("Number", "Full name", "Town or region", "E-mail (optional)", "Signature")
    ]


def test_what_is_signed_and_what_happens_with_it_stands_on_each_page(
    client: Client, settings
) -> None:
    settings.CONTACT_EMAIL = "help@example.org"
    petition = make_petition(
        title="Keep the bridge",
        closes_at=timezone.now() + timedelta(days=30),
    )

    page = sheet_of(petition, client)

    assert "We sign the petition Keep the bridge" in page.one("thead").words
    terms = page.one("tfoot").words
    assert "for this petition alone" in terms
    assert "Questions: help@example.org" in terms
    assert "Return this sheet before" in terms


def test_a_site_without_an_address_for_questions_prints_none(client: Client) -> None:
    terms = sheet_of(make_petition(), client).one("tfoot").words

    assert "Questions" not in terms
    assert terms.endswith("Return this sheet to")


@pytest.mark.parametrize("make", [make_closed_petition, make_won_petition])
def test_what_has_ended_shows_its_page_in_place_of_a_sheet(
    client: Client, make
) -> None:
    petition = make()
    address = petition.get_absolute_url()

    asked = client.get(f"{address}?paper=1")

    assert asked.status_code == 200
    assert "campaigns/petition.html" in [one.name for one in asked.templates]
    assert "?paper=1" not in asked.content.decode()


def test_what_is_hidden_has_no_sheet(client: Client) -> None:
    petition = make_hidden_petition(title="Keep the bridge")

    response = client.get(f"{petition.get_absolute_url()}?paper=1")

    assert response.status_code == 410
    assert "Keep the bridge" not in response.content.decode()


def test_the_sheet_holds_no_signer_and_no_form(client: Client) -> None:
    petition = make_petition()
    make_confirmed_signature(petition=petition, name="Ana Quispe", show_name=True)

    page = sheet_of(petition, client)

    assert "Ana Quispe" not in page.words
    assert page.all("form") == page.all("input") == []


def test_the_sheet_is_in_the_readers_language(client: Client) -> None:
    petition = make_petition()
    make_translation(petition, title="El puente sigue abierto")

    page = sheet_of(petition, client, prefix="/es")

    assert page.one("h1").words == "El puente sigue abierto"


def test_a_sheet_of_a_sensitive_petition_warns_and_has_the_way_out(
    client: Client,
) -> None:
    page = sheet_of(make_petition(sensitive=True), client)

    assert "only where that is safe" in page.words
    assert "Exit this page" in page.words
    assert page.one("head").one("title").words == "Petition – Undersigned"


def test_an_open_petition_leads_to_its_sheet(client: Client) -> None:
    page = Page.of(client.get(make_petition().get_absolute_url()))

    assert page.one("a", href="?paper=1").words == "Print a sheet for signatures"


@time_machine.travel("2026-11-22T12:00:00Z", tick=False)
def test_a_printed_petition_says_how_many_and_when_and_where_to_sign(
    client: Client,
) -> None:
    petition = make_petition()
    make_counted_signature(petition=petition)

    page = Page.of(client.get(petition.get_absolute_url()))

    printed = page.one(class_="printed")
    assert printed.words == (
        "1 signature on 22 November 2026 "
        f"Read and sign it here: http://testserver/petitions/{petition.slug}/"
    )
    assert printed.one("img").attributes["src"].endswith("/qr.svg?via=paper")
