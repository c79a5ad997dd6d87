"""Targets are asked by mail to answer a petition; what they say is public once checked.

Nobody is asked again within two weeks, and who wants no mail gets none. That a target
has been asked is public at once; that it has answered, when the answer is published.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import (
    Answer,
    Event,
    EventKind,
    Notice,
    NoticeKind,
    Update,
    UpdateKind,
)
from campaigns.models.answers import LINK_GOOD_FOR
from campaigns.notices import letter_to, written_by
from petitions.markdown import as_typed
from petitions.models import Account, Petition, PetitionTarget, Target, WrongState
from signatures.addresses import address_key
from signatures.mail import page_url
from signatures.models import Suppression
from signatures.tokens import Purpose, make_token

ASKED_AGAIN_AFTER = timedelta(days=14)
MOST_LISTED = 20  # on a target's page


class Obstacle(models.TextChoices):
    """Why a target cannot be asked now."""

    NO_ADDRESS = "no_address", gettext_lazy("no e-mail address is known")
    NO_MAIL = "no_mail", gettext_lazy("wants no mail")
    TO_BE_CHECKED = "to_be_checked", gettext_lazy("has answered: check it first")
    ASKED_LATELY = "asked_lately", gettext_lazy("was asked less than 14 days ago")


@dataclass(frozen=True)
class Asking:
    """How it stands between a petition and one of its targets."""

    delivery: PetitionTarget
    asked: list[Answer]  # the newest first
    has_failed: bool  # the mail that asked them last could not be delivered
    wants_no_mail: bool

    @property
    def obstacle(self) -> Obstacle | None:
        if not self.delivery.target.email:
            return Obstacle.NO_ADDRESS
        if self.wants_no_mail:
            return Obstacle.NO_MAIL
        if any(answer.is_to_check for answer in self.asked):
            return Obstacle.TO_BE_CHECKED
        if not self.has_failed and self.free_at and self.free_at > timezone.now():
            return Obstacle.ASKED_LATELY
        return None

    @property
    def free_at(self) -> datetime | None:
        """From when on they may be asked again."""
        return self.asked[0].asked_at + ASKED_AGAIN_AFTER if self.asked else None


def askings(petition: Petition) -> list[Asking]:
    deliveries = petition.deliveries.select_related("target")
    unwilling = _unwilling([delivery.target for delivery in deliveries])
    answers = Answer.objects.filter(delivery__petition=petition).order_by("-asked_at")
    dead = Notice.objects.dead().filter(answer__in=answers)
    failed = set(dead.values_list("answer", flat=True))
    asked: dict[int, list[Answer]] = {}
    for answer in answers:
        asked.setdefault(answer.delivery_id, []).append(answer)
    return [
        Asking(
            delivery,
            its,
            has_failed=bool(its) and its[0].pk in failed,
            wants_no_mail=delivery.target in unwilling,
        )
        for delivery in deliveries
        for its in [asked.get(delivery.pk, [])]
    ]


@dataclass(frozen=True)
class Record:
    """About how many petitions a target was asked and has answered, and the latest."""

    asked: int
    answered: int
    latest: list[PetitionTarget]


def record_of(target: Target) -> Record:
    of_it = PetitionTarget.objects.filter(target=target, asked_at__isnull=False)
    public = of_it.filter(petition__in=Petition.objects.public())
    counts = public.aggregate(
        asked=models.Count("pk"), answered=models.Count("answered_at")
    )
    latest = public.select_related("petition").prefetch_related(
        "petition__translations"
    )
    return Record(**counts, latest=list(latest.order_by("-asked_at")[:MOST_LISTED]))


def ask(delivery: PetitionTarget, *, by: Account) -> Answer:
    """Mail a target the link for one answer.

    Raises WrongState where the petition is not public or an obstacle is in the way.
    """
    with transaction.atomic():
        petition = _locked(delivery.petition_id)
        asking = _without_obstacle(petition, delivery)
        if asking.has_failed:
            _unask(asking.asked[0], by=by)
        answer = Answer.objects.create(delivery=delivery, asked_by=by)
        never_asked = PetitionTarget.objects.filter(pk=delivery.pk, asked_at=None)
        never_asked.update(asked_at=answer.asked_at)
        Petition.objects.filter(pk=petition.pk).update(changed_at=Now())
        note = str(asking.delivery.target)
        event = Event.objects.record(EventKind.TARGET_ASKED, petition, by=by, note=note)
        Notice.objects.create(
            kind=NoticeKind.ANSWER_WANTED, petition=petition, answer=answer, event=event
        )
    return answer


def take_back(asking: Asking, *, by: Account) -> None:
    """As if they had not been asked, because the mail did not reach them.

    Raises WrongState where it may have, or they were not asked.
    """
    if not (asking.has_failed and _unask(asking.asked[0], by=by)):
        raise WrongState


@written_by(NoticeKind.ANSWER_WANTED)
def request(notice: Notice) -> EmailMessage | None:
    """The mail to the target, in the petition's language.

    Where it may not go any more, nobody is told either that they were asked.
    """
    answer = notice.answer
    assert answer is not None
    petition, target = answer.delivery.petition, answer.delivery.target
    if not answer.is_wanted:
        return None
    if not petition.is_public or not target.email or _unwilling([target]):
        _unask(answer)
        return None
    token, language = make_token(answer.key, Purpose.ANSWER), petition.language
    context = {
        "petition": copy(petition),
        "target": target,
        "petition_url": page_url(petition.get_absolute_url, language),
        "answer_url": page_url(lambda: reverse("answer", args=[token]), language),
        "no_mail_url": page_url(
            lambda: reverse("answer_no_mail", args=[token]), language
        ),
        "days": LINK_GOOD_FOR.days,
    }
    return letter_to(target.email, "answer_wanted", context, language)


def receive(answer: Answer, *, text: str, signed_as: str) -> bool:
    """Keep what a target says, for staff to check; False if there is an answer already.

    So it is too where the petition cannot be read any more.
    """
    # No join: the row itself says, once it is locked, whether it is still unanswered.
    shown = PetitionTarget.objects.filter(petition__in=Petition.objects.public())
    wanted = Answer.objects.wanted().filter(pk=answer.pk, delivery__in=shown)
    with transaction.atomic():
        received = wanted.update(
            text=text, signed_as=signed_as, answered_at=timezone.now()
        )
        if received:
            delivery = answer.delivery
            kind, note = EventKind.TARGET_ANSWERED, str(delivery.target)
            Event.objects.record(kind, delivery.petition, by=None, note=note)
    return bool(received)


def want_no_mail(answer: Answer) -> None:
    """Never write to this target again, whatever the petition."""
    delivery = answer.delivery
    with transaction.atomic():
        mailed = Target.objects.filter(pk=delivery.target_id, wants_no_mail=False)
        if mailed.update(wants_no_mail=True):
            note = f"{delivery.target}: {Obstacle.NO_MAIL.label}"
            kind = EventKind.TARGET_ANSWERED
            Event.objects.record(kind, delivery.petition, by=None, note=note)


def publish(
    answer: Answer, *, by: Account, title: str, language: str, with_mail: bool = False
) -> None:
    """Make it an update in the target's own words, and say that they have answered.

    Raises WrongState if it has been decided, or the petition is not public.
    """
    with transaction.atomic():
        petition = _locked(answer.delivery.petition_id)
        locked = Answer.objects.to_check().select_for_update(no_key=True)
        answer = locked.filter(pk=answer.pk).first() or _refuse()
        update = _as_update(answer, title, language)
        update.post(by=by, with_mail=with_mail, or_without=True)
        Answer.objects.filter(pk=answer.pk).update(update=update)
        unanswered = PetitionTarget.objects.filter(
            pk=answer.delivery_id, answered_at=None
        )
        unanswered.update(answered_at=answer.answered_at)
        kind = EventKind.ANSWER_PUBLISHED
        Event.objects.record(kind, petition, by=by, note=str(answer.delivery.target))


def turn_down(answer: Answer, *, by: Account, reason: str) -> None:
    """Never publish it. Raises WrongState if it has been decided."""
    with transaction.atomic():
        to_check = Answer.objects.to_check().filter(pk=answer.pk)
        if not to_check.update(turned_down_at=timezone.now()):
            raise WrongState
        petition = answer.delivery.petition
        kind = EventKind.ANSWER_TURNED_DOWN
        Event.objects.record(kind, petition, by=by, note=reason)


def title_of(answer: Answer) -> str:
    """What the update is called unless staff write something else."""
    delivery = answer.delivery
    with translation.override(delivery.petition.language):
        return (_("Answer from %(target)s") % {"target": delivery.target})[:200]


def _locked(petition: int) -> Petition:
    """A public petition, that nobody else asks for or publishes on meanwhile."""
    rows = Petition.objects.public().select_for_update(no_key=True)
    return rows.filter(pk=petition).first() or _refuse()


def _refuse() -> NoReturn:
    raise WrongState


def _without_obstacle(petition: Petition, delivery: PetitionTarget) -> Asking:
    """Raises WrongState where there is one, or the target has been removed."""
    known = {one.delivery.pk: one for one in askings(petition)}
    asking = known.get(delivery.pk)
    if asking is None or asking.obstacle:
        raise WrongState
    return asking


def _unwilling(targets: Collection[Target]) -> set[Target]:
    """Those at whose address somebody has said that they want no mail."""
    keys = {one: address_key(one.email) for one in targets if one.email}
    alike = Target.objects.annotate(at=Lower("email"))
    said_so = alike.filter(
        wants_no_mail=True, at__in=[one.email.lower() for one in keys]
    )
    refused = {address_key(one.email) for one in said_so}
    refused |= Suppression.objects.among(keys.values())
    return {one for one in targets if one.wants_no_mail or keys.get(one) in refused}


def _unask(answer: Answer, *, by: Account | None = None) -> bool:
    """As if they had not been asked; False where they have answered."""
    delivery = answer.delivery
    with transaction.atomic():
        Petition.objects.select_for_update(no_key=True).get(pk=delivery.petition_id)
        unanswered = Answer.objects.filter(pk=answer.pk, answered_at=None)
        if not unanswered.delete()[0]:
            return False
        others = Answer.objects.filter(delivery=delivery)
        first = others.aggregate(at=models.Min("asked_at"))["at"]
        waiting = PetitionTarget.objects.filter(pk=delivery.pk, answered_at=None)
        waiting.update(asked_at=first)
        Petition.objects.filter(pk=delivery.petition_id).update(changed_at=Now())
        note = _("%(target)s: the mail could not be delivered")
        note %= {"target": delivery.target}
        kind = EventKind.TARGET_ASKED
        Event.objects.record(kind, delivery.petition, by=by, note=note)
    return True


def _as_update(answer: Answer, title: str, language: str) -> Update:
    """It says who answers, then what, as it was typed."""
    target = answer.delivery.target
    with translation.override(language):
        head = _("%(name)s answers:") % {"name": answer.signed_as}
    return Update(
        petition_id=answer.delivery.petition_id,
        kind=UpdateKind.RESPONSE,
        title=title,
        body=as_typed(f"{head}\n\n{answer.text}"),
        language=language,
        author=(target.name or target.office or target.organization)[:100],
    )
