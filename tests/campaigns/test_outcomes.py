"""How petitions ended: everybody reads the list, the lost ones too."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import paging
from petitions.models import Petition
from tests.html import Element, Page
from tests.makers import (
    make_closed_petition,
    make_hidden_petition,
    make_petition,
    make_promise,
    make_target,
    make_won_petition,
)

pytestmark = pytest.mark.django_db

PROOF = "https://council.example.org/minutes/12"


def page_of(client: Client, query: str = "") -> Element:
    return Page.of(client.get(f"/outcomes/{query}"))


def titles(page: Element) -> list[str]:
    return [title.words for title in page.all("h2", class_="ended__title")]


def numbers(page: Element) -> dict[str, str]:
    links = [link.words for link in page.all("a", class_="filters__link")]
    return dict(words.replace("\xa0", " ").rsplit(" ", 1) for words in links)


def make_ended(outcome: str, **fields: object) -> Petition:
    petition = make_petition(**fields)
    petition.close(outcome=outcome, reason="So it went.")
    return petition


def test_each_ending_is_told_with_its_sentence_and_its_proof(client: Client) -> None:
    mayor = make_target(name="Bo Vance")
    petition = make_petition(title="Keep the mill", targets=[mayor])
    petition.close(outcome="lost", reason="They sold it.", proof_url=PROOF)
    make_promise(petition, text="A plaque.", answer="kept", answered_at=timezone.now())

    item = page_of(client).one("li", class_="ended__item")

    for words in ("Lost", "Keep the mill", "To Bo Vance", "They sold it."):
        assert words in item.words
    assert "0 signatures" in item.words
    assert "A plaque. Kept" in item.words
    assert item.one("a", href=PROOF).words == "What shows it: council.example.org"
    assert item.one("a", href=petition.get_absolute_url())


def test_a_victory_is_told_in_the_words_of_its_outcome(client: Client) -> None:
    make_won_petition()

    item = page_of(client).one("li", class_="ended__item")

    assert "The bridge stays open." in item.words
    assert "No proof was given." in item.words


def test_each_way_of_ending_has_its_number_and_its_list(client: Client) -> None:
    make_won_petition(title="The mill")
    make_ended("lost", title="The ferry")
    make_ended("lost", title="The bus")
    make_petition(title="Still open")

    page = page_of(client, "?outcome=lost")

    assert titles(page) == ["The bus", "The ferry"]
    assert numbers(page) == {
        "All": "(3)",
        "Won": "(1)",
        "Won in part": "(0)",
        "Lost": "(2)",
        "Withdrawn": "(0)",
        "Out of time": "(0)",
    }
    assert page.one("a", **{"aria-current": "true"}).words.startswith("Lost")


def test_what_ended_last_comes_first(client: Client) -> None:
    first, second, third = (make_closed_petition(title=title) for title in "ABC")
    now = timezone.now()
    for days, petition in enumerate([third, first, second]):
        day = now - timedelta(days=days + 1)
        Petition.objects.filter(pk=petition.pk).update(closed_at=day)
    second.win(summary="After all.")

    assert titles(page_of(client)) == ["B", "C", "A"]


@pytest.mark.parametrize("query", ["?outcome=draw", "?outcome=%00", "?page=x"])
def test_nonsense_counts_as_not_asked(client: Client, query: str) -> None:
    make_closed_petition(title="The mill")

    assert titles(page_of(client, query)) == ["The mill"]


def test_what_nobody_may_read_and_what_nobody_knows_is_not_listed(
    client: Client,
) -> None:
    make_hidden_petition()
    make_won_petition().hide(reason="It names somebody.")
    unknown = make_closed_petition()
    Petition.objects.filter(pk=unknown.pk).update(outcome="")

    page = page_of(client)

    assert titles(page) == []
    assert numbers(page)["All"] == "(0)"
    assert "No petition has ended like this yet." in page.words


def test_how_few_have_signed_a_sensitive_one_is_not_told(client: Client) -> None:
    petition = make_ended("lost", sensitive=True, title="A shelter")
    Petition.objects.filter(pk=petition.pk).update(signature_count=7)

    item = page_of(client).one("li", class_="ended__item")

    assert "Fewer than 40 signatures" in item.words
    assert "7 sign" not in item.words


def test_a_long_list_has_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PER_PAGE", 2)
    for title in "ABC":
        make_ended("lost", title=title)

    assert titles(page_of(client, "?outcome=lost")) == ["C", "B"]
    assert titles(page_of(client, "?outcome=lost&page=2")) == ["A"]
    links = page_of(client, "?outcome=lost").all("a", class_="pages__link")
    assert links[-1].attributes["href"] == "?outcome=lost&page=2"


def test_it_asks_no_more_for_more_petitions(client: Client) -> None:
    asked = []
    for number in (1, 3):
        for _ in range(number):
            make_promise(make_ended("lost", targets=[make_target()]))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/outcomes/")
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 12


def test_it_is_the_same_for_everybody_and_may_be_kept(client: Client) -> None:
    response = client.get("/outcomes/")

    assert response["Cache-Control"].startswith("public, max-age=1")
    assert not response.cookies


def test_every_page_leads_to_it_and_machines_find_it(client: Client) -> None:
    footer = Page.of(client.get("/")).one("footer")

    assert footer.one("a", href="/outcomes/").words == "How petitions ended"
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "<loc>http://testserver/outcomes/</loc>" in sitemap
    assert "<loc>http://testserver/es/outcomes/</loc>" in sitemap
