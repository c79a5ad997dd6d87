"""Mail is stopped and goes on while workers write it down, send it and are killed."""

from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from campaigns.mail import updates_to_signers
from campaigns.models import ScheduledUpdate, Update, UpdateMail
from campaigns.models.mailings import LOOKED_AT_EVERY
from campaigns.models.updates import TooManyMailings
from petitions.models import Petition
from signatures.models import SignatureMail
from signatures.outbox import deliver
from tests.makers import (
    make_petition,
    make_scheduled_update,
    make_staff,
    make_update,
)
from tests.races.post_office import post_office
from tests.races.processes import wait_until, worker
from tests.races.test_killed_in_the_act import LONG_LEASE
from tests.races.test_mailing_at_once import addresses, drain, make_signers
from tests.races.threads import in_threads, in_threads_amid

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

AT_ONCE = LOOKED_AT_EVERY * 0
KILLS = 4
CONNECTIONS = 4  # of each worker: one mail is in the hand of each


def test_stopping_and_going_on_amid_workers_mails_everybody_once(
    mailoutbox: list[EmailMessage],
) -> None:
    petition = make_petition()
    signers = make_signers(petition, 60)
    update = make_update(petition, with_mail=True)
    staff = make_staff()

    def stop_and_go_on() -> int:
        own = Update.objects.get(pk=update.pk)
        return sum(
            own.stop_mail(by=staff) and own.resume_mail(by=staff) for _ in "1234"
        )

    [times], _others = in_threads_amid([stop_and_go_on], [send_some_of_60] * 3)
    drain(queue_and_send)

    assert times == 4
    assert addresses(mailoutbox) == Counter(signers)
    Update.objects.follow(every=AT_ONCE)
    update.refresh_from_db()
    assert (update.mail_sent, update.mails_left) == (60, 0)
    assert update.mail_done_at


def test_stopped_amid_workers_it_stays_stopped(mailoutbox: list[EmailMessage]) -> None:
    petition = make_petition()
    signers = make_signers(petition, 60)
    update = make_update(petition, with_mail=True)
    staff = make_staff()

    stop = partial(update.stop_mail, by=staff)
    [stopped], _others = in_threads_amid([stop], [send_some_of_60] * 3)
    drain(queue_and_send)
    sent = addresses(mailoutbox)
    drain(queue_and_send)

    assert stopped
    assert addresses(mailoutbox) == sent
    assert not UpdateMail.objects.waiting().exists()
    assert update.resume_mail(by=staff)
    drain(queue_and_send)
    assert addresses(mailoutbox) == Counter(signers)


def test_workers_killed_amid_stopping_and_going_on_mail_everybody(
    tmp_path: Path,
) -> None:
    petition = make_petition()
    signers = make_signers(petition, 40)
    SignatureMail.objects.all().delete()  # the answers to them
    update, staff = make_update(petition, with_mail=True), make_staff()

    with post_office() as office:
        settings = {
            "EMAIL_URL": office.url,
            "MAIL_LEASE": "1",
            "MAIL_CONNECTIONS": str(CONNECTIONS),
        }
        for kill in range(KILLS):
            office.hold(after=kill % 3)
            with worker(tmp_path / "log", **settings) as process:
                office.wait_for_one_in_hand()
                assert update.stop_mail(by=staff)
                process.kill()
                office.wait_for_hanging_up()
            assert update.resume_mail(by=staff)
        office.let_go()
        with worker(tmp_path / "log", **settings | LONG_LEASE):
            wait_until(lambda: is_done(update), what="the mailing to be done")

    assert {mail["To"] for mail in office.taken} == set(signers)
    assert len(office.mails) <= len(signers) + KILLS * CONNECTIONS
    assert UpdateMail.objects.sent().count() == 40


def test_eight_workers_post_what_is_due_once() -> None:
    petition = make_petition()
    for number in range(5):
        words = {"title": f"Number {number}", "post_at": timezone.now()}
        make_scheduled_update(petition, **words)

    handled = in_threads([ScheduledUpdate.objects.post_due] * 8)

    assert sum(handled) == 5
    titles = Update.objects.values_list("title", flat=True)
    assert sorted(titles) == [f"Number {number}" for number in range(5)]


def test_taking_back_while_workers_post_does_one_of_both() -> None:
    petition, staff = make_petition(), make_staff()
    for _ in range(5):
        scheduled = make_scheduled_update(petition, post_at=timezone.now())
        take_back = partial(scheduled.take_back, by=staff)

        taken_back, *_posted = in_threads(
            [take_back, *[ScheduledUpdate.objects.post_due] * 3]
        )

        assert not ScheduledUpdate.objects.exists()
        assert Update.objects.filter(key=scheduled.key).exists() != taken_back


def test_of_eight_posted_at_once_three_are_mailed() -> None:
    petition = make_petition()

    answers = in_threads([partial(is_mailed, petition)] * 8)

    assert sorted(answers) == [False] * 5 + [True] * 3
    assert Update.objects.filter(mail_due_at__isnull=False).count() == 3


def is_mailed(petition: Petition) -> bool:
    try:
        make_update(petition, with_mail=True)
    except TooManyMailings:
        return False
    return True


def is_done(update: Update) -> bool:
    update.refresh_from_db()
    return update.mail_done_at is not None


def send_some_of_60() -> int:
    """One of three workers who leave some for later: so the mailing is never done."""
    if UpdateMail.objects.sent().count() > 40:
        return 0
    return queue_and_send()


def queue_and_send() -> int:
    for update in Update.objects.unmailed():
        update.queue_mails(batch=7)
    handled = deliver(UpdateMail, updates_to_signers, limit=5)
    Update.objects.follow(every=AT_ONCE)
    return handled
