"""What a petition says of itself and what a search for such petitions finds agree."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.models import Petition
from petitions.models.states import ENDED
from tests.makers import (
    make_closed_petition,
    make_draft,
    make_hidden_petition,
    make_petition,
    make_rejected_petition,
    make_review,
    make_won_petition,
)

pytestmark = pytest.mark.django_db
Maker = Callable[[], Petition]


def make_closing_petition() -> Petition:
    return make_petition(closes_at=timezone.now() + timedelta(minutes=1))


def make_overdue_petition() -> Petition:
    return make_petition(closes_at=timezone.now() - timedelta(seconds=1))


MAKERS = [
    *[make_draft, make_review, make_rejected_petition, make_petition],
    *[make_closing_petition, make_overdue_petition, make_closed_petition],
    *[make_won_petition, make_hidden_petition],
]
every_petition = pytest.mark.parametrize("make", MAKERS, ids=lambda m: m.__name__)


@every_petition
def test_is_open_and_the_open_petitions_agree(make: Maker) -> None:
    petition = make()

    assert petition.is_open == Petition.objects.open().contains(petition)


@every_petition
def test_is_public_and_the_public_petitions_agree(make: Maker) -> None:
    petition = make()

    assert petition.is_public == Petition.objects.public().contains(petition)


@every_petition
def test_is_won_and_the_won_petitions_agree(make: Maker) -> None:
    petition = make()

    assert petition.is_won == Petition.objects.won().contains(petition)


@every_petition
def test_closed_petitions_are_those_that_ended_or_are_overdue(make: Maker) -> None:
    petition = make()
    ended = Petition.objects.filter(state__in=ENDED) | Petition.objects.overdue()

    assert petition.is_closed == ended.contains(petition)


@pytest.mark.parametrize(
    ("word", "makers"),
    [
        ("is_open", [make_petition, make_closing_petition]),
        ("is_closed", [make_overdue_petition, make_closed_petition, make_won_petition]),
        ("is_won", [make_won_petition]),
        (
            "is_public",
            [
                *[make_petition, make_closing_petition, make_overdue_petition],
                *[make_closed_petition, make_won_petition],
            ],
        ),
    ],
)
def test_a_word_is_said_of_exactly_these(word: str, makers: list[Maker]) -> None:
    said_of = [make for make in MAKERS if getattr(make(), word)]

    assert said_of == makers
