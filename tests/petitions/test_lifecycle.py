"""A petition is submitted, opened, closed, won, hidden: from where it may be."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from petitions.models import Petition, PetitionState, WrongState
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
Act = Callable[[Petition], None]

MAKERS = {
    PetitionState.DRAFT: make_draft,
    PetitionState.REVIEW: make_review,
    PetitionState.OPEN: make_petition,
    PetitionState.CLOSED: make_closed_petition,
    PetitionState.WON: make_won_petition,
    PetitionState.REJECTED: make_rejected_petition,
    PetitionState.HIDDEN: make_hidden_petition,
}
ACTS: dict[str, Act] = {
    "submit": lambda petition: petition.submit(),
    "open": lambda petition: petition.open(by=None),
    "changes": lambda petition: petition.ask_for_changes("Say where."),
    "reject": lambda petition: petition.reject(reason="Not ours."),
    "close": lambda petition: petition.close(outcome="lost", reason="Agreed."),
    "win": lambda petition: petition.win(summary="It stays."),
    "hide": lambda petition: petition.hide(reason="A name."),
    "restore": lambda petition: petition.restore(),
}
ALLOWED = {
    ("draft", "submit"): "review",
    ("draft", "open"): "open",
    ("draft", "reject"): "rejected",
    ("review", "open"): "open",
    ("review", "changes"): "draft",
    ("review", "reject"): "rejected",
    ("open", "close"): "closed",
    ("open", "win"): "won",
    ("open", "hide"): "hidden",
    ("closed", "win"): "won",
    ("closed", "hide"): "hidden",
    ("won", "hide"): "hidden",
    ("hidden", "restore"): "open",
}
REFUSED = [
    (state, act) for state in MAKERS for act in ACTS if (state, act) not in ALLOWED
]


def stored(petition: Petition) -> dict[str, object]:
    """All that the database holds of a petition and its versions."""
    (row,) = Petition.objects.filter(pk=petition.pk).values()
    return {**row, "versions": list(petition.versions.values())}


@pytest.mark.parametrize(("state", "act"), ALLOWED)
def test_what_may_be_done_is_done(state: str, act: str) -> None:
    petition = MAKERS[PetitionState(state)]()

    ACTS[act](petition)

    assert petition.state == ALLOWED[state, act]
    assert stored(petition)["state"] == ALLOWED[state, act]


@pytest.mark.parametrize(("state", "act"), REFUSED)
def test_what_may_not_be_done_changes_nothing(state: PetitionState, act: str) -> None:
    petition = MAKERS[state]()
    before = stored(petition)

    with pytest.raises(WrongState):
        ACTS[act](petition)

    assert stored(petition) == before


@pytest.mark.parametrize(
    ("act", "other"),
    [("open", "reject"), ("close", "close"), ("win", "close"), ("hide", "win")],
)
def test_who_comes_second_with_an_old_page_is_refused(act: str, other: str) -> None:
    petition = make_draft() if act == "open" else make_petition()
    seen_earlier = Petition.objects.get(pk=petition.pk)
    ACTS[act](petition)
    before = stored(petition)

    with pytest.raises(WrongState):
        ACTS[other](seen_earlier)

    assert stored(petition) == before


def test_opening_says_when_and_for_which_words() -> None:
    petition = make_draft()
    at = datetime(2026, 1, 5, tzinfo=UTC)

    petition.open(by=None, at=at)

    assert petition.opened_at == at
    assert petition.current_version.number == 1
    assert petition.current_version.made_at == at


def test_closing_says_when_and_why() -> None:
    petition = make_petition()

    petition.close(outcome="lost", reason="The council agreed.")

    assert petition.closing_reason == "The council agreed."
    assert petition.closed_at >= petition.opened_at


def test_winning_ends_an_open_petition() -> None:
    petition = make_petition()

    petition.win(summary="It stays open.", story="We sang.")

    assert (petition.outcome_summary, petition.outcome_story) == (
        "It stays open.",
        "We sang.",
    )
    assert petition.closed_at == petition.won_at


def test_winning_later_keeps_the_day_of_the_closing() -> None:
    petition = make_closed_petition()
    closed_at = petition.closed_at

    petition.win(summary="It stays open.")

    assert petition.closed_at == closed_at
    assert petition.won_at > closed_at


@pytest.mark.parametrize("state", ["open", "closed", "won"])
def test_restoring_brings_a_hidden_petition_back_to_where_it_was(state: str) -> None:
    petition = MAKERS[PetitionState(state)]()
    before = stored(petition)
    petition.hide(reason="It names a private person.")

    petition.restore()

    after = stored(petition)
    for moved in ["changed_at", "index_due_at"]:
        assert after.pop(moved) >= before.pop(moved)
    assert after == before


def test_a_hidden_petition_says_why() -> None:
    petition = make_petition()

    petition.hide(reason="It names a private person.")

    assert petition.withheld_reason == "It names a private person."


@pytest.mark.parametrize(("state", "act"), ALLOWED)
def test_whoever_follows_a_petition_sees_that_it_changed(state: str, act: str) -> None:
    petition = MAKERS[PetitionState(state)]()
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    Petition.objects.filter(pk=petition.pk).update(changed_at=long_ago)

    ACTS[act](petition)

    assert petition.changed_at > long_ago
