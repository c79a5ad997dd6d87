"""Limits are exact, however many knock at the same moment."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.utils import timezone

from signatures import networks
from signatures.limits import LINK_REQUESTS
from signatures.mail import answers_to_signings
from signatures.models import (
    Bucket,
    LinkRequest,
    NetworkSecret,
    Signature,
    SignatureMail,
    Trace,
)
from signatures.outbox import deliver
from tests.makers import make_petition, make_signature, sign_url
from tests.races.acts import press
from tests.races.threads import in_threads

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_200_hits_by_20_at_once_are_200() -> None:
    ends_at = timezone.now() + timedelta(hours=1)

    def hit_ten_times() -> list[int]:
        return [Bucket.objects.hit("one", ends_at=ends_at) for _ in range(10)]

    answers = in_threads([hit_ten_times] * 20)

    assert sorted(hits for ten in answers for hits in ten) == list(range(1, 201))
    assert Bucket.objects.get().hits == 200


def test_of_20_requests_for_links_at_once_as_many_pass_as_may() -> None:
    most, _window = LINK_REQUESTS
    words = {"email": "ada@example.org"}

    def ask() -> int:
        return press("/find-my-signature/", words)

    with time_machine.travel("2026-03-09T12:10:00Z"):
        answers = in_threads([ask] * 20)

    assert sorted(answers) == [200] * most + [429] * (20 - most)
    assert LinkRequest.objects.count() == most


def test_of_50_who_sign_at_once_from_one_network_each_limit_takes_its_number(
    settings,
) -> None:
    settings.SIGNINGS_HELD_ABOVE, settings.SIGNINGS_REFUSED_ABOVE = 20, 35
    url = sign_url(make_petition())

    def sign(number: int) -> int:
        words = {"name": f"Bot {number}", "email": f"bot{number}@example.org"}
        return Client(REMOTE_ADDR="203.0.113.9").post(url, words).status_code

    with time_machine.travel("2026-03-09T12:10:00Z"):
        answers = in_threads([partial(sign, number) for number in range(50)])

    assert Counter(answers) == {303: 35, 429: 15}
    assert Signature.objects.filter(held_at=None).count() == 20
    assert Signature.objects.filter(held_at__isnull=False).count() == 15
    assert sorted(Trace.objects.values_list("hits", flat=True)) == [*range(1, 36)]
    assert SignatureMail.objects.count() == 35
    assert Bucket.objects.get().hits == 50


def test_20_who_come_first_in_a_day_make_one_secret(monkeypatch) -> None:
    """Each as a process of its own, which knows none yet."""
    forgetful = networks._secret_of.__wrapped__
    monkeypatch.setattr(networks, "_secret_of", forgetful)

    with time_machine.travel("2026-03-09T12:10:00Z"):
        keys = in_threads([partial(networks.network_key, "203.0.113.9/32")] * 20)

    assert len(set(keys)) == 1
    assert NetworkSecret.objects.count() == 1


@pytest.mark.parametrize("limit", ["MAILS_A_MINUTE", "MAILS_A_MINUTE_PER_DOMAIN"])
def test_four_workers_together_keep_the_pace(
    settings, mailoutbox: list[EmailMessage], limit: str
) -> None:
    setattr(settings, limit, 17)
    petition = make_petition()
    with transaction.atomic():
        signers = [make_signature(petition=petition).email for _ in range(40)]

    def work() -> None:
        while deliver(SignatureMail, answers_to_signings, limit=3):
            pass

    sent = []
    for minute in range(4):
        with time_machine.travel(f"2026-03-09T12:{minute:02}:05Z"):
            SignatureMail.objects.filter(due_at__gt=timezone.now()).update(
                due_at=timezone.now()
            )
            in_threads([work] * 4)
            sent.append(len(mailoutbox))

    assert sent == [17, 34, 40, 40]
    assert Counter(mail.to[0] for mail in mailoutbox) == Counter(signers)
    assert set(SignatureMail.objects.values_list("attempts")) == {(1,)}
