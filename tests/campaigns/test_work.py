import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from campaigns import worker
from campaigns.models import Notice, NoticeKind
from campaigns.notices import queue_to_organizers
from petitions.models import Petition
from signatures.models import LinkRequest, Signature, SignatureMail
from signatures.outbox import OutboxMail
from tests.makers import (
    make_account,
    make_confirmed_signature,
    make_organizer,
    make_petition,
    make_signature,
    make_update,
)
from tests.races import processes


@pytest.mark.django_db
def test_work_once_does_all_that_is_due() -> None:
    petition = make_petition()
    make_confirmed_signature(
        petition=petition, email="ada@example.org", wants_updates=True
    )
    SignatureMail.objects.all().delete()
    make_update(petition, title="We were heard", with_mail=True)
    make_signature(petition=petition, email="new@example.org")
    overdue = make_petition(closes_at=timezone.now() - timedelta(minutes=1))
    forgotten = make_signature()
    Signature.objects.filter(pk=forgotten.pk).update(
        started_at=timezone.now() - timedelta(days=15)
    )
    SignatureMail.objects.filter(signature=forgotten).delete()

    call_command("work", "--once")

    petition.refresh_from_db()
    overdue.refresh_from_db()
    assert petition.signature_count == 1
    assert overdue.state == "closed"
    assert not Signature.objects.filter(pk=forgotten.pk).exists()
    sent = sorted(address for message in mail.outbox for address in message.to)
    assert sent == ["ada@example.org", "new@example.org"]


@pytest.mark.django_db
def test_work_once_has_nothing_left_to_do() -> None:
    make_signature()
    call_command("work", "--once")
    sent = len(mail.outbox)

    call_command("work", "--once")

    assert (sent, len(mail.outbox)) == (1, 1)


@pytest.mark.django_db
def test_news_wait_for_as_long_as_there_are_answers() -> None:
    petition = make_petition()
    make_confirmed_signature(petition=petition, wants_updates=True)
    SignatureMail.objects.all().delete()
    make_update(petition, with_mail=True)
    make_signature(petition=petition, email="new@example.org")
    worker.write_down_news()

    worker.send_mail()

    assert [message.to for message in mail.outbox] == [["new@example.org"]]


def ask_for_links() -> None:
    LinkRequest.objects.create(address_key="0" * 32, language="en")


def write_to_organizer() -> None:
    petition = make_petition(organizers=[make_organizer(member=make_account())])
    queue_to_organizers(NoticeKind.OPENED, petition)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("waiting", "outbox"),
    [
        (make_signature, SignatureMail),
        (ask_for_links, LinkRequest),
        (write_to_organizer, Notice),
    ],
)
def test_a_batch_of_news_ends_when_somebody_waits_for_an_answer(
    monkeypatch: pytest.MonkeyPatch,
    waiting: Callable[[], object],
    outbox: type[OutboxMail],
) -> None:
    monkeypatch.setattr(worker, "LOOKS_EVERY", 0)
    ends = worker._or_answers_wait(lambda: False)

    before = ends()
    waiting()
    while_one_waits = ends()
    outbox.objects.lease(1)  # another connection has taken it

    assert (before, while_one_waits, ends()) == (False, True, False)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_worker_counts_while_it_runs_and_ends_when_it_is_told_to(
    tmp_path: Path,
) -> None:
    petition = make_petition()
    make_confirmed_signature(petition=petition)
    SignatureMail.objects.all().delete()
    log = tmp_path / "log"

    with processes.worker(log) as running:
        processes.wait_until(lambda: count_of(petition) == 1, what="the count")
        running.send_signal(signal.SIGTERM)

    words = log.read_text()
    assert running.returncode == 0
    assert "worker stopped" in words
    assert "Traceback" not in words


def count_of(petition: Petition) -> int:
    return Petition.objects.get(pk=petition.pk).signature_count
