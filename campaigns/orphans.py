"""Open petitions that nobody runs any more: organizers are asked, then it closes.

First those of the first organizer are asked, after a month the others, and after one
more the petition closes. Whoever of them logs in or does anything to it ends the
silence. Where there is no account at all behind a petition, staff run it themselves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns import lifecycle
from campaigns.models import Event, EventKind, Notice, NoticeKind, Silence
from campaigns.notices import letter_to, written_by
from petitions.models import (
    Account,
    Outcome,
    Petition,
    PetitionOrganizer,
    WrongState,
)
from signatures.mail import page_url

EACH_WAITS = timedelta(days=30)


def look_after() -> int:
    """Do what is due today about all of them; say how many were asked or closed."""
    _end_silences()
    if not settings.ORPHANED_AFTER:
        return 0
    closed = sum(map(_close, _silent_since("others_asked_at")))
    others = sum(map(_ask_others, _silent_since("asked_at", others_asked_at=None)))
    first = sum(map(_ask_first, _orphans()))
    return closed + others + first


def is_asked(petition: Petition) -> bool:
    """Whether its organizers were asked, and have not been heard of since."""
    return petition.is_open and Silence.objects.filter(petition=petition).exists()


def still_there(petition: Petition, *, by: Account) -> None:
    """Once, however often it is pressed; who was not asked has nothing to say."""
    with transaction.atomic():
        if Silence.objects.filter(petition=petition).delete()[0]:
            Event.objects.record(EventKind.STILL_THERE, petition, by=by)


@written_by(NoticeKind.STILL_THERE)
def question(notice: Notice) -> EmailMessage | None:
    """The mail that asks; None once somebody was heard of, or it is not open."""
    petition, account = notice.petition, notice.account
    assert petition is not None
    assert account is not None
    silence = Silence.objects.filter(petition=petition).first()
    runs = Petition.objects.run_by(account).filter(pk=petition.pk)
    if not (silence and petition.is_open and account.is_active and runs.exists()):
        return None
    context = {
        "petition": petition,
        "url": page_url(
            lambda: reverse("admin:still_ours", args=[petition.pk]), petition.language
        ),
        "closes_at": (silence.others_asked_at or silence.asked_at + EACH_WAITS)
        + EACH_WAITS,
        "days": settings.ORPHANED_AFTER.days,
    }
    return letter_to(account.email, "still_there", context, petition.language)


def _orphans() -> models.QuerySet[Petition]:
    """Open ones of whose organizers nothing was heard, nor asked, for so long."""
    since = timezone.now() - settings.ORPHANED_AFTER
    open_long = Petition.objects.open().filter(opened_at__lte=since)
    with_first = open_long.annotate(first=_first_organizer()).exclude(first=None)
    members = Account.objects.filter(organizers__petitions=OuterRef("pk"))
    lately = Event.objects.filter(petition=OuterRef("pk"), happened_at__gt=since)
    heard = Q(by__organizers__petitions=OuterRef("pk"))
    asked = Q(kind__in=[EventKind.ORGANIZERS_ASKED, EventKind.STILL_THERE])
    return with_first.filter(
        ~Exists(members.filter(Q(last_login__gt=since) | Q(joined_at__gt=since))),
        ~Exists(lately.filter(heard | asked)),
        ~Exists(Silence.objects.filter(petition=OuterRef("pk"))),
    )


def _first_organizer() -> Subquery:
    """The first behind which somebody stands who may log in."""
    places = PetitionOrganizer.objects.filter(
        petition=OuterRef("pk"), organizer__members__is_active=True
    )
    return Subquery(places.order_by("position", "pk").values("organizer")[:1])


def _ask_first(petition: Petition) -> bool:
    """Once, however many workers there are: the silence is the petition's only one."""
    organizer = petition.first  # type: ignore[attr-defined]  # as annotated
    asked = Account.objects.filter(organizers=organizer)
    try:
        with transaction.atomic():
            Silence.objects.create(petition=petition)
            _ask(petition, asked)
    except IntegrityError:  # another worker was first
        return False
    return True


def _ask_others(silence: Silence) -> bool:
    """Those of the other organizers; where there are none, nobody is asked again."""
    petition = silence.petition
    unasked = Silence.objects.filter(pk=silence.pk, others_asked_at=None)
    asked_before = Notice.objects.filter(
        kind=NoticeKind.STILL_THERE, petition=petition, due_at__gte=silence.asked_at
    )
    others = Account.objects.filter(organizers__petitions=petition)
    with transaction.atomic():
        if not unasked.update(others_asked_at=timezone.now()):
            return False
        _ask(petition, others.exclude(pk__in=asked_before.values("account")))
    return True


def _ask(petition: Petition, accounts: models.QuerySet[Account]) -> None:
    event = Event.objects.record(EventKind.ORGANIZERS_ASKED, petition, by=None)
    Notice.objects.bulk_create(
        Notice(
            kind=NoticeKind.STILL_THERE, petition=petition, account=account, event=event
        )
        for account in accounts.filter(is_active=True).distinct()
    )


def _close(silence: Silence) -> bool:
    """As the site, and with the mail that an ending at the closing day sends too."""
    petition = silence.petition
    with translation.override(petition.language):
        reason = _("Its organizers have not been heard of for a long time.")
    try:
        with transaction.atomic():
            deleted, _rows = _unheard().filter(pk=silence.pk).delete()
            if deleted:
                lifecycle.close(
                    petition,
                    by=None,
                    outcome=Outcome.OUT_OF_TIME,
                    reason=reason,
                    with_mail=True,
                )
    except WrongState:  # closed by somebody at this moment
        return False
    return bool(deleted)


def _silent_since(
    moment: str, **conditions: datetime | None
) -> models.QuerySet[Silence]:
    """In which nothing was heard for a month after that."""
    long_ago = {f"{moment}__lte": timezone.now() - EACH_WAITS}
    silent = _unheard().filter(**long_ago, **conditions)
    return silent.select_related("petition")


def _end_silences() -> None:
    """Somebody was heard of, or the petition is not open any more."""
    still = _unheard().filter(petition__in=Petition.objects.open())
    Silence.objects.exclude(pk__in=still.values("pk")).delete()


def _unheard() -> models.QuerySet[Silence]:
    """Silences in which nobody who runs the petition has logged in or done anything."""
    logged_in = Account.objects.filter(
        organizers__petitions=OuterRef("petition"), last_login__gt=OuterRef("asked_at")
    )
    acted = Event.objects.filter(
        petition=OuterRef("petition"),
        happened_at__gt=OuterRef("asked_at"),
        by__organizers__petitions=OuterRef("petition"),
    )
    return Silence.objects.filter(~Exists(logged_in), ~Exists(acted))
