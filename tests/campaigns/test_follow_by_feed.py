from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from campaigns.models import Milestone
from petitions.models import Petition, PetitionTarget
from tests.makers import (
    make_draft,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_rejected_petition,
    make_target,
    make_translation,
    make_update,
    make_won_petition,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(path: str) -> Element:
    """A feed as a reader takes it: valid XML, with all that Atom requires."""
    response = Client().get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    assert not response.cookies
    root = fromstring(response.content)
    assert root.tag == f"{ATOM}feed"
    for element in [root, *root.findall(f"{ATOM}entry")]:
        for required in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{required}"), required
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    for link in root.iter(f"{ATOM}link"):
        assert link.get("href", "").startswith("http://testserver/")
    return root


def titles(root: Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]


def test_new_petitions_can_be_followed() -> None:
    make_petition(title="First", organizers=[make_organizer(name="Rosa")])
    make_won_petition(title="Second & <third>")
    make_draft(title="Draft")
    make_hidden_petition(title="Hidden")
    make_rejected_petition(title="Rejected")

    root = feed("/feed/")

    assert titles(root) == ["Second & <third>", "First"]
    entry = root.findall(f"{ATOM}entry")[1]
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Rosa"


def test_a_petition_can_be_followed() -> None:
    petition = make_petition(title="Keep the mill", targets=[make_target(name="Magda")])
    Milestone.objects.create(petition=petition, threshold=1000)
    PetitionTarget.objects.update(delivered_at=petition.opened_at)
    make_update(petition, title="We were heard", body="It was **loud**.")

    root = feed(f"/petitions/{petition.slug}/feed/")

    assert root.findtext(f"{ATOM}title") == "Keep the mill"
    assert titles(root) == [
        "We were heard",
        "Reached 1,000 signatures",
        "Delivered to Magda",
        "Petition opened",
    ]
    words = root.findtext(f"{ATOM}entry/{ATOM}summary") or ""
    assert "<strong>loud</strong>" in words


def test_feeds_speak_the_language_of_their_address() -> None:
    petition = make_petition(title="Keep the mill")
    make_translation(petition, title="Salvemos el molino")

    assert titles(feed("/es/feed/")) == ["Salvemos el molino"]
    root = feed(f"/es/petitions/{petition.slug}/feed/")
    assert root.findtext(f"{ATOM}title") == "Salvemos el molino"


def test_an_empty_feed_is_a_feed() -> None:
    assert titles(feed("/feed/")) == []


@pytest.mark.parametrize("make", [make_draft, make_hidden_petition])
def test_what_is_not_public_has_no_feed(client: Client, make: object) -> None:
    petition: Petition = make()

    assert client.get(f"/petitions/{petition.slug}/feed/").status_code == 404


def test_what_was_pasted_from_elsewhere_breaks_no_feed() -> None:
    """Word processors leave control characters, which no XML may hold."""
    petition = make_petition(title="Keep\x0bthe mill", ask="Now\x08.")
    make_update(petition, title="We\x01 were heard", body="It was\x0c loud.")

    assert len(titles(feed("/feed/"))) == 1
    assert len(titles(feed(f"/petitions/{petition.slug}/feed/"))) == 2


def test_a_feed_that_is_known_is_not_sent_again(client: Client) -> None:
    make_petition()
    tag = client.get("/feed/")["ETag"]

    response = client.get("/feed/", headers={"If-None-Match": tag})

    assert response.status_code == 304
