"""The sign form cannot be used to fill somebody's mailbox."""

from datetime import timedelta

import pytest
from django.test import Client

from signatures.models import Signature, SignatureMail
from tests.makers import make_petition, not_me_path
from tests.signatures.acts import send_mail, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def midnight(time_machine):
    """Limits count by the clock: a test begins with a fresh day."""
    time_machine.move_to("2026-03-09T00:00:00Z", tick=False)
    return time_machine


def sign_often(petition, times: int, machine, **typed: str) -> None:
    for number in range(times):
        sign(Client(), petition, **{"name": f"Ana {number}", **typed})
        machine.shift(timedelta(minutes=10))
        send_mail()


@pytest.mark.slow
def test_forty_posts_for_one_address_send_three_mails_a_day(
    mailoutbox, midnight
) -> None:
    petition = make_petition()

    for number in range(40):
        sign(Client(), petition, email=f"Ana+{number}@example.org")
        midnight.shift(timedelta(minutes=2))
    send_mail()
    send_mail()

    assert Signature.objects.count() == 40
    assert len(mailoutbox) <= 3
    assert SignatureMail.objects.waiting().count() == 0


@pytest.mark.slow
def test_three_mails_a_day_about_one_petition(mailoutbox, midnight) -> None:
    sign_often(make_petition(), 6, midnight)

    assert len(mailoutbox) == 3


@pytest.mark.slow
def test_five_mails_a_day_about_all_petitions(mailoutbox, midnight) -> None:
    for _ in range(4):
        sign_often(make_petition(), 2, midnight)

    assert len(mailoutbox) == 5


@pytest.mark.slow
def test_the_next_day_is_a_new_day(mailoutbox, midnight) -> None:
    petition = make_petition()
    sign_often(petition, 4, midnight)

    midnight.shift(timedelta(days=1))
    sign_often(petition, 1, midnight)

    assert len(mailoutbox) == 4


@pytest.mark.parametrize(("minutes", "mails"), [(0, 1), (9, 1), (10, 2)])
def test_who_signs_again_gets_a_mail_in_ten_minutes(
    mailoutbox, midnight, minutes: int, mails: int
) -> None:
    petition = make_petition()

    for _ in range(2):
        sign(Client(), petition)
        send_mail()
        midnight.shift(timedelta(minutes=minutes))

    assert len(mailoutbox) == mails


def test_asking_again_needs_no_ten_minutes_also_for_a_second_try(
    client: Client, mailoutbox, midnight
) -> None:
    petition = make_petition()
    sign(client, petition)
    send_mail()
    midnight.shift(timedelta(minutes=2))
    second = sign(client, petition)["Location"]
    send_mail()

    midnight.shift(timedelta(minutes=2))
    client.post(second)
    send_mail()

    assert len(mailoutbox) == 2


def test_other_addresses_are_not_held_up(mailoutbox, midnight) -> None:
    petition = make_petition()
    sign_often(petition, 4, midnight)

    sign_often(petition, 1, midnight, email="eve@example.org")

    assert mailoutbox[-1].to == ["eve@example.org"]


def test_a_minute_later_the_mail_may_be_asked_for_again(
    client: Client, mailoutbox, midnight
) -> None:
    page = sign(client, make_petition())["Location"]
    send_mail()

    midnight.shift(timedelta(seconds=61))
    response = client.post(page)
    send_mail()

    assert response.status_code == 200
    assert response.context["was_resent"]
    first, second = mailoutbox
    assert (first.to, first.body) == (second.to, second.body)


def test_within_a_minute_nothing_more_is_queued(client: Client, midnight) -> None:
    page = sign(client, make_petition())["Location"]
    midnight.shift(timedelta(seconds=59))

    answers = [client.post(page) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {200}
    assert SignatureMail.objects.count() == 1


@pytest.mark.slow
def test_asking_again_and_again_ends_at_three_mails(
    client: Client, mailoutbox, midnight
) -> None:
    page = sign(client, make_petition())["Location"]

    for _ in range(10):
        send_mail()
        midnight.shift(timedelta(minutes=2))
        client.post(page)
    send_mail()

    assert len(mailoutbox) == 3


def test_opening_the_page_again_sends_nothing(client: Client, midnight) -> None:
    page = sign(client, make_petition())["Location"]
    midnight.shift(timedelta(minutes=2))

    client.get(page)

    assert SignatureMail.objects.count() == 1


def test_who_wants_no_mail_cannot_be_sent_it_again(
    client: Client, mailoutbox, midnight
) -> None:
    page = sign(client, make_petition())["Location"]
    client.post(not_me_path(Signature.objects.get()))
    midnight.shift(timedelta(minutes=2))

    response = client.post(page)
    send_mail()

    assert response.status_code == 200
    assert mailoutbox == []
