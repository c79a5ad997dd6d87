"""Of two who edit the words of a petition at once, neither takes back the other's."""

from collections.abc import Callable

import pytest
from django.test import Client

from petitions.models import Account, Petition
from tests.campaigns.admin_forms import change_url
from tests.html import Page, as_sent
from tests.makers import (
    make_draft,
    make_organizer,
    make_petition,
    make_staff,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
TOLD = "Somebody else has changed the words meanwhile."
WHY = {"edit_reason": "Clearer."}


def open_form(client: Client, petition: Petition) -> dict[str, str]:
    return sent_of(client.get(change_url(petition)))


def sent_of(answer: object) -> dict[str, str]:
    return as_sent(Page.of(answer).one("form", id="petition_form"))


def words_of_others(answer: object) -> str:
    return Page.of(answer).one("section", class_="changes-asked").words


@pytest.mark.parametrize("make", [make_draft, make_petition])
def test_who_saves_second_sees_both_and_decides(
    log_in: LogIn, make: Callable[..., Petition]
) -> None:
    petition, client = make(title="Keep the mill"), log_in(make_staff())
    first, second = open_form(client, petition), open_form(client, petition)

    saved = client.post(change_url(petition), {**first, **WHY, "title": "Keep it"})
    mine = {**second, **WHY, "title": "Save it", "goal": "90"}
    answer = client.post(change_url(petition), mine)

    petition.refresh_from_db()
    assert (saved.status_code, answer.status_code) == (302, 200)
    assert (petition.title, petition.goal) == ("Keep it", None)
    assert TOLD in Page.of(answer).words
    assert "Title (English) Keep it" in words_of_others(answer)
    assert "Story" not in words_of_others(answer)
    again = sent_of(answer)
    assert (again["title"], again["goal"]) == ("Save it", "90")
    assert client.post(change_url(petition), again).status_code == 302
    petition.refresh_from_db()
    assert (petition.title, petition.goal) == ("Save it", 90)


def test_what_was_ticked_stays_ticked(log_in: LogIn) -> None:
    petition, client = make_draft(), log_in(make_staff())
    topics = [str(make_topic().pk) for _ in range(2)]
    mine = {**open_form(client, petition), "topics": topics}
    Petition.objects.filter(pk=petition.pk).update(title="Keep it")

    page = Page.of(client.post(change_url(petition), mine))

    boxes = page.all("input", name="topics")
    assert [
        one.attributes["value"] for one in boxes if "checked" in one.attributes
    ] == (topics)


def test_who_edits_no_words_takes_none_back(log_in: LogIn, rosa: Account) -> None:
    petition = make_draft(organizers=[make_organizer(member=rosa)])
    client = log_in(rosa)
    mine = {**open_form(client, petition), "goal": "90"}
    Petition.objects.filter(pk=petition.pk).update(story="Anew.")

    answer = client.post(change_url(petition), mine)

    petition.refresh_from_db()
    assert (petition.story, petition.goal) == ("Anew.", None)
    assert "Story (English) Anew." in words_of_others(answer)


@pytest.mark.parametrize("make", [make_draft, make_petition])
def test_translations_are_words_too(
    log_in: LogIn, make: Callable[..., Petition]
) -> None:
    petition = make()
    translation, client = make_translation(petition), log_in(make_staff())
    mine = {**open_form(client, petition), "translations-0-ask": "Cierren."}
    petition.translations.update(ask="Abran.")

    answer = client.post(change_url(petition), mine)

    translation.refresh_from_db()
    assert translation.ask == "Abran."
    assert "What we ask for (Spanish) Abran." in words_of_others(answer)
    again = sent_of(answer)
    assert again["translations-0-ask"] == "Cierren."
    assert client.post(change_url(petition), again).status_code == 302
    translation.refresh_from_db()
    assert translation.ask == "Cierren."


def test_a_translation_that_went_away_is_told(log_in: LogIn) -> None:
    petition = make_draft()
    make_translation(petition)
    client = log_in(make_staff())
    mine = {**open_form(client, petition), "title": "Save it"}
    petition.translations.all().delete()

    answer = client.post(change_url(petition), mine)

    assert TOLD in Page.of(answer).words
    petition.refresh_from_db()
    assert petition.title != "Save it"


def test_signing_and_other_fields_disturb_nobody(log_in: LogIn) -> None:
    petition, client = make_petition(), log_in(make_staff())
    mine = {**open_form(client, petition), **WHY, "title": "Save it"}
    rows = Petition.objects.filter(pk=petition.pk)
    rows.update(signature_count=90, closing_message="Thanks.")

    assert client.post(change_url(petition), mine).status_code == 302
