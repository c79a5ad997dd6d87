"""A petition is passed on by plain links, which say what they should and no more."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from petitions.models import Petition
from petitions.sharing import Channel
from tests.html import Element, Page
from tests.makers import (
    make_closed_petition,
    make_confirmed_signature,
    make_hidden_petition,
    make_petition,
    make_translation,
    make_update,
    make_won_petition,
    signed_url,
)

pytestmark = pytest.mark.django_db

TITLES = [
    "Keep the bridge",
    "Bread & roses + 100% #now?",
    "Save the bees 🐝 “today”",
    "أنقذوا الجسر",
    "One line\nand another",
    '"><b>',
]
ON_ONE_LINE = {title: " ".join(title.split()) for title in TITLES}


def share_of(answer: HttpResponse) -> Element:
    return Page.of(answer).one("section", class_="share")


def shared_from(petition: Petition) -> dict[str, str]:
    """What each link of the petition's page passes on, as its service reads it."""
    links = share_of(Client().get(petition.get_absolute_url())).all("a")
    return {link.words: _read(link.attributes["href"]) for link in links}


def _read(href: str) -> str:
    """All that a link carries; of Mastodon's link it stands behind the #."""
    address = urlsplit(href)
    query = (address.fragment or address.query).lstrip("&")
    fields = parse_qs(query, strict_parsing=True)
    assert all(len(values) == 1 for values in fields.values())
    return "|".join(values[0] for values in fields.values())


@pytest.mark.parametrize("title", TITLES)
def test_every_service_reads_the_title_and_the_link_whole(title: str) -> None:
    petition = make_petition(title=title)
    link = f"http://testserver/petitions/{petition.slug}/"
    text = f"“{ON_ONE_LINE[title]}”: read it, and sign if you agree."

    assert shared_from(petition) == {
        "WhatsApp": f"{text}\n{link}?via=wa",
        "E-mail": f"{ON_ONE_LINE[title]}|{text}\r\n\r\n{link}?via=em",
        "Text message": f"{text}\n{link}?via=sms",
        "Facebook": f"{link}?via=fb",
        "Bluesky": f"{text}\n{link}?via=bs",
        "Mastodon": f"{text}\n{link}?via=ma",
    }


def test_the_links_lead_to_these_services(client: Client) -> None:
    share = share_of(client.get(make_petition().get_absolute_url()))

    addresses = [link.attributes["href"] for link in share.all("a")]
    assert [address.split("=")[0] for address in addresses] == [
        "https://wa.me/?text",
        "mailto:?subject",
        "sms:?&body",
        "https://www.facebook.com/sharer/sharer.php?u",
        "https://bsky.app/intent/compose?text",
        "https://share.joinmastodon.org/#text",
    ]


def test_no_service_learns_where_one_came_from(client: Client) -> None:
    signature = make_confirmed_signature()

    for url in (signature.petition.get_absolute_url(), signed_url(signature)):
        links = share_of(client.get(url)).all("a")
        assert {link.attributes["rel"] for link in links} == {
            "noopener noreferrer nofollow"
        }


def test_mail_addresses_write_spaces_so_that_mail_programs_read_them() -> None:
    petition = make_petition(title="Keep the bridge")
    page = Page.of(Client().get(petition.get_absolute_url()))

    (mail,) = [a for a in page.all("a") if "mailto:" in a.attributes.get("href", "")]

    assert "+" not in mail.attributes["href"]
    assert "subject=Keep%20the%20bridge&" in mail.attributes["href"]


def test_only_who_has_signed_says_so(client: Client) -> None:
    signature = make_confirmed_signature(petition=make_petition(title="Keep it"))

    thanks = client.get(signed_url(signature)).content.decode()
    page = client.get(signature.petition.get_absolute_url()).content.decode()

    words = "I signed “Keep it”. Will you sign it too?"
    assert words in thanks
    assert words in unquote(thanks)
    assert "I signed" not in unquote(page)


@pytest.mark.parametrize(
    ("make", "heading", "words"),
    [
        (make_petition, "Share this petition", "read it, and sign if you agree."),
        (make_closed_petition, "Share this petition", "read what has become of it."),
        (make_won_petition, "Share the win", "this petition has won."),
    ],
)
def test_what_is_shared_fits_the_state(make, heading: str, words: str) -> None:
    petition = make(title="Keep it")

    share = share_of(Client().get(petition.get_absolute_url()))

    assert share.one("h2").words == heading
    (button,) = [
        one for one in share.all("button") if "data-share-url" in one.attributes
    ]
    assert button.attributes["data-share-text"].endswith(words)
    assert f"?via={Channel.DEVICE}" in button.attributes["data-share-url"]


def test_the_link_to_copy_is_bare_and_needs_no_script(client: Client) -> None:
    signature = make_confirmed_signature()
    link = f"http://testserver/petitions/{signature.petition.slug}/"

    for url in (signature.petition.get_absolute_url(), signed_url(signature)):
        share = share_of(client.get(url))
        field = share.one("input")
        assert field.attributes["value"] == link
        assert "readonly" in field.attributes
        assert share.one("label").attributes["for"] == field.attributes["id"]
        scripted = [one for one in share.all() if "data-scripted" in one.attributes]
        assert len(scripted) == 2
        assert all("hidden" in one.attributes for one in scripted)


def test_the_link_is_the_site_s_own_whatever_host_was_asked(settings) -> None:
    settings.SITE_URL = "https://petitions.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    url = make_petition(slug="bridge").get_absolute_url()

    share = share_of(Client().get(url, headers={"host": "evil.example"}))

    address = "https://petitions.example.org/petitions/bridge/"
    assert share.one("input").attributes["value"] == address


def test_readers_share_the_language_they_read(client: Client) -> None:
    petition = make_petition(slug="bridge")
    make_translation(petition, title="El puente")

    share = share_of(client.get(f"/es{petition.get_absolute_url()}"))

    link = "http://testserver/es/petitions/bridge/"
    assert share.one("input").attributes["value"] == link
    assert share.one("img").attributes["src"] == "/es/petitions/bridge/qr.svg"
    whatsapp = _read(share.all("a")[0].attributes["href"])
    assert "«El puente»" in whatsapp
    assert whatsapp.endswith(f"{link}?via=wa")


def test_a_sensitive_petition_offers_a_bare_link_and_a_warning(client: Client) -> None:
    petition = make_petition(title="No arrests", sensitive=True)
    signature = make_confirmed_signature(petition=petition)
    link = f"http://testserver{petition.get_absolute_url()}"

    for url in (petition.get_absolute_url(), signed_url(signature)):
        share = share_of(client.get(url))
        assert "only where it is safe for you" in share.words
        assert share.all("a") + share.all("img") == []
        assert share.one("input").attributes["value"] == link
        (button,) = [b for b in share.all("button") if "data-share-url" in b.attributes]
        assert button.attributes["data-share-url"] == link
        assert button.attributes["data-share-title"] == "A petition"
        assert button.attributes["data-share-text"] == ""


def test_the_page_of_an_update_ends_with_the_same(client: Client) -> None:
    update = make_update(make_petition(slug="bridge"))

    share = share_of(client.get(update.get_absolute_url()))

    link = "http://testserver/petitions/bridge/"
    assert share.one("input").attributes["value"] == link


def test_what_is_hidden_is_not_shared(client: Client) -> None:
    page = Page.of(client.get(make_hidden_petition().get_absolute_url()))

    assert page.all("section", class_="share") == []
