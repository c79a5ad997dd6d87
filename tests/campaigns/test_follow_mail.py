"""How far mail is, as a worker sees it while a few mails are tried again and again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.mail import updates_to_signers
from campaigns.models import Update, UpdateMail
from petitions.models import Petition
from signatures.outbox import deliver
from tests.campaigns.sent_mail import make_asking, receivers
from tests.makers import make_petition, make_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def update() -> Update:
    """For four who asked for it."""
    petition: Petition = make_petition()
    for number in range(4):
        make_asking(petition, email=f"ada{number}@example.org")
    return make_update(petition, with_mail=True)


def send(number: int) -> None:
    while number:  # on a slow machine a batch may end before its last
        number -= deliver(UpdateMail, updates_to_signers, limit=number)


def put_off() -> UpdateMail:
    (one,) = UpdateMail.objects.lease(1)
    assert one.hold()
    one.try_later("SMTPDataError 451")
    return one


def look() -> list[str]:
    """What a look asks of the mails."""
    with CaptureQueriesContext(connection) as asked:
        Update.objects.follow(every=timedelta(0))
    return [one["sql"] for one in asked if "campaigns_updatemail" in one["sql"]]


def numbers(update: Update) -> tuple[int, int, int]:
    update.refresh_from_db()
    return update.mail_sent, update.mail_failed, update.mails_left


def test_what_was_sent_is_not_counted_again_while_one_is_tried_again(
    update: Update,
) -> None:
    update.queue_mails()
    put_off()
    send(3)
    look()
    seen_at = Update.objects.get().mail_seen_at

    asked = look()

    assert ['"sent_at" IS NULL' in sql for sql in asked] == [True]
    assert numbers(update) == (3, 0, 1)
    assert update.mail_seen_at > seen_at
    assert update.mail_done_at is None


def test_it_is_done_when_the_last_has_left(update: Update) -> None:
    update.queue_mails()
    put_off()
    send(3)
    look()
    look()

    UpdateMail.objects.update(due_at=timezone.now())
    receivers()

    assert numbers(update) == (4, 0, 0)
    assert update.mail_done_at


def test_it_is_done_when_the_last_is_given_up_or_not_needed(update: Update) -> None:
    update.queue_mails()
    first, second = put_off(), put_off()
    send(2)
    look()

    first.drop()
    look()
    after_drop = numbers(update)
    UpdateMail.objects.filter(pk=second.pk).update(dead_at=timezone.now())
    look()

    assert after_drop == (2, 0, 1)
    assert numbers(update) == (2, 1, 0)
    assert update.mail_done_at


def test_what_a_worker_meant_to_count_when_it_died_is_counted(update: Update) -> None:
    update.queue_mails()
    send(4)
    Update.objects.update(mail_seen_at=timezone.now())

    look()

    assert numbers(update) == (4, 0, 0)
    assert update.mail_done_at


def test_what_is_written_down_after_a_look_is_counted(update: Update) -> None:
    update._queue_some(2, after=0)
    put_off()
    send(1)
    look()

    Update.objects.get().queue_mails()
    send(2)
    look()

    assert numbers(update) == (3, 0, 1)


def test_one_given_up_that_is_tried_again_is_counted_though_as_many_wait(
    update: Update,
) -> None:
    update.queue_mails()
    dead = put_off()
    put_off()
    UpdateMail.objects.filter(pk=dead.pk).update(dead_at=timezone.now())
    send(2)
    look()

    dead.revive()
    send(1)
    look()

    assert numbers(update) == (3, 0, 1)
