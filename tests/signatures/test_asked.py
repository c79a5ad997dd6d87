"""How many were asked to confirm is counted when their mail is let through."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signatures.addresses import address_key
from signatures.models import AskedCount, LinkRequest, SignatureMail
from tests.makers import (
    make_confirmed_signature,
    make_held_signature,
    make_petition,
    make_signature,
)
from tests.signatures.acts import send_mail

pytestmark = pytest.mark.django_db


def asked() -> dict[int, int]:
    return dict(AskedCount.objects.values_list("petition", "count"))


def test_each_first_mail_is_counted_once() -> None:
    petition, other = make_petition(), make_petition()
    for _ in range(3):
        make_signature(petition=petition)
    make_signature(petition=other)

    send_mail()
    send_mail()

    assert len(mail.outbox) == 4
    assert asked() == {petition.pk: 3, other.pk: 1}
    assert AskedCount.objects.first().day == timezone.localdate()


def test_a_batch_adds_to_what_was_counted_that_day() -> None:
    petition = make_petition()
    for _batch in range(2):
        make_signature(petition=petition)
        send_mail()

    assert asked() == {petition.pk: 2}


def test_a_mail_that_is_sent_again_is_not_counted_again() -> None:
    signature = make_signature()
    send_mail()

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        SignatureMail.objects.create(signature=signature)
        send_mail()

    assert len(mail.outbox) == 2
    assert asked() == {signature.petition_id: 1}


def test_a_mail_that_is_tried_again_is_not_counted_again() -> None:
    signature = make_signature()
    send_mail()
    SignatureMail.objects.update(sent_at=None, due_at=signature.started_at)

    send_mail()

    assert asked() == {signature.petition_id: 1}


def test_who_has_signed_already_is_not_asked() -> None:
    petition = make_petition()
    make_confirmed_signature(petition=petition, email="ana@example.org")
    SignatureMail.objects.all().delete()
    make_signature(petition=petition, email="ana@example.org")

    send_mail()

    assert len(mail.outbox) == 1
    assert asked() == {}


def test_who_gets_no_mail_is_not_asked() -> None:
    petition = make_petition()
    make_held_signature(petition=petition)
    for _ in range(2):  # too soon after each other: one mail
        make_signature(petition=petition, email="ana@example.org")

    send_mail()

    assert len(mail.outbox) == 1
    assert asked() == {petition.pk: 1}


def test_who_was_held_is_asked_by_the_mail_after_that() -> None:
    signature = make_held_signature()
    send_mail()

    signature.release()
    send_mail()

    assert len(mail.outbox) == 1
    assert asked() == {signature.petition_id: 1}


def test_who_asks_for_links_is_not_counted() -> None:
    signature = make_confirmed_signature(email="ana@example.org")
    SignatureMail.objects.all().delete()
    key = address_key(signature.email)
    LinkRequest.objects.create(address_key=key, language="en")

    send_mail()

    assert len(mail.outbox) == 1
    assert asked() == {}


@pytest.mark.parametrize("number", [1, 12])
def test_a_batch_counts_in_one_statement(number: int) -> None:
    for petition in (make_petition() for _ in range(number)):
        make_signature(petition=petition)

    with CaptureQueriesContext(connection) as queries:
        send_mail()

    counting = [one for one in queries.captured_queries if "askedcount" in one["sql"]]
    assert len(counting) == 1
    assert sum(asked().values()) == number
