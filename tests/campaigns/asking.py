"""Targets that were asked, and what they have answered."""

from datetime import timedelta

from django.utils import timezone

from campaigns import answers
from campaigns.models import Answer, Event
from petitions.models import Petition, PetitionTarget, Target
from signatures.tokens import Purpose, make_token
from tests.makers import make_petition, make_staff, make_target

WORDS = {"text": "We will decide\nin June.", "signed_as": "Bo Vance, Mayor"}


def make_asked(**fields: object) -> tuple[Petition, Target]:
    target = make_target(name="Bo Vance", office="Mayor", email="bo@example.org")
    return make_petition(title="Open the well", targets=[target], **fields), target


def ask(petition: Petition) -> Answer:
    return answers.ask(petition.deliveries.get(), by=make_staff())


def answer_url(answer: Answer) -> str:
    return f"/answer/{make_token(answer.key, Purpose.ANSWER)}/"


def ask_url(petition: Petition) -> str:
    return f"/admin/petitions/petition/{petition.pk}/ask/"


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def asked_days_ago(days: int) -> None:
    moment = timezone.now() - timedelta(days=days)
    PetitionTarget.objects.filter(asked_at__isnull=False).update(asked_at=moment)
    Answer.objects.update(asked_at=moment)


def make_asked_too() -> tuple[Petition, Target]:
    target = make_target(name="Cy Holt", email="cy@example.org")
    return make_petition(targets=[target]), target


def make_answered(**fields: object) -> tuple[Petition, Answer]:
    petition, _target = make_asked(**fields)
    answer = ask(petition)
    assert answers.receive(answer, **WORDS)
    return petition, answer
