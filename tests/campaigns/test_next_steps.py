"""One next step for each petition: what helps it most now."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from campaigns.models import Promise
from campaigns.next_steps import Facts, facts_of, next_step, with_facts
from petitions.models import Petition, PetitionTarget
from tests.makers import (
    make_closed_petition,
    make_draft,
    make_petition,
    make_target,
    make_update,
)

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)
DAY = timedelta(days=1)


def make_one(state: str, **fields: object) -> Petition:
    """In no database: a step depends on nothing but what it is given."""
    known = {"opened_at": LONG_AGO, "signature_count": 130}
    known |= {"outcome": "", "changes_asked": ""}
    return Petition(pk=7, slug="seven", state=state, **{**known, **fields})


def step_of(petition: Petition, **facts: object) -> str:
    return next_step(petition, Facts(**facts), now=NOW, may_ask=True).name


@pytest.mark.parametrize(
    ("state", "fields", "step"),
    [
        ("draft", {}, "finish"),
        ("draft", {"changes_asked": "Say who."}, "change"),
        ("review", {}, "wait"),
        ("rejected", {}, "rejected"),
        ("hidden", {}, "hidden"),
    ],
)
def test_what_is_not_public_has_its_step(state: str, fields: dict, step: str) -> None:
    assert step_of(make_one(state, **fields)) == step


@pytest.mark.parametrize(
    ("fields", "facts", "step"),
    [
        ({"closes_at": NOW + 7 * DAY}, {"last_update_at": NOW}, "ask"),
        ({"closes_at": NOW + 6.9 * DAY}, {"last_update_at": NOW}, "closing"),
        ({"closes_at": NOW - DAY}, {}, "closing"),
        ({"opened_at": NOW - DAY, "signature_count": 19}, {}, "first"),
        ({"opened_at": NOW - DAY, "signature_count": 20}, {}, "ask"),
        ({"signature_count": 19}, {"last_update_at": LONG_AGO}, "first"),
        ({"signature_count": 225}, {}, "near"),
        ({"signature_count": 224}, {}, "update"),
        ({"signature_count": 995_000}, {}, "near"),
        ({}, {}, "update"),
        ({}, {"last_update_at": NOW - 31 * DAY}, "update"),
        ({}, {"last_update_at": NOW - 29 * DAY}, "ask"),
        ({}, {"last_update_at": NOW, "is_asked": True}, "share"),
        ({}, {"last_update_at": NOW, "has_targets": False}, "share"),
    ],
)
def test_an_open_petition_has_the_step_that_helps_most(
    fields: dict, facts: dict, step: str
) -> None:
    assert step_of(make_one("open", **fields), **facts) == step


@pytest.mark.parametrize("state", ["won", "closed"])
@pytest.mark.parametrize(
    ("fields", "facts", "step"),
    [
        ({}, {"promise_is_due": True}, "promise"),
        ({}, {}, "hand-over"),
        ({}, {"is_delivered": True}, "outcome"),
        ({}, {"has_targets": False}, "outcome"),
        ({"outcome": "won"}, {"is_delivered": True}, "tell"),
        (
            {"outcome": "won"},
            {"is_delivered": True, "last_update_at": LONG_AGO},
            "tell",
        ),
        ({"outcome": "won"}, {"is_delivered": True, "last_update_at": NOW}, "done"),
    ],
)
def test_an_ended_petition_is_brought_to_its_end(
    state: str, fields: dict, facts: dict, step: str
) -> None:
    assert step_of(make_one(state, closed_at=NOW - DAY, **fields), **facts) == step


def test_a_step_says_numbers_as_a_person_would() -> None:
    near = next_step(make_one("open", signature_count=995), Facts(), now=NOW)
    closing = make_one("open", closes_at=NOW + 3 * DAY)
    last_day = make_one("open", closes_at=NOW + DAY / 2)
    few = make_one("open", signature_count=0, opened_at=NOW - 2 * DAY)
    first_day = make_one("open", signature_count=0, opened_at=NOW - 1.9 * DAY)

    assert near.words == "Only 5 more to 1,000."
    assert "Few have signed so far" in next_step(few, Facts(), now=NOW).words
    assert "The first day decides" in next_step(first_day, Facts(), now=NOW).words
    assert "in 3 days" in next_step(closing, Facts(), now=NOW).words
    assert "within a day" in next_step(last_day, Facts(), now=NOW).words


def test_who_may_not_ask_a_target_is_not_told_to() -> None:
    told = Facts(last_update_at=NOW)

    step = next_step(make_one("open"), told, now=NOW, may_ask=False)

    assert step.name == "share"


@pytest.mark.django_db
def test_facts_come_with_the_petitions_in_one_question(
    django_assert_num_queries,
) -> None:
    bare = make_draft()
    told = make_petition(targets=[make_target(), make_target()])
    posted_at = make_update(told).posted_at
    PetitionTarget.objects.filter(petition=told).update(asked_at=timezone.now())
    done = make_closed_petition(targets=[make_target()])
    PetitionTarget.objects.filter(petition=done).update(delivered_at=timezone.now())
    Promise.objects.create(
        petition=done, text="A lamp.", due_on="2026-01-01", asked_at=timezone.now()
    )

    with django_assert_num_queries(1):
        petitions = with_facts(Petition.objects.all())
        facts = {petition.pk: facts_of(petition) for petition in petitions}

    assert facts == {
        bare.pk: Facts(has_targets=False),
        told.pk: Facts(last_update_at=posted_at, is_asked=True),
        done.pk: Facts(is_delivered=True, promise_is_due=True),
    }
