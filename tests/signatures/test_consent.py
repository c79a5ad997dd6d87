"""What stood beside the button is kept with each signature."""

import pytest
from django.test import Client

from campaigns import worker
from signatures import consent
from signatures.models import Signature, Wording
from tests.html import Page
from tests.makers import make_petition, my_signature_url, sign_url
from tests.signatures.acts import sign

pytestmark = pytest.mark.django_db


def shown(client: Client, url: str) -> str:
    return Page.of(client.get(url)).one("form").words


@pytest.mark.parametrize("sensitive", [False, True])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_words_are_those_that_the_form_shows(
    client: Client, sensitive: bool, language: str
) -> None:
    petition = make_petition(sensitive=sensitive)
    prefix = "" if language == "en" else f"/{language}"
    consent.remember_wordings()

    sign(client, petition) if not prefix else client.post(
        prefix + sign_url(petition), {"name": "Ana", "email": "ana@example.org"}
    )

    signature = Signature.objects.get()
    wording = Wording.objects.get(digest=signature.consent)
    words = " ".join(shown(client, prefix + sign_url(petition)).split())
    assert wording.language == language
    for line in wording.text.splitlines():
        assert line in words
    assert len(wording.text.splitlines()) >= 7


def test_other_words_have_another_digest(settings) -> None:
    before = consent.digests("en")

    settings.SIGNERS_KEPT *= 2

    after = consent.digests("en")
    assert before["consent"] != after["consent"]
    assert before["consent_if_sensitive"] == after["consent_if_sensitive"]
    assert len({*before.values(), *consent.digests("es").values()}) == 4


def test_the_words_are_kept_once(settings) -> None:
    worker.work_once()
    worker.work_once()

    assert Wording.objects.count() == 2 * len(settings.LANGUAGES)


def test_the_words_of_before_stay(settings) -> None:
    consent.remember_wordings()
    number = Wording.objects.count()

    settings.SIGNERS_KEPT *= 2
    new = consent.remember_wordings()

    assert new == len(settings.LANGUAGES)
    assert Wording.objects.count() == number + new


def test_the_signer_can_read_what_they_agreed_to(client: Client) -> None:
    petition = make_petition(sensitive=True)
    consent.remember_wordings()
    sign(client, petition, show_name="on")
    signature = Signature.objects.get()

    data = client.get(f"{my_signature_url(signature)}data.json").json()

    said = data["consent"]
    assert "Your place is never shown." in said["wording"]
    assert "are deleted 1 month after this petition ends." in said["wording"]
    assert said["language"] == "en"
    assert said["ticked"] == ["show_name"]
    assert said["version_signed"] == 1
