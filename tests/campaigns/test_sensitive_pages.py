"""Whoever reads a sensitive petition may have somebody look over their shoulder."""

import pytest
from django.http import HttpResponse
from django.test import Client

from petitions.models import Petition
from tests.html import Element, Page
from tests.makers import (
    confirm_url,
    make_confirmed_signature,
    make_petition,
    make_signature,
    make_update,
    my_signature_url,
    not_me_path,
    sign_url,
    signed_url,
)
from tests.signatures.acts import sign

pytestmark = pytest.mark.django_db


def pages_under(petition: Petition) -> list[str]:
    """Every page of which somebody could read what the petition is about."""
    update = make_update(petition)
    pending = make_signature(petition=petition)
    signature = make_confirmed_signature(petition=petition)
    mine = my_signature_url(signature)
    home = petition.get_absolute_url()
    return [
        *(home, f"{home}updates/", f"{home}reasons/", f"{home}versions/"),
        *(update.get_absolute_url(), sign_url(petition)),
        *(f"/check-your-email/{pending.key}/", confirm_url(pending)),
        *(signed_url(signature), mine, f"{mine}withdraw/", f"{mine}unsubscribe/"),
        not_me_path(signature),
    ]


def title_of(page: Element) -> str:
    return page.one("head").one("title").words


def links_of(page: Element) -> list[Element]:
    return page.one("body").all("a")


def exits(page: Element) -> list[Element]:
    return [one for one in page.all("a") if "data-quick-exit" in one.attributes]


def pages(client: Client, petition: Petition) -> dict[str, Element]:
    return {address: Page.of(client.get(address)) for address in pages_under(petition)}


@pytest.mark.slow
def test_the_tab_of_a_sensitive_petition_tells_nothing(client: Client) -> None:
    petition = make_petition(sensitive=True, title="Shelter for Jonas")

    titles = {title_of(page) for page in pages(client, petition).values()}

    assert titles == {"Petition – Undersigned"}


@pytest.mark.slow
def test_other_petitions_have_telling_titles(client: Client) -> None:
    petition = make_petition(title="Keep the bridge")

    found = pages(client, petition)

    assert title_of(found[petition.get_absolute_url()]) == (
        "Keep the bridge – Undersigned"
    )
    assert title_of(found[sign_url(petition)]) == "Sign – Keep the bridge – Undersigned"
    assert "Petition – Undersigned" not in map(title_of, found.values())


@pytest.mark.parametrize(
    ("sensitive", "title"),
    [
        (True, "Error: Petition – Undersigned"),
        (False, "Error: Sign – Shelter for Jonas – Undersigned"),
    ],
)
def test_a_mistake_stands_first_in_the_title(
    client: Client, sensitive: bool, title: str
) -> None:
    petition = make_petition(sensitive=sensitive, title="Shelter for Jonas")

    response = sign(client, petition, name="")

    assert title_of(Page.of(response)) == title


@pytest.mark.slow
def test_the_way_out_is_the_first_thing_that_a_key_reaches(
    client: Client, settings
) -> None:
    settings.EXIT_URL = "https://example.org/weather"
    petition = make_petition(sensitive=True)

    for address, page in pages(client, petition).items():
        way_out = links_of(page)[0]
        assert way_out.words == "Exit this page", address
        assert way_out.attributes["href"] == "https://example.org/weather"
        assert way_out.attributes["rel"] == "nofollow noreferrer"
        assert "target" not in way_out.attributes
        assert "Your browser still keeps this visit in its history" in page.words


def test_the_way_out_stands_beside_a_mistake_too(client: Client) -> None:
    response = sign(client, make_petition(sensitive=True), name="")

    assert len(exits(Page.of(response))) == 1


@pytest.mark.slow
def test_other_petitions_have_no_way_out(client: Client) -> None:
    for page in pages(client, make_petition()).values():
        assert exits(page) == []


def test_a_sensitive_petition_that_has_closed_keeps_the_way_out(
    client: Client,
) -> None:
    petition = make_petition(sensitive=True)
    petition.close(outcome="lost", reason="Agreed.")

    answers: list[HttpResponse] = [
        client.get(petition.get_absolute_url()),
        client.get(sign_url(petition)),
    ]

    for page in map(Page.of, answers):
        assert title_of(page) == "Petition – Undersigned"
        assert len(exits(page)) == 1
