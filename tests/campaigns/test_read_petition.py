from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle
from petitions.models import Petition
from tests.html import Element, Page
from tests.makers import (
    make_closed_petition,
    make_confirmed_signature,
    make_draft,
    make_hidden_petition,
    make_petition,
    make_rejected_petition,
    make_signature,
    make_staff,
    make_target,
    make_translation,
    make_update,
    make_won_petition,
    sign_url,
)

pytestmark = pytest.mark.django_db


def read(petition: Petition) -> Element:
    response = Client().get(petition.get_absolute_url())
    assert response.status_code == 200
    return Page.of(response)


def sign_forms(page: Element, petition: Petition) -> list[Element]:
    return page.all("form", action=sign_url(petition))


def test_an_open_petition_can_be_signed_where_it_is_read() -> None:
    petition = make_petition(title="Keep the mill", signature_count=139)

    page = read(petition)

    assert page.one("h1").words == "Keep the mill"
    assert petition.ask in page.words
    assert petition.story in page.words
    assert "139 of 200 signatures" in page.words
    (form,) = sign_forms(page, petition)
    assert form.attributes["method"] == "post"
    names = {one.attributes["name"] for one in form.all() if "name" in one.attributes}
    assert names == {
        *("name", "email", "place", "country", "reason"),
        *("show_name", "wants_updates", "version", "stamp", "website"),
    }
    assert not any("checked" in box.attributes for box in form.all(type="checkbox"))


def test_a_petition_that_reached_its_goal_can_still_be_signed() -> None:
    petition = make_petition(signature_count=210, goal=200)

    page = read(petition)

    assert "210 of 200 signatures. Goal reached." in page.words
    assert len(sign_forms(page, petition)) == 1


def test_a_closed_petition_thanks_and_names_one_thing_to_do() -> None:
    petition = make_closed_petition(
        closing_message="Thank you, all of you.",
        next_action_label="Come to the hearing",
        next_action_url="https://example.org/hearing",
    )

    page = read(petition)

    assert sign_forms(page, petition) == []
    assert "Thank you, all of you." in page.words
    assert petition.story in page.words
    links = page.all("a", href="https://example.org/hearing")
    assert {link.words for link in links} == {"Come to the hearing"}


def test_a_won_petition_tells_how_it_was_won() -> None:
    petition = make_won_petition()

    page = read(petition)

    assert sign_forms(page, petition) == []
    assert petition.outcome_summary in page.words
    assert petition.outcome_story in page.words


@pytest.mark.parametrize("make", [make_closed_petition, make_won_petition])
def test_for_a_day_the_page_says_until_when_one_can_still_confirm(
    make: Callable[..., Petition], time_machine
) -> None:
    time_machine.move_to(datetime(2026, 3, 9, 12, tzinfo=UTC), tick=False)
    petition, sensitive = make(), make(sensitive=True)

    at_once, of_sensitive = read(petition).words, read(sensitive).words
    time_machine.shift(timedelta(hours=24) - timedelta(seconds=1))
    at_last = read(petition).words
    time_machine.shift(timedelta(seconds=1))
    afterwards = read(petition).words, read(sensitive).words

    until = "with the link in our mail until 10 March 2026, 12:00 (UTC)."
    for_a_day = "can be confirmed for 24 hours after it"
    assert until in at_once
    assert until in at_last
    assert for_a_day in of_sensitive
    assert "12:00" not in of_sensitive
    assert [until in one or for_a_day in one for one in afterwards] == [False, False]


def test_a_petition_past_its_closing_time_takes_no_signatures() -> None:
    petition = make_petition(closes_at=timezone.now() - timedelta(seconds=1))

    page = read(petition)

    assert petition.state == "open"  # no worker has come by yet
    assert sign_forms(page, petition) == []


def test_a_draft_is_not_found(client: Client) -> None:
    draft, in_review = make_draft(title="Still thinking"), make_draft()
    lifecycle.submit(in_review, by=make_staff())

    responses = [
        client.get(petition.get_absolute_url()) for petition in (draft, in_review)
    ]

    assert [response.status_code for response in responses] == [404, 404]
    assert b"Still thinking" not in responses[0].content


def test_a_rejected_petition_says_what_it_asked_and_why_not(client: Client) -> None:
    petition = make_rejected_petition(title="Ban the rain", story="It is so wet.")

    response = client.get(petition.get_absolute_url())

    assert response.status_code == 410
    assert petition.withheld_reason in response.content.decode()
    assert "Ban the rain" in response.content.decode()
    assert petition.ask in response.content.decode()
    assert petition.story not in response.content.decode()


def test_nothing_of_a_hidden_petition_can_be_read_anywhere(client: Client) -> None:
    petition = make_hidden_petition(
        title="Title that names Jonas",
        ask="Ask that names Jonas.",
        story="Story that names Jonas.",
        demands=["Demand that names Jonas"],
        targets=[make_target(name="Magda")],
    )
    make_translation(petition, title="Título que nombra a Jonas")
    update = make_update(petition, title="Update that names Jonas")
    own = petition.get_absolute_url()

    answers = {
        path: client.get(path)
        for path in [
            *(own, f"/es{own}", f"{own}updates/", update.get_absolute_url()),
            *(f"{own}reasons/", f"{own}versions/", f"{own}count.json", f"{own}feed/"),
            *(f"{own}sign/", "/", "/petitions/", "/petitions/?q=Jonas", "/feed/"),
            *("/sitemap.xml", petition.organizers.get().get_absolute_url()),
            petition.targets.get().get_absolute_url(),
        ]
    }

    assert answers[own].status_code == 410
    assert petition.withheld_reason in answers[own].content.decode()
    assert [
        path for path, answer in answers.items() if b"names Jonas" in answer.content
    ] == []
    assert b"nombra a Jonas" not in answers[f"/es{own}"].content
    gone = [own, f"/es{own}"]
    lists = ["/", "/petitions/", "/petitions/?q=Jonas", "/feed/", "/sitemap.xml"]
    lists += [path for path in answers if path.startswith(("/by/", "/to/"))]
    assert {
        path: answer.status_code
        for path, answer in answers.items()
        if path not in [*gone, *lists]
    } == {path: 404 for path in answers if path not in [*gone, *lists]}
    assert [
        path for path in lists if petition.slug.encode() in answers[path].content
    ] == []


def test_a_restored_petition_is_back(client: Client) -> None:
    petition = make_hidden_petition()

    lifecycle.restore(petition, by=make_staff(), reason="The name is gone.")

    assert client.get(petition.get_absolute_url()).status_code == 200


def test_two_strangers_get_the_same_bytes_and_no_cookie() -> None:
    petition = make_petition()
    url = petition.get_absolute_url()

    here = Client().get(url)
    there = Client(
        headers={"User-Agent": "Another", "Accept-Language": "es", "Cookie": "a=b"}
    ).get(url)

    assert here.content == there.content
    assert dict(here.headers) == dict(there.headers)
    assert not here.cookies
    assert "Cookie" not in here.get("Vary", "")


def test_a_cache_may_keep_the_page_for_a_moment(client: Client) -> None:
    response = client.get(make_petition().get_absolute_url())

    directives = dict(
        directive.strip().partition("=")[::2]
        for directive in response["Cache-Control"].split(",")
    )
    assert "public" in directives
    assert int(directives["max-age"]) <= 10


def test_a_page_that_is_known_is_not_sent_again(client: Client) -> None:
    petition = make_petition()
    url = petition.get_absolute_url()
    tag = client.get(url)["ETag"]

    unchanged = client.get(url, headers={"If-None-Match": tag})
    make_update(petition)
    changed = client.get(url, headers={"If-None-Match": tag})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_a_hidden_page_is_kept_by_no_cache(client: Client) -> None:
    response = client.get(make_hidden_petition().get_absolute_url())

    assert "public" not in response.get("Cache-Control", "")


def test_the_words_stand_in_the_readers_language(client: Client) -> None:
    petition = make_petition(title="Keep the mill")
    make_translation(petition, title="Salvemos el molino")

    english = Page.of(client.get(petition.get_absolute_url()))
    spanish = Page.of(client.get("/es" + petition.get_absolute_url()))

    assert english.one("h1").words == "Keep the mill"
    assert spanish.one("h1").words == "Salvemos el molino"
    assert spanish.one("html").attributes["lang"] == "es"


def test_words_in_another_language_say_which_it_is(client: Client) -> None:
    petition = make_petition(language="es", title="Salvemos el molino")

    page = Page.of(client.get(petition.get_absolute_url()))

    heading = page.one("h1")
    assert heading.words == "Salvemos el molino"
    assert any(one.attributes.get("lang") == "es" for one in [heading, *heading.all()])


def test_a_sensitive_petition_shows_first_names_and_no_places() -> None:
    petition = make_petition(sensitive=True)
    signature = make_confirmed_signature(
        petition=petition, name="Ines Duarte", place="Oldport", show_name=True
    )

    page = read(petition)

    assert signature.state == "confirmed"
    assert "Ines" in page.words
    assert "Duarte" not in page.words
    assert "Oldport" not in page.words


def test_only_what_signers_turned_on_is_shown() -> None:
    petition = make_petition()
    fields = {"petition": petition, "reason": "Because", "place": "Oldport"}
    make_confirmed_signature(name="Shown Sanna", show_name=True, **fields)
    make_confirmed_signature(name="Hidden Hugo", email="hugo@example.net", **fields)
    make_signature(name="Pending Pia", show_name=True, **fields)

    page = read(petition)

    assert "Shown Sanna" in page.words
    assert "Hidden Hugo" not in page.words
    assert "hugo@example.net" not in page.words
    assert "Pending Pia" not in page.words
    assert "Because" not in page.words  # reasons wait for review


def test_what_a_petition_says_cannot_run(client: Client) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    petition = make_petition(title=evil, ask=evil, story=evil, demands=[evil])
    make_update(petition, title=evil, body=evil, url="https://example.org/")
    make_confirmed_signature(petition=petition, name=evil, show_name=True)

    page = Page.of(client.get(petition.get_absolute_url()))

    scripts = [one for one in page.all("script") if "src" not in one.attributes]
    assert [one.attributes for one in scripts] == [{"type": "application/ld+json"}]
    assert page.all("img", src="x") == []
