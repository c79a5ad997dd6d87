"""A signature is confirmed at the moment when it would be forgotten."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.signals import pre_delete
from django.utils import timezone

from signatures.models import Signature
from signatures.retention import forget
from tests.makers import confirm_url, make_signature
from tests.races.acts import count_after_fold, press
from tests.races.threads import in_threads

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

LONG_ENOUGH_TO_PRESS = 0.5  # seconds; with the row locked it has to be waited out


def test_a_press_amid_forgetting_counts_or_is_told_that_it_came_too_late() -> None:
    signature = make_old_signature()

    with pressed_amid_deleting(confirm_url(signature)) as answers:
        forget()

    assert answers in ([303], [404])
    assert Signature.objects.count() == answers.count(303)
    assert count_after_fold(signature.petition) == answers.count(303)


def test_workers_forgetting_at_once_forget_each_signature_once() -> None:
    for _number in range(5):
        make_old_signature()
    make_signature()

    forgotten = in_threads([forget] * 4)

    assert sum(figures["pending signatures"] for figures in forgotten) == 5
    assert Signature.objects.count() == 1


def make_old_signature() -> Signature:
    signature = make_signature()
    old = timezone.now() - settings.PENDING_KEPT - timedelta(seconds=1)
    Signature.objects.filter(pk=signature.pk).update(started_at=old)
    return signature


@contextmanager
def pressed_amid_deleting(link: str) -> Iterator[list[int]]:
    """Press the link between finding what to delete and deleting it.

    Gives the list that the answer is put into.
    """
    answers: list[int] = []

    def press_link() -> None:
        answers.append(press(link))
        connection.close()

    presser = threading.Thread(target=press_link)

    def start_pressing(**_signal: object) -> None:
        presser.start()
        presser.join(timeout=LONG_ENOUGH_TO_PRESS)

    pre_delete.connect(start_pressing, sender=Signature)
    try:
        yield answers
    finally:
        pre_delete.disconnect(start_pressing, sender=Signature)
        presser.join()
