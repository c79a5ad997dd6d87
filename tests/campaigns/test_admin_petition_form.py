"""The form of a petition and their list say what they mean, and offer what works."""

from collections.abc import Callable

import pytest
from django.test import Client

from petitions.models import Account
from tests.campaigns.admin_forms import change_url
from tests.html import Page
from tests.makers import (
    make_draft,
    make_organizer,
    make_petition,
    make_staff,
    make_target,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
PETITIONS = "/admin/petitions/petition/"


def test_no_way_to_add_stands_beside_boxes_to_tick(log_in: LogIn) -> None:
    make_topic()
    petition = make_petition(organizers=[make_organizer()])

    form = Page.of(log_in(make_staff()).get(change_url(petition)))

    assert form.all("input", type="checkbox", name="topics")
    assert form.all("a", id="add_id_topics") == []
    assert form.all("a", id="add_id_petitionorganizer_set-0-organizer")


def test_who_may_not_change_it_reads_it_as_a_page(log_in: LogIn, rosa: Account) -> None:
    organizers = [make_organizer(member=rosa), make_organizer()]
    targets = [make_target(name="Bo Vance"), make_target()]
    petition = make_draft(
        demands=["Dig.", "Pump."], organizers=organizers, targets=targets
    )
    make_translation(petition, title="Abrid el pozo")
    petition.submit()

    page = Page.of(log_in(rosa).get(change_url(petition)))

    read = page.one("article", class_="to-read")
    assert [one.words for one in read.all("li")][:2] == ["Dig.", "Pump."]
    assert "Bo Vance" in read.words
    assert "Abrid el pozo" in read.words
    form = page.one("form", id="petition_form")
    assert [one.attributes["name"] for one in form.all("input")] == [
        "csrfmiddlewaretoken"
    ]


def test_petitions_without_a_topic_are_found_by_words(log_in: LogIn) -> None:
    make_petition(title="Open the well", topics=[make_topic(name="Water")])
    make_petition(title="Plant a tree")
    client = log_in(make_staff())

    choices = Page.of(client.get(PETITIONS)).one(id="changelist-filter").all("a")
    (none,) = [one for one in choices if one.words == "None of these"]
    found = Page.of(client.get(PETITIONS + none.attributes["href"]))

    assert "-" not in [one.words for one in choices]
    rows = found.one(id="result_list").one("tbody").all("a")
    assert [one.words for one in rows] == ["Plant a tree"]
