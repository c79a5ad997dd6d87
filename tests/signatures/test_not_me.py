"""Who never signed says so once, and this address gets no mail again."""

import pytest
from django.test import Client

from signatures.models import Suppression
from tests.makers import make_petition, make_signature, not_me_path
from tests.signatures.acts import TYPED, send_mail, sign

pytestmark = pytest.mark.django_db


def test_opening_the_page_does_nothing(client: Client) -> None:
    signature = make_signature()

    response = client.get(not_me_path(signature))

    assert response.status_code == 200
    assert not response.context["is_suppressed"]
    assert Suppression.objects.count() == 0


def test_after_pressing_the_address_gets_no_mail_in_any_spelling(
    client: Client, mailoutbox
) -> None:
    signature = make_signature(email=TYPED["email"])
    response = client.post(not_me_path(signature))

    sign(client, make_petition())
    sign(client, make_petition(), email="ANA+x@example.org")
    send_mail()

    assert response.status_code == 200
    assert response.context["is_suppressed"]
    assert mailoutbox == []


def test_other_addresses_still_get_their_mail(client: Client, mailoutbox) -> None:
    client.post(not_me_path(make_signature(email="eve@example.org")))

    sign(client, make_petition())
    send_mail()

    assert [message.to for message in mailoutbox] == [[TYPED["email"]]]


def test_pressing_twice_is_fine(client: Client) -> None:
    signature = make_signature()

    answers = [client.post(not_me_path(signature)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Suppression.objects.count() == 1


def test_they_may_change_their_mind(client: Client, mailoutbox) -> None:
    signature = make_signature(email=TYPED["email"])
    client.post(not_me_path(signature))

    response = client.post(not_me_path(signature), {"allow": "1"})
    send_mail()

    assert not response.context["is_suppressed"]
    assert Suppression.objects.count() == 0
    assert len(mailoutbox) == 1


def test_no_address_is_kept_for_it(client: Client) -> None:
    signature = make_signature(email=TYPED["email"])
    client.post(not_me_path(signature))

    (row,) = Suppression.objects.values()

    assert set(row) == {"id", "address_key", "asked_at"}
    assert row["address_key"] == signature.address_key


def test_a_browser_without_cookies_may_press() -> None:
    signature = make_signature()

    response = Client(enforce_csrf_checks=True).post(not_me_path(signature))

    assert response.status_code == 200
