"""What everybody reads of a petition that was rejected: its rule, or nothing."""

import pytest
from django.test import Client

import campaigns.urls
import signatures.urls
from campaigns import moderation
from petitions.models import Petition
from tests.makers import (
    make_organizer,
    make_review,
    make_staff,
    make_target,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("in_public", [True, False])
def test_a_rejection_shows_its_rule_or_nothing(client: Client, in_public: bool) -> None:
    petition = make_review(
        title="Chase Jonas away",
        slug="one",
        ask="Jonas has to go.",
        story="He is loud.",
    )
    moderation.reject(
        petition,
        by=make_staff(),
        code="personal",
        reason="It names a neighbor.",
        in_public=in_public,
    )

    answer = client.get(petition.get_absolute_url())
    page = answer.content.decode()

    told = [
        *("Chase Jonas away", "Jonas has to go.", "It names a neighbor."),
        "It names or endangers a private person",
    ]
    assert answer.status_code == 410
    assert [words in page for words in told] == [in_public] * 4
    assert "He is loud." not in page


def addresses_of(petition: Petition) -> list[str]:
    """Every one that stands under its own."""
    pages = [*campaigns.urls.urlpatterns, *signatures.urls.urlpatterns]
    routes = [str(page.pattern) for page in pages]
    own = "petitions/<slug:slug>/"
    under = [route.removeprefix(own) for route in routes if route.startswith(own)]
    url = petition.get_absolute_url()
    return [url + one.replace("<int:pk>", "1") for one in under if one]


def test_what_is_rejected_in_silence_tells_nothing_anywhere(client: Client) -> None:
    organizer, target, topic = make_organizer(), make_target(), make_topic()
    petition = make_review(
        title="Chase Jonas away",
        slug="one",
        ask="Jonas has to go.",
        organizers=[organizer],
        targets=[target],
        topics=[topic],
    )
    make_translation(petition, title="Que se vaya Jonas")
    moderation.reject(
        petition, by=make_staff(), code="personal", reason="Jonas!", in_public=False
    )
    Petition.objects.to_index()
    Petition.objects.index()
    url = petition.get_absolute_url()
    around = [one.get_absolute_url() for one in (organizer, target, topic)]
    lists = ["/", "/petitions/?q=chase", "/feed/", "/sitemap.xml", "/outcomes/"]
    under = addresses_of(petition)

    own = {at: client.get(at) for at in [url, f"/es{url}"]}
    answers = {at: client.get(at) for at in [*under, *around, *lists]}

    assert len(under) >= 13
    everywhere = {**own, **answers}
    assert {at for at, one in everywhere.items() if b"Jonas" in one.content} == set()
    assert {one.status_code for one in own.values()} == {410}
    assert {at: answers[at].status_code for at in under} == dict.fromkeys(under, 404)
    posted = client.post(f"{url}sign/", {"name": "A", "email": "a@example.org"})
    assert posted.status_code == 404
