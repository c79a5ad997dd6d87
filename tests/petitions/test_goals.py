"""The number beside the count, and the words that say it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.goals import Meter, next_goal, thresholds_between
from petitions.models import Petition, PetitionState
from petitions.templatetags.petition_text import meter_words

counts = st.integers(min_value=0, max_value=50_000_000)


@pytest.mark.parametrize(
    ("count", "goal"),
    [
        *[(0, 100), (54, 100), (99, 100), (100, 200), (139, 200), (327, 400)],
        *[(499, 500), (500, 600), (604, 800), (800, 1_000), (979, 1_000)],
        *[(1_000, 2_000), (1_886, 2_000), (9_999, 10_000), (10_000, 15_000)],
        *[(10_150, 15_000), (49_999, 50_000), (50_000, 75_000), (99_999, 100_000)],
        *[(100_000, 200_000), (118_000, 200_000), (1_234_567, 1_300_000)],
    ],
)
def test_the_next_goal_is_the_next_round_step(count: int, goal: int) -> None:
    assert next_goal(count) == goal


@given(counts)
def test_the_next_goal_is_always_ahead(count: int) -> None:
    assert next_goal(count) > count


@given(counts, counts)
def test_more_signatures_never_have_a_smaller_goal(one: int, other: int) -> None:
    low, high = sorted([one, other])

    assert next_goal(low) <= next_goal(high)


def test_the_milestones_are_the_round_numbers_of_the_timeline() -> None:
    thresholds = thresholds_between(0, 300_000)

    assert thresholds == [
        *[10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000],
        *[25_000, 50_000, 100_000, 250_000],
    ]


@pytest.mark.parametrize(
    ("low", "high", "reached"),
    [
        *[(9, 10, [10]), (10, 10, []), (10, 49, []), (0, 9, []), (10, 11, [])],
        *[(49, 100, [50, 100]), (99, 100, [100]), (100, 99, [])],
    ],
)
def test_a_milestone_is_reached_once_the_count_comes_to_it(
    low: int, high: int, reached: list[int]
) -> None:
    assert thresholds_between(low, high) == reached


@pytest.mark.slow
@given(st.lists(counts, min_size=2, max_size=5).map(sorted))
def test_no_milestone_is_missed_or_doubled_however_the_count_gets_there(
    stops: list[int],
) -> None:
    in_steps = [
        threshold
        for low, high in pairwise(stops)
        for threshold in thresholds_between(low, high)
    ]

    assert in_steps == thresholds_between(stops[0], stops[-1])


@pytest.mark.parametrize(
    ("count", "own_goal", "words"),
    [
        (139, None, "139 of 200 signatures"),
        (1, None, "1 of 100 signatures"),
        (10_150, None, "10,150 of 15,000 signatures"),
        (139, 200, "139 of 200 signatures"),
        (200, 200, "200 of 200 signatures. Goal reached."),
        (1_201, 200, "1,201 of 200 signatures. Goal reached."),
    ],
)
def test_an_open_petition_says_how_far_it_is(
    count: int, own_goal: int | None, words: str
) -> None:
    petition = Petition(state=PetitionState.OPEN, signature_count=count, goal=own_goal)

    assert meter_words(petition.meter) == words


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 signature"), (1_886, "1,886 signatures")]
)
def test_a_closed_petition_has_no_next_goal(count: int, words: str) -> None:
    petition = Petition(state=PetitionState.CLOSED, signature_count=count)

    assert meter_words(petition.meter) == words


def test_the_organizers_own_goal_never_moves() -> None:
    goals = [
        Petition(state=PetitionState.OPEN, signature_count=count, goal=150).meter.goal
        for count in [0, 149, 150, 151, 100_000]
    ]

    assert goals == [150] * 5


@pytest.mark.slow
@given(counts, st.none() | st.integers(min_value=1, max_value=50_000_000))
def test_the_bar_stays_between_empty_and_full(count: int, goal: int | None) -> None:
    meter = Meter(count, goal or next_goal(count), is_own_goal=goal is not None)

    assert 0 <= meter.percent <= 100
    assert (meter.percent == 100) == meter.is_reached


def test_only_a_goal_of_their_own_is_ever_reached() -> None:
    assert not Meter(200, 200, is_own_goal=False).is_reached


@pytest.mark.parametrize(("count", "has_bar"), [(4, False), (5, True)])
def test_a_handful_of_signatures_has_no_bar(count: int, has_bar: bool) -> None:
    petition = Petition(state=PetitionState.OPEN, signature_count=count)

    assert petition.meter.has_bar == has_bar
