"""One link that is pressed many times at once answers, or lets in, once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from campaigns import answers, invitations, orphans
from campaigns.invitations import InvitationOver
from campaigns.models import Answer, Event, Notice, Silence
from petitions.models import (
    Account,
    Organizer,
    Petition,
    PetitionOrganizer,
    Role,
    WrongState,
)
from signatures.tokens import Purpose, make_token
from tests.makers import (
    make_account,
    make_organizer,
    make_petition,
    make_staff,
    make_target,
)
from tests.races.acts import press
from tests.races.threads import in_threads

pytestmark = [
    pytest.mark.slow,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]
PRESSES = 8


def tried(act: Callable[[], object], *refusals: type[Exception]) -> bool:
    try:
        act()
    except refusals:
        return False
    return True


def make_petition_with_target() -> Petition:
    return make_petition(targets=[make_target(email="bo@example.org")])


def test_a_target_is_asked_once_by_many() -> None:
    delivery, by = make_petition_with_target().deliveries.get(), make_staff()
    ask = partial(answers.ask, delivery, by=by)

    asked = in_threads([partial(tried, ask, WrongState)] * PRESSES)

    assert asked.count(True) == 1
    assert (Answer.objects.count(), Notice.objects.count()) == (1, 1)


def test_a_link_takes_one_answer() -> None:
    delivery = make_petition_with_target().deliveries.get()
    answer = answers.ask(delivery, by=make_staff())
    path = f"/answer/{make_token(answer.key, Purpose.ANSWER)}/"
    words = [{"text": f"Answer {one}.", "signed_as": "Bo"} for one in range(PRESSES)]

    statuses = in_threads([partial(press, path, one) for one in words])

    assert set(statuses) <= {200, 303}
    assert Event.objects.filter(kind="target_answered").count() == 1
    answer.refresh_from_db()
    assert answer.text in [one["text"] for one in words]


def test_an_answer_is_published_once_or_turned_down() -> None:
    delivery, by = make_petition_with_target().deliveries.get(), make_staff()
    answer = answers.ask(delivery, by=by)
    answers.receive(answer, text="Yes.", signed_as="Bo")
    publish = partial(answers.publish, answer, by=by, title="T", language="en")
    turn_down = partial(answers.turn_down, answer, by=by, reason="No.")
    acts = [partial(tried, one, WrongState) for one in [publish, turn_down] * 3]

    done = in_threads(acts)

    assert done.count(True) == 1
    answer.refresh_from_db()
    assert (answer.update is None) != (answer.turned_down_at is None)


@pytest.mark.parametrize("kind", ["join", "take_over"])
def test_an_invitation_lets_one_in(kind: str) -> None:
    rosa = make_account(role=Role.ORGANIZER)
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    invitation = invitations.invite(
        petition, kind=kind, email="ida@example.org", by=rosa
    )
    path = f"/invitation/{make_token(invitation.key, Purpose.INVITATION)}/"
    words = [{"name": f"Ida {one}"} for one in range(PRESSES)]

    statuses = in_threads([partial(press, path, one) for one in words])

    assert set(statuses) <= {200, 303}
    assert Account.objects.filter(email="ida@example.org").count() == 1
    assert Organizer.objects.filter(name__startswith="Ida").count() == 1
    places = PetitionOrganizer.objects.filter(petition=petition).count()
    assert places == (2 if kind == "join" else 1)


def test_two_who_take_over_at_once_leave_it_to_one() -> None:
    rosa = make_account(role=Role.ORGANIZER)
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    offers = [
        invitations.invite(petition, kind="take_over", email=email, by=rosa)
        for email in ("ida@example.org", "ben@example.org")
    ]
    acts = [
        partial(invitations.accept, one, name="New", kind="person") for one in offers
    ]

    taken = in_threads([partial(tried, one, InvitationOver) for one in acts])

    assert sorted(taken) == [False, True]
    assert petition.organizers.count() == 1


def test_each_is_asked_once_and_the_petition_closes_once() -> None:
    rosa = make_account(role=Role.ORGANIZER)
    long_ago = timezone.now() - timedelta(days=400)
    Account.objects.update(joined_at=long_ago, last_login=None)
    petition = make_petition(
        opened_at=long_ago, organizers=[make_organizer(member=rosa)]
    )

    asked = in_threads([orphans.look_after] * PRESSES)
    assert sum(asked) == Notice.objects.count() == 1
    Silence.objects.update(others_asked_at=timezone.now() - timedelta(days=31))
    closed = in_threads([orphans.look_after] * PRESSES)

    assert sum(closed) == 1
    assert Event.objects.filter(kind="closed", petition=petition).count() == 1
