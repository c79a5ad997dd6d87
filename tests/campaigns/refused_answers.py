"""What the database refuses of answers and invitations."""

from collections.abc import Callable

from django.utils import timezone

from campaigns.models import Answer, Invitation
from petitions.models import PetitionTarget
from tests.makers import make_petition, make_staff, make_target, make_update


def make_answer(**fields: object) -> Answer:
    petition = make_petition(targets=[make_target(email="bo@example.org")])
    delivery = PetitionTarget.objects.get(petition=petition)
    return Answer.objects.create(delivery=delivery, asked_by=make_staff(), **fields)


def make_invitation(**fields: object) -> Invitation:
    fields = {"kind": "join", "email": "ida@example.org", **fields}
    return Invitation.objects.create(
        petition=make_petition(), by=make_staff(), ends_at=timezone.now(), **fields
    )


def an_answer_without_words() -> None:
    make_answer(answered_at=timezone.now())


def an_answer_turned_down_before_it_came() -> None:
    make_answer(turned_down_at=timezone.now())


def an_answer_both_published_and_turned_down() -> None:
    now = timezone.now()
    update = make_update(make_petition())
    make_answer(answered_at=now, text="Yes.", update=update, turned_down_at=now)


def an_invitation_of_no_kind() -> None:
    make_invitation(kind="dance")


def an_invitation_both_accepted_and_taken_back() -> None:
    make_invitation(accepted_at=timezone.now(), taken_back_at=timezone.now())


OF_ANSWERS: dict[str, Callable[[], None]] = {
    "answer_has_text_when_answered": an_answer_without_words,
    "answer_decided_only_when_answered": an_answer_turned_down_before_it_came,
    "answer_published_or_turned_down_not_both": (
        an_answer_both_published_and_turned_down
    ),
    "invitation_kind_is_known": an_invitation_of_no_kind,
    "invitation_accepted_or_taken_back_not_both": (
        an_invitation_both_accepted_and_taken_back
    ),
}
