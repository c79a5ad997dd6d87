"""How a draft is sent, and becomes a petition in review."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns import lifecycle
from campaigns.joining import account_for, organizer_for, save_at_free_address
from campaigns.models import Draft, Notice, NoticeKind
from campaigns.notices import queue_to_organizers
from campaigns.start.forms import targets_of
from campaigns.start.steps import STEPS
from petitions.models import (
    Account,
    Organizer,
    OrganizerKind,
    Petition,
    PetitionOrganizer,
    PetitionTarget,
    Target,
)
from signatures import limits
from signatures.addresses import address_key

TAKEN_OVER = ["title", "ask", "story", "demands", "goal", "sensitive"]


def send(draft: Draft, *, network: str) -> None:
    """Mail the link to who is said to have written it, unless they had enough of it.

    The caller cannot tell which: a stranger's address may have been typed. A mail that
    waits goes to the address of the moment, so none waits that was for another.
    """
    email = answers_of(draft)["email"]
    caps = limits.caps_on_starts(address_key(email), network)
    with transaction.atomic():
        is_the_same = draft.send(email)
        has_room = limits.take_places([caps]) == [True]
        if has_room or not is_the_same:
            Notice.objects.waiting().filter(draft=draft).delete()
        if has_room:
            Notice.objects.create(kind=NoticeKind.START, draft=draft)


def confirm(draft: Draft) -> Petition:
    """Make it a petition in review, with its account, organizer and targets, once.

    Raises Draft.DoesNotExist if it has become one, or was changed since it was sent;
    AccountShut if staff have closed the account of this address.
    """
    with transaction.atomic():
        unconfirmed = Draft.objects.unconfirmed().select_for_update(no_key=True)
        draft = unconfirmed.get(pk=draft.pk, link_key=draft.link_key)
        answers = answers_of(draft)
        account = account_for(draft.email, name=answers["name"])
        petition = _petition(draft, answers, _organizer(account, answers))
        lifecycle.submit(petition, by=account)
        queue_to_organizers(NoticeKind.IN_REVIEW, petition)
        draft.become(petition)
    return petition


def answers_of(draft: Draft) -> dict[str, Any]:
    """What holds of what was typed; nothing in the place of what holds no more."""
    answers: dict[str, Any] = {}
    for step in STEPS:
        form = step.judged(draft)
        form.is_valid()
        answers |= {name: form.cleaned_data.get(name) for name in form.fields}
    return answers


def _organizer(account: Account, answers: dict[str, Any]) -> Organizer:
    is_group = answers["kind"] == OrganizerKind.GROUP
    name = answers["group"] if is_group else answers["name"]
    return organizer_for(
        account, name=name, kind=answers["kind"], place=answers["place"]
    )


def _petition(draft: Draft, answers: dict[str, Any], organizer: Organizer) -> Petition:
    petition = Petition(
        language=draft.language,
        closes_at=_end_of_day(answers["closes_on"]),
        **{name: answers[name] for name in TAKEN_OVER},
    )
    if draft.shown_picture:
        petition.picture.take_over(draft.picture)
        petition.picture_alt = answers["picture_alt"]
        petition.picture_credit = answers["picture_credit"]
    save_at_free_address(petition, petition.title)
    petition.topics.set(answers["topics"] or [])
    PetitionOrganizer.objects.create(petition=petition, organizer=organizer)
    for position, named in enumerate(targets_of(draft)):
        PetitionTarget.objects.create(
            petition=petition, target=_target(named), position=position
        )
    return petition


def _target(named: dict[str, str]) -> Target:
    """The one that earlier petitions asked, or a new one."""
    target = Target.objects.filter(**named).order_by("pk").first()
    if target is None:
        target = Target(**named)
        save_at_free_address(target, named["name"] or str(target))
    return target


def _end_of_day(day: Any) -> datetime | None:  # noqa: ANN401  # a date, where it holds
    return timezone.make_aware(datetime.combine(day, time(23, 59))) if day else None
