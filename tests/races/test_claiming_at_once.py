"""Several staff press at the same moment: one looks at it, and one decides."""

from functools import partial

import pytest

from campaigns import moderation
from campaigns.models import Claim, Event, PetitionReport
from petitions.models import Account, Petition, WrongState
from tests.makers import make_draft, make_petition, make_staff
from tests.races.threads import in_threads

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

REFUSED = (moderation.ClaimedByAnother, WrongState)


def tried(act, petition: Petition, staff: Account) -> bool:
    """Whether it was done."""
    try:
        act(Petition.objects.get(pk=petition.pk), by=staff)
    except REFUSED:
        return False
    return True


def make_review() -> Petition:
    petition = make_draft()
    petition.submit()
    return petition


@pytest.mark.parametrize("ran_out", [False, True])
def test_of_10_who_claim_at_once_one_gets_it(ran_out: bool) -> None:
    petition, staff = make_review(), [make_staff() for _ in range(10)]
    if ran_out:
        moderation.claim(petition, by=make_staff())
        Claim.objects.update(until_at="2026-01-01T00:00:00Z")

    acts = [partial(tried, moderation.claim, petition, one) for one in staff]
    answers = in_threads(acts)

    assert answers.count(True) == 1
    assert Claim.objects.get().by == staff[answers.index(True)]


def test_of_10_who_open_at_once_one_does() -> None:
    petition, staff = make_review(), [make_staff() for _ in range(10)]

    acts = [partial(tried, moderation.open_petition, petition, one) for one in staff]
    answers = in_threads(acts)

    assert answers.count(True) == 1
    (event,) = Event.objects.filter(kind="opened")
    assert event.by == staff[answers.index(True)]
    assert not Claim.objects.exists()


def test_of_those_who_open_and_reject_at_once_one_decides() -> None:
    petition, staff = make_review(), [make_staff() for _ in range(8)]
    reject = partial(
        moderation.reject, code="unclear", reason="What for?", in_public=True
    )
    ways = [moderation.open_petition, reject] * 4

    acts = [
        partial(tried, way, petition, one) for way, one in zip(ways, staff, strict=True)
    ]
    answers = in_threads(acts)

    assert answers.count(True) == 1
    assert Event.objects.count() == 1


def test_reports_are_answered_once_by_those_who_press_at_once() -> None:
    petition, staff = make_petition(), [make_staff() for _ in range(6)]
    last = PetitionReport.objects.create(petition=petition, cause="other").pk
    settle = partial(moderation.settle_reports, last=last)

    answers = in_threads([partial(tried, settle, petition, one) for one in staff])

    assert answers.count(True) == 1
    assert Event.objects.filter(kind="reports_settled").count() == 1
