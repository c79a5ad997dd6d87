"""Who lost the link types an address; links go there, the page tells nothing."""

from datetime import timedelta

import pytest
from django.test import Client

from signatures.mail import links_to_signatures
from signatures.models import LinkRequest
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_signature,
    my_signature_url,
    not_me_path,
)
from tests.signatures.acts import links_in, path_of, send_mail

pytestmark = pytest.mark.django_db

ADDRESS = "ana@example.org"
URL = "/find-my-signature/"


def ask(client: Client, address: str = ADDRESS, **extra: str):
    return client.post(URL, {"email": address}, **extra)


@pytest.fixture
def no_waiting_mail(db, mailoutbox):
    """Sends what making a signature has caused, and forgets it."""

    def forget() -> None:
        send_mail()
        mailoutbox.clear()

    return forget


def test_the_answer_is_the_same_for_every_address(client: Client) -> None:
    make_confirmed_signature(email="confirmed@example.org")
    make_signature(email="pending@example.org")
    suppressed = make_confirmed_signature(email="suppressed@example.org")
    client.post(not_me_path(suppressed))
    names = ["confirmed", "pending", "suppressed", "unknown"]

    answers = [ask(client, f"{name}@example.org") for name in names]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(answer.headers) for answer in answers}) == 1
    assert not client.cookies
    assert LinkRequest.objects.count() == 4


@pytest.mark.slow
def test_the_links_of_this_address_go_there_and_no_others(
    client: Client, mailoutbox, no_waiting_mail
) -> None:
    mine = [make_counted_signature(email=ADDRESS) for _ in range(2)]
    make_signature(email=ADDRESS)  # not confirmed
    make_confirmed_signature(email="eve@example.org")
    no_waiting_mail()

    ask(client, "Ana+x@EXAMPLE.org")
    send_mail()

    (message,) = mailoutbox
    *links, _not_me = [path_of(link) for link in links_in(message)]
    assert message.to == [ADDRESS]
    for signature in mine:
        signature.refresh_from_db()
    assert links == [my_signature_url(one) for one in reversed(mine)]
    assert all(client.get(link).status_code == 200 for link in links)


@pytest.mark.slow
def test_links_of_earlier_mails_open_nothing_then(
    client: Client, mailoutbox, no_waiting_mail
) -> None:
    signature = make_counted_signature(email=ADDRESS)
    others = make_counted_signature(email="eve@example.org")
    older = my_signature_url(signature)
    no_waiting_mail()

    ask(client)
    opened_before_the_mail = client.get(older).status_code
    send_mail()

    (message,) = mailoutbox
    newer, _not_me = map(path_of, links_in(message))
    assert opened_before_the_mail == 200
    assert client.get(older).status_code == 404
    assert "/find-my-signature/" in client.get(older).content.decode()
    assert client.get(newer).status_code == 200
    assert client.get(my_signature_url(others)).status_code == 200


def test_a_mail_that_is_tried_again_holds_the_same_links(
    client: Client, no_waiting_mail
) -> None:
    signature = make_counted_signature(email=ADDRESS)
    no_waiting_mail()
    ask(client)

    (first,) = links_to_signatures(list(LinkRequest.objects.all()))
    (again,) = links_to_signatures(list(LinkRequest.objects.all()))

    signature.refresh_from_db()
    assert signature.link_number == 1
    assert links_in(first) == links_in(again)


@pytest.mark.slow
def test_who_gets_no_mail_keeps_the_links(
    client: Client, no_waiting_mail, mailoutbox
) -> None:
    """Else anybody could cut somebody off who wants no mail."""
    signature = make_counted_signature(email=ADDRESS)
    client.post(not_me_path(signature))
    no_waiting_mail()

    ask(client)
    send_mail()

    assert mailoutbox == []
    assert client.get(my_signature_url(signature)).status_code == 200


def test_what_was_excluded_or_withdrawn_today_is_found_too(
    client: Client, mailoutbox, no_waiting_mail
) -> None:
    excluded = make_counted_signature(email=ADDRESS)
    excluded.exclude()
    withdrawn = make_counted_signature(email=ADDRESS)
    withdrawn.withdraw()
    no_waiting_mail()

    ask(client)
    send_mail()

    (message,) = mailoutbox
    *links, _not_me = [path_of(link) for link in links_in(message)]
    for signature in (excluded, withdrawn):
        signature.refresh_from_db()
    assert links == [my_signature_url(withdrawn), my_signature_url(excluded)]


def test_new_links_can_be_asked_for_from_the_page_of_one(
    client: Client, mailoutbox, no_waiting_mail
) -> None:
    signature = make_counted_signature(email=ADDRESS)
    mine = my_signature_url(signature)
    no_waiting_mail()

    response = client.post(f"{mine}new-links/", follow=True)
    send_mail()

    assert "new links are on the way" in response.content.decode()
    assert len(mailoutbox) == 1
    assert client.get(mine).status_code == 404


@pytest.mark.parametrize("address", ["unknown@example.org", "pending@example.org"])
def test_who_has_signed_nothing_gets_no_mail(
    client: Client, mailoutbox, no_waiting_mail, address: str
) -> None:
    make_signature(email="pending@example.org")
    no_waiting_mail()

    ask(client, address)
    send_mail()

    assert mailoutbox == []
    assert LinkRequest.objects.count() == 0


def test_who_wants_no_mail_gets_none(
    client: Client, mailoutbox, no_waiting_mail
) -> None:
    signature = make_confirmed_signature(email=ADDRESS)
    no_waiting_mail()
    client.post(not_me_path(signature))

    ask(client)
    send_mail()

    assert mailoutbox == []


def test_the_mail_speaks_the_language_of_the_page(
    client: Client, mailoutbox, no_waiting_mail
) -> None:
    make_confirmed_signature(email=ADDRESS)
    no_waiting_mail()

    client.post(f"/es{URL}", {"email": ADDRESS})
    send_mail()

    assert LinkRequest.objects.get().language == "es"
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("address", ["", "ana", "ana@localhost", "a\u200b@example.org"])
def test_what_is_no_address_is_told(client: Client, address: str) -> None:
    response = ask(client, address)

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["email"]
    assert LinkRequest.objects.count() == 0


def test_somebody_who_asks_too_often_is_asked_to_wait(
    client: Client, time_machine
) -> None:
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)

    answers = [ask(client, f"a{number}@example.org") for number in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "errors/429.html" in [t.name for t in answers[-1].templates]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert LinkRequest.objects.count() == 10


def test_others_need_not_wait_for_somebody_who_asks_too_often(
    client: Client, time_machine
) -> None:
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    for _ in range(11):
        ask(client, REMOTE_ADDR="192.0.2.1")

    response = ask(client, REMOTE_ADDR="192.0.2.2")

    assert response.status_code == 200


def test_after_an_hour_they_may_ask_again(client: Client, time_machine) -> None:
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    for _ in range(11):
        ask(client)

    time_machine.shift(timedelta(hours=1))

    assert ask(client).status_code == 200


@pytest.mark.slow
def test_one_address_gets_few_mails_however_many_ask(
    mailoutbox, no_waiting_mail, time_machine
) -> None:
    time_machine.move_to("2026-03-09T00:00:00Z", tick=False)
    make_confirmed_signature(email=ADDRESS)
    no_waiting_mail()

    for number in range(8):
        ask(Client(), REMOTE_ADDR=f"192.0.2.{number}")
        time_machine.shift(timedelta(minutes=5))
        send_mail()

    assert len(mailoutbox) == 3
