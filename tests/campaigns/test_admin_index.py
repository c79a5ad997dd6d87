"""The first page of the admin."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.overview import MOST_PETITIONS
from petitions.models import Account, Petition
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_confirmed_signature,
    make_draft,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


def test_an_organizer_finds_their_own_petitions_first(
    log_in: LogIn, rosa: Account
) -> None:
    own = make_petition(organizers=[make_organizer(member=rosa)])
    theirs = make_petition(title="Somebody else's")

    response = log_in(rosa).get("/admin/")

    assert response.context["own_petitions"] == [own]
    assert theirs.title not in response.content.decode()
    assert response.context["waiting"] is None


@pytest.mark.parametrize(
    ("make", "links"),
    [
        (make_draft, ["Edit"]),
        (make_petition, ["Post an update", "Edit", "See it"]),
        (make_closed_petition, ["Post an update", "Edit", "See it"]),
        (make_hidden_petition, ["Read"]),
    ],
)
def test_each_petition_offers_what_can_be_done_with_it(
    log_in: LogIn, rosa: Account, make: Callable[..., Petition], links: list[str]
) -> None:
    make(organizers=[make_organizer(member=rosa)])

    page = Page.of(log_in(rosa).get("/admin/"))

    own = page.one("li", class_="own-petition")
    assert [link.words for link in own.all("a")] == links


def test_staff_see_what_waits_for_them(log_in: LogIn) -> None:
    make_draft().submit()
    make_confirmed_signature(reason="For my sister.")
    make_confirmed_signature()

    page = Page.of(log_in(make_staff()).get("/admin/"))

    words = [link.words for link in page.all("a", class_="admin-list__name")]
    assert words[:2] == ["1 petition in review", "1 reason waiting for review"]


@pytest.mark.slow
def test_the_first_page_asks_no_more_for_more_petitions(
    log_in: LogIn, rosa: Account
) -> None:
    organizer = make_organizer(member=rosa)
    make_petition(organizers=[organizer])
    client = log_in(rosa)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/")
    for _petition in range(MOST_PETITIONS):
        make_petition(organizers=[organizer])

    with CaptureQueriesContext(connection) as many:
        response = client.get("/admin/")

    assert len(many) == len(few)
    assert len(response.context["own_petitions"]) == MOST_PETITIONS
