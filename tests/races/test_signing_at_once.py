"""Many signings and confirmations of the same person at the same moment."""

from collections import Counter

import pytest
from django.test import Client

from campaigns import tally
from signatures.models import (
    Confirmation,
    CountChange,
    Signature,
    SignatureMail,
    SignatureState,
)
from tests.makers import confirm_url, make_petition, make_signature, sign_url
from tests.races.acts import press
from tests.races.threads import in_threads

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_one_address_signing_32_times_at_once_counts_once() -> None:
    petition = make_petition()
    words = {"name": "Ada Example", "email": "ada@example.org"}

    answers = in_threads([lambda: press(sign_url(petition), words)] * 32)

    assert answers == [303] * 32
    signatures = list(Signature.objects.all())
    assert len(signatures) == 32
    assert {signature.state for signature in signatures} == {SignatureState.PENDING}
    assert SignatureMail.objects.count() == 32

    links = [confirm_url(signature) for signature in signatures]
    answers = in_threads([lambda link=link: press(link) for link in links])

    assert answers == [303] * 32
    assert Signature.objects.count() == 32
    assert Signature.objects.confirmed().count() == 1
    assert CountChange.objects.count() == 1
    tally.fold()
    petition.refresh_from_db()
    assert petition.signature_count == 1


def test_one_link_pressed_50_times_at_once_counts_once() -> None:
    signature = make_signature()
    link = confirm_url(signature)

    answers = in_threads([lambda: press(link)] * 50)

    assert answers == [303] * 50
    assert CountChange.objects.count() == 1
    tally.fold()
    signature.petition.refresh_from_db()
    assert signature.petition.signature_count == 1


def test_20_presses_of_one_row_at_once_count_once() -> None:
    """Closer together than requests can be: nothing but the UPDATE stands between."""
    signature = make_signature()

    presses = [Signature.objects.get(pk=signature.pk).confirm for _ in range(20)]
    results = in_threads(presses)

    assert Counter(results) == {Confirmation.COUNTED: 1, Confirmation.AGAIN: 19}
    assert CountChange.objects.count() == 1


def test_all_who_press_one_link_at_once_see_the_same_thanks() -> None:
    link = confirm_url(make_signature())

    pages = in_threads([lambda: follow(link)] * 10)

    assert len(set(pages)) == 1


def test_one_address_signing_two_petitions_at_once_counts_on_both() -> None:
    petitions = [make_petition(), make_petition()]
    links = [
        confirm_url(make_signature(petition=petition, email="ada@example.org"))
        for petition in petitions
    ]

    answers = in_threads([lambda link=link: press(link) for link in links * 5])

    assert answers == [303] * 10
    assert Signature.objects.confirmed().count() == 2
    assert CountChange.objects.count() == 2


def follow(path: str) -> tuple[str, int, bytes]:
    """Press a button and go where it leads; give address, status and page."""
    response = Client().post(path, follow=True)
    ((address, _status),) = response.redirect_chain
    return address, response.status_code, response.content
