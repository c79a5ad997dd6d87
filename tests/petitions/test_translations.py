"""One petition, one count, and the words in the reader's language."""

import pytest
from django.test import Client
from django.utils import translation

from petitions.models import Petition
from tests.makers import make_petition, make_translation

pytestmark = pytest.mark.django_db


def text_for(petition: Petition, language: str) -> tuple[str, str, bool, bool]:
    """What somebody who opens the page in a language reads."""
    seen = Petition.objects.get(pk=petition.pk)
    with translation.override(language):
        text = seen.text
    return text.title, text.language, text.is_translation, text.is_outdated


def test_a_reader_gets_their_own_language() -> None:
    petition = make_petition(title="Keep the bridge")
    make_translation(petition, title="El puente sigue")

    assert text_for(petition, "en") == ("Keep the bridge", "en", False, False)
    assert text_for(petition, "es") == ("El puente sigue", "es", True, False)


def test_without_a_translation_the_original_says_its_language() -> None:
    petition = make_petition(title="Keep the bridge")

    assert text_for(petition, "es") == ("Keep the bridge", "en", False, False)


def test_a_spanish_petition_is_the_original_for_spanish_readers() -> None:
    petition = make_petition(title="El puente sigue", language="es")
    make_translation(petition, language="en", title="Keep the bridge")

    assert text_for(petition, "es") == ("El puente sigue", "es", False, False)
    assert text_for(petition, "en") == ("Keep the bridge", "en", True, False)


def test_an_edit_leaves_the_translation_behind() -> None:
    petition = make_petition()
    make_translation(petition, title="El puente sigue")

    petition.title = "Keep the ferry"
    petition.revise(by=None, reason="The bridge is safe.")

    assert text_for(petition, "es") == ("El puente sigue", "es", True, True)


def test_a_translation_of_the_new_words_is_up_to_date() -> None:
    petition = make_petition()
    petition.title = "Keep the ferry"
    petition.revise(by=None, reason="The bridge is safe.")

    make_translation(petition, title="El transbordador sigue")

    assert text_for(petition, "es") == ("El transbordador sigue", "es", True, False)


def test_each_page_carries_its_language(client: Client) -> None:
    petition = make_petition(title="Keep the bridge")
    make_translation(petition, title="El puente sigue")

    english = client.get(f"/petitions/{petition.slug}/")
    spanish = client.get(f"/es/petitions/{petition.slug}/")

    assert "Keep the bridge" in english.content.decode()
    assert "El puente sigue" in spanish.content.decode()
    assert (english["Content-Language"], spanish["Content-Language"]) == ("en", "es")


def test_the_count_is_the_same_in_every_language(client: Client) -> None:
    petition = make_petition()
    make_translation(petition)
    Petition.objects.filter(pk=petition.pk).update(signature_count=12)

    counts = [
        client.get(f"{prefix}/petitions/{petition.slug}/count.json").json()["count"]
        for prefix in ["", "/es"]
    ]

    assert counts == [12, 12]
