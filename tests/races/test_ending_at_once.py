"""A petition ends while people sign and confirm, or while several close it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from campaigns import lifecycle
from campaigns.models import Event, EventKind
from petitions.models import Petition, WrongState
from signatures.models import Signature
from tests.makers import (
    confirm_url,
    make_petition,
    make_signature,
    make_staff,
    sign_url,
)
from tests.races.acts import count_after_fold, press
from tests.races.threads import in_threads

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


ENDS = [partial(lifecycle.close, outcome="lost"), lifecycle.hide]


@pytest.mark.parametrize("end", ENDS, ids=["close", "hide"])
def test_ending_a_petition_amid_signing_and_confirming_keeps_the_count_true(
    end: Callable[..., None],
) -> None:
    petition, staff = make_petition(), make_staff()
    with transaction.atomic():
        links = [confirm_url(make_signature(petition=petition)) for _ in range(30)]

    def sign(number: int) -> int:
        words = {"name": "Ada", "email": f"late{number}@example.org"}
        return press(sign_url(petition), words)

    def end_it() -> int:
        end(Petition.objects.get(pk=petition.pk), by=staff, reason="It is over.")
        return 0

    answers = in_threads(
        [
            *(lambda link=link: press(link) for link in links),
            end_it,
            *(lambda number=number: sign(number) for number in range(10)),
        ]
    )

    confirming, signing = answers[:30], answers[31:]
    assert set(confirming) <= {303, 409}
    assert set(signing) <= {303, 404, 409}  # who comes late to a hidden page finds none
    assert Signature.objects.confirmed().count() == confirming.count(303)
    assert Signature.objects.count() == 30 + signing.count(303)
    assert count_after_fold(petition) == confirming.count(303)
    assert Event.objects.count() == 1


def test_eight_workers_close_an_overdue_petition_once() -> None:
    now = timezone.now()
    petition = make_petition(
        opened_at=now - timedelta(days=2), closes_at=now - timedelta(hours=1)
    )

    closed = in_threads([lifecycle.close_overdue] * 8)

    assert sum(closed) == 1
    petition.refresh_from_db()
    assert petition.closed_at == petition.closes_at
    assert [event.kind for event in Event.objects.all()] == [EventKind.CLOSED]


def test_of_closing_and_winning_at_once_each_leaves_a_true_story() -> None:
    """A won petition cannot be closed any more; a closed one can still be won."""
    petition, staff = make_petition(), make_staff()

    def close() -> bool:
        return done(
            lifecycle.close, petition, by=staff, outcome="lost", reason="It is over."
        )

    def win() -> bool:
        words = {"summary": "It stays open.", "story": ""}
        return done(lifecycle.declare_victory, petition, by=staff, **words)

    answers = in_threads([close, win] * 4)

    petition.refresh_from_db()
    assert petition.is_won
    assert Event.objects.count() == answers.count(True)
    assert Event.objects.filter(kind=EventKind.WON).count() == 1
    assert Event.objects.filter(kind=EventKind.CLOSED).count() <= 1


def done(act: Callable[..., None], petition: Petition, **words: object) -> bool:
    try:
        act(Petition.objects.get(pk=petition.pk), **words)
    except WrongState:
        return False
    return True
