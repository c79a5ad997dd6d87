"""After signing: may the name be handed over, may the organizers write?"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from signatures.models import Signature
from signatures.models.signatures import CONSENTS_AFTER_SIGNING
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_petition,
    my_signature_url,
    not_me_path,
    sign_url,
    signed_url,
)

pytestmark = pytest.mark.django_db

FORM = {"name": "Ana Quispe", "place": "Cusco", "country": "Peru", "reason": ""}
BOTH = dict.fromkeys(CONSENTS_AFTER_SIGNING, "on")
ASKED = {"asked": list(CONSENTS_AFTER_SIGNING)}
PAGES = [signed_url, my_signature_url]


def given(signature: Signature) -> tuple[bool, bool]:
    signature.refresh_from_db()
    return signature.name_for_delivery, signature.organizer_may_write


def change(client: Client, signature: Signature, **form: object):
    return client.post(f"{my_signature_url(signature)}change/", {**FORM, **form})


def make_generous(**fields: object) -> Signature:
    signature = make_confirmed_signature(**{"name": "Ana Quispe", **fields})
    for name in CONSENTS_AFTER_SIGNING:
        setattr(signature, name, True)
    signature.change(list(CONSENTS_AFTER_SIGNING))
    assert given(signature) == (True, True)
    return signature


def boxes(page: Page) -> dict[str, bool]:
    return {
        one.attributes["name"]: "checked" in one.attributes
        for one in page.all("input", type="checkbox")
        if one.attributes["name"] in CONSENTS_AFTER_SIGNING
    }


@pytest.mark.parametrize("url", PAGES)
def test_both_are_asked_afterwards_and_unticked(client: Client, url) -> None:
    signature = make_confirmed_signature()

    page = Page.of(client.get(url(signature)))

    assert boxes(page) == dict.fromkeys(CONSENTS_AFTER_SIGNING, False)
    asked = [one.attributes["value"] for one in page.all("input", name="asked")]
    assert asked == list(CONSENTS_AFTER_SIGNING)


def test_neither_is_asked_or_taken_when_signing(client: Client) -> None:
    petition = make_petition()
    form = {"name": "Ana", "email": "ana@example.org", **BOTH, **ASKED}

    page = client.get(petition.get_absolute_url()).content.decode()
    client.post(sign_url(petition), form)

    assert not any(name in page for name in CONSENTS_AFTER_SIGNING)
    assert given(Signature.objects.get()) == (False, False)


@pytest.mark.parametrize("name", CONSENTS_AFTER_SIGNING)
def test_each_is_given_by_itself(client: Client, name: str, time_machine) -> None:
    signature = make_confirmed_signature()
    now = timezone.now() + timedelta(hours=1)
    time_machine.move_to(now, tick=False)

    change(client, signature, **ASKED, **{name: "on"})

    assert given(signature) == tuple(name == one for one in CONSENTS_AFTER_SIGNING)
    assert signature.consents_changed_at == now


def test_each_can_be_taken_back(client: Client) -> None:
    signature = make_generous()

    change(client, signature, **ASKED)

    assert given(signature) == (False, False)


@pytest.mark.parametrize("url", PAGES)
def test_a_form_that_did_not_ask_takes_nothing_back(client: Client, url) -> None:
    """Saying why one signed, from the thanks or from a page opened long ago."""
    signature = make_generous()
    page = Page.of(client.get(url(signature)))
    hidden = {
        one.attributes["name"]: one.attributes.get("value", "")
        for one in page.all("input", type="hidden")
        if one.attributes["name"] != "asked"
    }

    change(client, signature, **hidden, reason="My school is there.")

    assert given(signature) == (True, True)
    assert signature.reason == "My school is there."


def test_what_was_given_is_not_asked_again_with_thanks(client: Client) -> None:
    signature = make_confirmed_signature()
    change(client, signature, asked="name_for_delivery", name_for_delivery="on")

    page = Page.of(client.get(signed_url(signature)))

    assert boxes(page) == {"organizer_may_write": False}


def test_who_has_given_all_is_asked_nothing(client: Client) -> None:
    signature = make_generous(reason="It matters.", wants_updates=True)

    page = client.get(signed_url(signature)).content.decode()

    assert reverse("change_signature", args=["x"]).split("x")[1] not in page


def test_my_signature_shows_what_is_given(client: Client) -> None:
    page = Page.of(client.get(my_signature_url(make_generous())))

    assert boxes(page) == dict.fromkeys(CONSENTS_AFTER_SIGNING, True)


@pytest.mark.parametrize("url", PAGES)
def test_nobody_is_asked_where_signers_may_be_in_danger(client: Client, url) -> None:
    signature = make_confirmed_signature(petition=make_petition(sensitive=True))

    page = Page.of(client.get(url(signature)))
    change(client, signature, **ASKED, **BOTH)

    assert boxes(page) == {}
    assert given(signature) == (False, False)


def test_what_was_given_before_it_was_known_as_dangerous_is_not_used() -> None:
    signature = make_generous()
    given_names = Signature.objects.given_for_delivery

    before = list(given_names(signature.petition))
    signature.petition.sensitive = True

    assert before == [signature]
    assert list(given_names(signature.petition)) == []


def test_a_mistake_keeps_what_was_ticked(client: Client) -> None:
    signature = make_confirmed_signature()

    answer = change(client, signature, **ASKED, **BOTH, name="")

    assert answer.status_code == 400
    assert boxes(Page.of(answer)) == dict.fromkeys(CONSENTS_AFTER_SIGNING, True)
    assert given(signature) == (False, False)


def test_who_wants_no_mail_at_all_is_written_to_by_nobody(client: Client) -> None:
    signature = make_generous(email="ana@example.org")
    elsewhere = make_generous(email="ana@example.org", petition=make_petition())
    other = make_generous(email="bo@example.org")

    client.get(not_me_path(signature))
    before = given(elsewhere)
    client.post(not_me_path(signature))

    assert before == (True, True)
    assert [given(one) for one in (signature, elsewhere)] == [(True, False)] * 2
    assert given(other) == (True, True)


def test_withdrawn_and_undone_it_is_as_it_was() -> None:
    signature = make_generous()

    signature.withdraw()
    handed_over = Signature.objects.given_for_delivery(signature.petition)
    withdrawn = list(handed_over)
    signature.undo_withdrawal()

    assert withdrawn == []
    assert list(handed_over.all()) == [signature]
    assert given(signature) == (True, True)


def test_the_download_tells_both_and_since_when(client: Client) -> None:
    signature = make_generous()

    data = client.get(f"{my_signature_url(signature)}data.json").json()

    assert (data["name_for_delivery"], data["organizer_may_write"]) == (True, True)
    assert data["consents_changed_at"] == signature.consents_changed_at.isoformat()
    assert data["consent"]["ticked"] == list(CONSENTS_AFTER_SIGNING)


def test_the_privacy_page_tells_of_both(client: Client) -> None:
    words = client.get("/privacy/").content.decode()

    assert "whether your name may be handed over" in words
    assert "only if you said that they may write to you" in words
