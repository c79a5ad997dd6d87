"""A script posts hundreds of forms; who reads the site notices nothing, nor does it."""

import pytest
from django.test import Client

from signatures.models import Signature, SignatureMail, Trace
from tests.makers import confirm_url, make_petition, sign_url
from tests.signatures.acts import TYPED, count_now, send_mail

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def noon(time_machine):
    """All within one hour and one day."""
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    return time_machine


def test_500_posts_for_one_address_from_50_networks_send_three_mails(
    mailoutbox, noon
) -> None:
    url = sign_url(make_petition())
    clients = [Client(REMOTE_ADDR=f"203.0.113.{number}") for number in range(50)]

    answers, pages = set(), set()
    for number in range(500):
        typed = {**TYPED, "name": f"Ana {number}"}
        response = clients[number % 50].post(url, typed)
        address = response["Location"]
        key = address.split("/")[2]
        answers.add((response.status_code, response.content))
        if number % 50 == 0:
            pages.add(Client().get(address).content.replace(key.encode(), b"KEY"))
            noon.shift(11 * 60)
            send_mail()
    send_mail()

    assert answers == {(303, b"")}
    assert len(pages) == 1
    assert len(mailoutbox) == 3
    assert SignatureMail.objects.waiting().count() == 0


def test_a_thousand_bots_of_one_network_get_no_mail_and_all_are_held(
    mailoutbox,
) -> None:
    url, client = sign_url(make_petition()), Client(REMOTE_ADDR="203.0.113.9")

    for number in range(1000):
        typed = {"email": f"bot{number}@example.org", "website": "https://buy.example"}
        assert client.post(url, {**TYPED, **typed}).status_code == 303
    refused = client.post(url, TYPED)
    send_mail()

    assert refused.status_code == 429
    assert Signature.objects.filter(held_at__isnull=False).count() == 1000
    assert Trace.objects.filter(signs="no-stamp,trap").count() == 1000
    assert mailoutbox == []


def test_a_thousand_plain_posts_of_one_network_get_as_many_mails_as_may_be(
    mailoutbox, settings
) -> None:
    url, client = sign_url(make_petition()), Client(REMOTE_ADDR="203.0.113.9")

    for number in range(1000):
        client.post(url, {**TYPED, "email": f"bot{number}@example.org"})
    send_mail()

    assert len(mailoutbox) == settings.SIGNINGS_HELD_ABOVE
    assert Signature.objects.filter(held_at__isnull=False).count() == 900


def test_200_spellings_of_one_mailbox_count_once() -> None:
    petition = make_petition()
    client = Client(REMOTE_ADDR="203.0.113.9")

    for number in range(200):
        if number % 90 == 0:  # nor does a crowd help
            client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        email = f"Ana.Quispe+{number}@gmail.com"
        client.post(sign_url(petition), {**TYPED, "email": email})
    for signature in Signature.objects.all():
        Client().post(confirm_url(signature))

    assert Signature.objects.filter(held_at=None).count() == 200
    assert Signature.objects.confirmed().count() == 1
    assert count_now(petition) == 1


def test_a_person_with_a_script_blocker_is_never_held() -> None:
    """Plain posts of name and address, as scripts of friends send them."""
    petition = make_petition()

    for number in range(100):
        client = Client(REMOTE_ADDR="203.0.113.9")
        client.post(
            sign_url(petition), {"name": "Ana", "email": f"ana{number}@example.org"}
        )

    assert not Signature.objects.filter(held_at__isnull=False).exists()
