"""Several staff press at the same moment: one looks at it, and one decides."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.forms import modelform_factory

from campaigns import moderation
from campaigns.admin.petition_forms import PetitionForm
from campaigns.models import Claim, Event, PetitionReport
from petitions.models import Account, Petition, WrongState
from tests.campaigns.admin_forms import petition_form
from tests.makers import make_draft, make_petition, make_review, make_staff
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


def is_free(petition: Petition) -> bool:
    """Whether its row can be locked now. SQLite has no locks of rows: always."""
    has_locks = connection.features.has_select_for_update
    rows = Petition.objects.select_for_update(nowait=True).filter(pk=petition.pk)
    try:
        with transaction.atomic() if has_locks else nullcontext():
            return len(rows) == 1
    except OperationalError:
        return False
    finally:
        connection.close()


@pytest.mark.parametrize("make", [make_draft, make_petition])
def test_nobody_decides_between_the_check_of_an_edit_and_its_saving(make) -> None:
    petition = make()
    typed = petition_form(petition, title="Keep both", edit_reason="There are two.")
    form = modelform_factory(Petition, PetitionForm, ["title"])(
        typed, instance=petition
    )

    with transaction.atomic(), ThreadPoolExecutor() as other:
        assert form.is_valid()
        was_free = other.submit(is_free, petition).result()

    assert was_free == (not connection.features.has_select_for_update)
