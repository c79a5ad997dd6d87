"""What the mail says that tells a signer of the end of a petition."""

import re

import pytest
from django.test import Client

from campaigns import lifecycle
from tests.campaigns.sent_mail import html_of, make_asking, send_all
from tests.html import Page
from tests.makers import (
    make_counted_signature,
    make_ending,
    make_petition,
    make_staff,
    make_translation,
)

pytestmark = pytest.mark.django_db

KINDS = ["closed", "won"]
PROOF = "https://council.example.org/minutes/12"


def test_the_mail_of_a_victory_tells_how_it_was_won() -> None:
    petition = make_petition(title="Keep the mill")
    make_asking(petition)
    make_counted_signature(petition=petition).mails.all().delete()

    lifecycle.declare_victory(
        petition,
        by=make_staff(),
        summary="The mill stays & runs.",
        story="We *did* it.\n\nAll of us.\n\n" + "Long " * 200,
        with_mail=True,
    )

    (message,) = send_all()
    assert message.subject == "We won: Keep the mill"
    assert "The mill stays & runs." in message.body
    assert "The mill stays &amp; runs." in html_of(message)
    assert "We <em>did</em> it." in html_of(message)
    for words in [
        "2 of you did this.",
        "All of us.",
        f"http://testserver{petition.get_absolute_url()}",
    ]:
        assert words in message.body
        assert words in html_of(message)
    assert "Long" not in message.body + html_of(message)


def test_a_victory_without_a_story_has_no_empty_heading() -> None:
    petition = make_petition()
    make_asking(petition)

    words = {"summary": "It stays.", "story": ""}
    lifecycle.declare_victory(petition, by=make_staff(), with_mail=True, **words)

    (message,) = send_all()
    assert "own words" not in message.body + html_of(message)


def test_the_mail_of_a_closing_tells_how_it_ended_and_what_shows_it() -> None:
    petition = make_petition()
    make_asking(petition)
    words = {"outcome": "lost", "reason": "They sold it.", "proof_url": PROOF}

    lifecycle.close(petition, by=make_staff(), with_mail=True, **words)

    (message,) = send_all()
    assert "How it ended: Lost" in message.body
    assert "How it ended: <strong>Lost</strong>" in html_of(message)
    for text in (message.body, html_of(message)):
        assert "They sold it." in text
        assert PROOF in text


def test_the_mail_of_a_victory_in_part_says_so() -> None:
    petition = make_petition(title="Keep the mill")
    make_asking(petition)
    words = {"outcome": "partly", "summary": "Half of it.", "proof_url": PROOF}

    lifecycle.declare_victory(
        petition, by=make_staff(), story="", with_mail=True, **words
    )

    (message,) = send_all()
    assert message.subject == "We won in part: Keep the mill"
    for text in (message.body, html_of(message)):
        assert "A petition that you signed has won in part." in text
        assert PROOF in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_mail_says_how_to_stop_such_mail(client: Client, kind: str) -> None:
    petition = make_petition()
    signature = make_asking(petition)
    make_ending(petition, kind=kind)

    (message,) = send_all()

    headers = message.message()
    link = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for words in [link, "http://testserver/my-signature/"]:
        assert words in message.body
        assert words in html_of(message)

    client.post(
        link.removeprefix("http://testserver"), {"List-Unsubscribe": "One-Click"}
    )
    signature.refresh_from_db()
    assert not signature.wants_updates


@pytest.mark.parametrize("kind", KINDS)
def test_the_mail_speaks_the_signers_language(kind: str) -> None:
    petition = make_petition(title="Keep the mill", closing_message="Well done.")
    make_translation(petition, title="Salvemos el molino")
    make_asking(petition, language="es")
    make_ending(petition, kind=kind)

    (message,) = send_all()

    own_words = {"closed": "Well done.", "won": "The bridge stays open."}[kind]
    assert "Salvemos el molino" in message.subject
    assert "Salvemos el molino" in message.body
    assert "Keep the mill" not in message.body + html_of(message)
    assert "http://testserver/es/my-signature/" in message.body
    assert f"http://testserver/es/petitions/{petition.slug}/" in message.body
    assert '<html lang="es"' in html_of(message)
    assert re.search(rf'lang="en"[^>]*>\s*<p>{own_words}', html_of(message))


def test_a_title_without_translation_says_its_language() -> None:
    petition = make_petition(title="Keep the mill")
    make_asking(petition, language="es")
    make_ending(petition)

    (message,) = send_all()

    assert re.search(r'lang="en"[^>]*>\s*Keep the mill<', html_of(message))


@pytest.mark.parametrize("kind", KINDS)
def test_the_subject_tells_nothing_of_a_sensitive_petition(kind: str) -> None:
    petition = make_petition(sensitive=True, title="Shelter for Jonas")
    make_asking(petition)
    make_ending(petition, kind=kind)

    (message,) = send_all()

    assert message.subject.startswith("News from ")
    assert "Jonas" not in message.subject
    assert "good news" not in message.body + html_of(message)


@pytest.mark.parametrize("kind", KINDS)
def test_the_mail_loads_nothing(kind: str) -> None:
    petition = make_petition(
        closing_message="![seen](https://tracker.example/1.png) <img src=//x.example>",
    )
    make_asking(petition)
    make_ending(petition, kind=kind)

    (message,) = send_all()

    page = Page.of(html_of(message))
    for tag in ["img", "link", "script", "style", "iframe", "object", "base"]:
        assert page.all(tag) == []
    for element in page.all():
        others = {**element.attributes, "href": ""}
        assert not re.search(r"//|url\(", " ".join(others.values()))


def test_a_title_cannot_write_headers() -> None:
    petition = make_petition(title="Mill\r\nBcc: all@example.org")
    make_asking(petition)
    make_ending(petition)

    (message,) = send_all()

    assert "\n" not in message.subject
    assert message.recipients() == message.to
