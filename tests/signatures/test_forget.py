"""What was never confirmed is forgotten after a fortnight."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from campaigns.retention import forget
from signatures.models import Bucket, LinkRequest, Signature, SignatureMail
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_petition,
    make_signature,
)
from tests.signatures.acts import count_now, send_mail

pytestmark = pytest.mark.django_db

FORTNIGHT = timedelta(days=14)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    return time_machine


def test_a_pending_signature_is_kept_for_a_fortnight_and_no_longer(noon) -> None:
    make_signature()

    noon.shift(FORTNIGHT)
    forget()
    kept = Signature.objects.count()
    noon.shift(timedelta(seconds=1))
    forgotten = forget()

    assert kept == 1
    assert forgotten["pending signatures"] == 1
    assert Signature.objects.count() == SignatureMail.objects.count() == 0


def test_what_counts_or_was_excluded_is_kept(noon) -> None:
    petition = make_petition()
    confirmed = make_counted_signature(petition=petition)
    excluded = make_confirmed_signature(petition=petition)
    excluded.exclude()

    noon.shift(365 * FORTNIGHT)
    forget()

    assert set(Signature.objects.all()) == {confirmed, excluded}
    assert count_now(petition) == 1


def test_who_is_kept_today_was_not_started_a_fortnight_ago(noon) -> None:
    make_signature()
    noon.shift(FORTNIGHT)
    young = make_signature()
    noon.shift(timedelta(hours=1))

    forget()

    assert list(Signature.objects.all()) == [young]


def test_a_mail_that_was_sent_is_kept_for_a_month(noon, mailoutbox) -> None:
    signature = make_confirmed_signature()
    send_mail()

    noon.shift(timedelta(days=30))
    forget()
    kept = signature.mails.count()
    noon.shift(timedelta(seconds=1))
    forget()

    assert (kept, signature.mails.count()) == (1, 0)


def test_a_mail_that_waits_or_died_is_not_forgotten(noon) -> None:
    waiting = make_confirmed_signature().mails.get()
    dead = make_confirmed_signature().mails.get()
    dead.mark_dead("SMTPDataError 554")

    noon.shift(timedelta(days=365))
    forget()

    assert set(SignatureMail.objects.all()) == {waiting, dead}


def test_an_old_question_for_links_is_forgotten_however_it_ended(noon) -> None:
    for _ in range(2):
        LinkRequest.objects.create(address_key="0" * 32, language="en")
    LinkRequest.objects.first().mark_sent()

    noon.shift(timedelta(days=31))
    forgotten = forget()

    assert forgotten["requests for links"] == 2
    assert LinkRequest.objects.count() == 0


def test_a_count_of_what_somebody_did_dies_with_its_time(noon) -> None:
    Bucket.objects.hit("a", ends_at=timezone.now() + timedelta(hours=1))
    Bucket.objects.hit("b", ends_at=timezone.now() + timedelta(days=1))

    noon.shift(timedelta(hours=2))
    forget()

    assert [bucket.key for bucket in Bucket.objects.all()] == ["b"]


def test_the_command_says_how_much_was_forgotten(noon, capsys) -> None:
    make_signature()
    noon.shift(2 * FORTNIGHT)

    call_command("forget")

    assert "pending signatures: 1\n" in capsys.readouterr().out
