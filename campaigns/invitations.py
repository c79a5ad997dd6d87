"""Somebody is invited by mail to run a petition: with those who do, or instead of them.

A petition never loses its last organizer: whoever leaves does so in the transaction in
which another has come.
"""

from __future__ import annotations

from copy import copy
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from campaigns.joining import account_for, organizer_for
from campaigns.models import (
    Event,
    EventKind,
    Invitation,
    InvitationKind,
    Notice,
    NoticeKind,
)
from campaigns.notices import letter_to, queue_to_organizers, written_by
from petitions.models import Account, Organizer, Petition, PetitionOrganizer
from petitions.models.states import WITHHELD
from signatures import limits
from signatures.addresses import address_key
from signatures.mail import not_me_url_for, page_url
from signatures.models import Suppression
from signatures.tokens import Purpose, make_token

GOOD_FOR = timedelta(days=14)
MOST_OPEN = 10


class TooManyInvitations(Exception):
    """As many as may wait about a petition, or go out in a day by one or to one."""


class InvitedBefore(Exception):
    """This address has an open invitation to the same petition."""


class InvitationOver(Exception):
    """It was accepted, taken back, has run out, or its inviter has no say any more."""


def may_be_joined(petition: Petition) -> bool:
    return petition.state not in WITHHELD


def invite(
    petition: Petition, *, kind: InvitationKind, email: str, by: Account
) -> Invitation:
    """Write down an invitation, and the mail with it.

    Raises InvitedBefore and TooManyInvitations.
    """
    with transaction.atomic():
        _lock(petition)
        _find_room(petition, email, by)
        invitation = Invitation.objects.create(
            petition=petition,
            kind=kind,
            email=email,
            by=by,
            ends_at=timezone.now() + GOOD_FOR,
        )
        note = str(InvitationKind(kind).label)
        event = Event.objects.record(EventKind.INVITED, petition, by=by, note=note)
        Notice.objects.create(
            kind=NoticeKind.INVITATION,
            petition=petition,
            invitation=invitation,
            event=event,
        )
    return invitation


def take_back(invitation: Invitation, *, by: Account) -> bool:
    """Make its link worthless, and forget the address; False if it is over already."""
    still_open = Invitation.objects.open().filter(pk=invitation.pk)
    kind, note = EventKind.UNINVITED, invitation.get_kind_display()
    with transaction.atomic():
        if not still_open.update(taken_back_at=timezone.now(), email=""):
            return False
        Event.objects.record(kind, invitation.petition, by=by, note=note)
    return True


@written_by(NoticeKind.INVITATION)
def letter(notice: Notice) -> EmailMessage | None:
    """The mail to the invited, in the petition's language."""
    invitation, petition = notice.invitation, notice.petition
    assert invitation is not None
    assert petition is not None
    if not may_be_accepted(invitation):
        return None
    key = address_key(invitation.email)
    if Suppression.objects.among([key]):
        return None
    token, language = make_token(invitation.key, Purpose.INVITATION), petition.language
    context = {
        "petition": copy(petition),
        "invitation": invitation,
        "by": inviter_of(invitation),
        "is_checked": petition.opened_at is not None,
        "url": page_url(lambda: reverse("invitation", args=[token]), language),
        "not_me_url": not_me_url_for(key, language),
        "days": GOOD_FOR.days,
    }
    return letter_to(invitation.email, "invitation", context, language)


def inviter_of(invitation: Invitation) -> str:
    """In whose name it is: the faces of whoever invites; "" where staff do."""
    return ", ".join(map(str, _faces_of(invitation)))


def may_be_accepted(invitation: Invitation) -> bool:
    """It is not over, whoever has invited still has a say, and it may be joined."""
    by, petition = invitation.by, invitation.petition
    runs = Petition.objects.run_by(by).filter(pk=petition.pk)
    has_say = by.runs_site or (by.is_organizer and runs.exists())
    return invitation.is_open and may_be_joined(petition) and has_say


def accept(
    invitation: Invitation,
    *,
    name: str = "",
    kind: str = "",
    place: str = "",
    organizer: Organizer | None = None,
) -> Organizer:
    """Let the invited run the petition, with a face of theirs or a new one.

    Raises InvitationOver where another press was first or nobody may accept it any
    more, and AccountShut; then nothing has happened.
    """
    with transaction.atomic():
        invitation = _held(invitation)
        account = account_for(invitation.email, name=name)
        face = organizer or organizer_for(account, name=name, kind=kind, place=place)
        kinds = {InvitationKind.TAKE_OVER: EventKind.HANDED_OVER}
        what = kinds.get(InvitationKind(invitation.kind), EventKind.JOINED)
        petition = invitation.petition
        event = Event.objects.record(what, petition, by=account, note=face.name)
        queue_to_organizers(NoticeKind.RUN_BY_OTHERS, petition, event=event)
        _place(invitation, face)
        over = Invitation.objects.filter(pk=invitation.pk)
        over.update(accepted_at=timezone.now(), email="")
    return face


@written_by(NoticeKind.RUN_BY_OTHERS)
def letter_to_who_ran_it(notice: Notice) -> EmailMessage | None:
    """To whom it is news, also who left with it: whoever took it may be a thief."""
    account, petition, event = notice.account, notice.petition, notice.event
    assert account is not None
    assert petition is not None
    assert event is not None
    if not account.is_active or event.by_id == account.pk:
        return None
    overview = reverse("admin:petition_overview", args=[petition.pk])
    context = {
        "petition": copy(petition),
        "who": event.note,
        "is_yours": Petition.objects.run_by(account).contains(petition),
        "overview_url": settings.SITE_URL + overview,
        "contact_email": settings.CONTACT_EMAIL,
    }
    return letter_to(account.email, "run_by_others", context, petition.language)


def own_organizers(invitation: Invitation) -> models.QuerySet[Organizer]:
    """The faces that the invited has already, where the address has an account."""
    return Organizer.objects.filter(members__email=invitation.email.lower())


def _find_room(petition: Petition, email: str, by: Account) -> None:
    """Of it, of this address and of this account. Raises what `invite` does."""
    waiting = Invitation.objects.open().filter(petition=petition)
    if waiting.filter(email__iexact=email).exists():
        raise InvitedBefore
    caps = limits.caps_on_invitations(address_key(email), by)
    if waiting.count() >= MOST_OPEN or limits.take_places([caps]) != [True]:
        raise TooManyInvitations


def _lock(petition: Petition) -> None:
    """So that two who come or leave at once do so one after the other."""
    Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)


def _held(invitation: Invitation) -> Invitation:
    """It as it is now, locked. Raises InvitationOver where it lets nobody in."""
    _lock(invitation.petition)
    locked = Invitation.objects.open().select_for_update(no_key=True)
    held = locked.filter(pk=invitation.pk).first()
    if held is None or not may_be_accepted(held):
        raise InvitationOver
    return held


def _place(invitation: Invitation, face: Organizer) -> None:
    """At the end, or in the first place of those who leave."""
    rows = PetitionOrganizer.objects.filter(petition=invitation.petition_id)
    places = list(rows.values_list("position", flat=True))
    leaving = PetitionOrganizer.objects.none()
    position = max(places, default=-1) + 1
    if invitation.is_to_take_over:
        leaving = rows.filter(organizer__in=leaving_with(invitation))
        position = min(leaving.values_list("position", flat=True), default=position)
    row, is_new = rows.get_or_create(
        petition=invitation.petition, organizer=face, defaults={"position": position}
    )
    if not is_new and invitation.is_to_take_over:
        rows.filter(pk=row.pk).update(position=min(row.position, position))
    rows.filter(pk__in=[one.pk for one in leaving]).exclude(pk=row.pk).delete()
    changed = Petition.objects.filter(pk=invitation.petition_id)
    changed.update(changed_at=Now(), index_due_at=Now())


def leaving_with(invitation: Invitation) -> list[Organizer]:
    """Who leaves when it is taken over: the inviter's own, or all, if staff invite."""
    own = _faces_of(invitation)
    return own or organizers_of(invitation.petition)


def organizers_of(
    petition: Petition, *, member: Account | None = None
) -> list[Organizer]:
    """In their order; with a member, those that this account may write for."""
    places = PetitionOrganizer.objects.filter(petition=petition)
    if member:
        places = places.filter(organizer__members=member)
    return [place.organizer for place in places.select_related("organizer")]


def _faces_of(invitation: Invitation) -> list[Organizer]:
    return organizers_of(invitation.petition, member=invitation.by)
