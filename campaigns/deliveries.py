"""What is on record of files that were taken out, and of what was handed over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Event, EventKind, Update, UpdateKind
from petitions.dates import show_day
from petitions.models import Account, Petition, PetitionTarget
from petitions.templatetags.petition_text import grouped
from signatures.as_csv import SignatureFile

EARLIEST = date(1900, 1, 1)


def record_export(
    petition: Petition, file: SignatureFile, *, by: Account, purpose: str
) -> None:
    """Who takes how many rows, and what for. The last row says the same number."""
    number = len(file)
    rows = ngettext("%(number)s row", "%(number)s rows", number)
    note = f"{rows % {'number': grouped(number)}}: {purpose}"
    with transaction.atomic():
        Event.objects.record(EventKind.EXPORTED, petition, by=by, note=note)


def record(
    petition: Petition,
    *,
    by: Account,
    targets: Iterable[PetitionTarget],
    day: date,
    title: str,
    body: str,
    key: UUID,
) -> None:
    """That it was handed over, with an update if there is a title.

    Once: the same again, from a second press, changes nothing; nor does it post anew
    what somebody went back to change.
    """
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    names = "; ".join(str(target) for target in targets)
    note = _("On %(day)s to %(targets)s") % {"day": show_day(noon), "targets": names}
    with transaction.atomic():
        is_told = title and _post(petition, by=by, title=title, body=body, key=key)
        if not (_mark(petition, targets, noon) or is_told):
            return
        Petition.objects.filter(pk=petition.pk).update(changed_at=timezone.now())
        Event.objects.record(EventKind.HANDED_TO_TARGET, petition, by=by, note=note)


def _mark(petition: Petition, targets: Iterable[PetitionTarget], day: datetime) -> bool:
    """Note the day with these targets; False where it stood there already."""
    delivered = petition.deliveries.filter(pk__in=[target.pk for target in targets])
    others = delivered.exclude(delivered_at=day, delivered_as_written="")
    return bool(others.update(delivered_at=day, delivered_as_written=""))


def _post(petition: Petition, *, by: Account, title: str, body: str, key: UUID) -> bool:
    """In the name of an organizer whom the writer belongs to, if there is one.

    False if that form has posted one before.
    """
    organizer = petition.organizers.filter(members=by).first()
    update = Update(
        petition=petition,
        organizer=organizer or petition.organizers.first(),
        kind=UpdateKind.DELIVERY,
        title=title,
        body=body,
        language=petition.language,
        key=key,
    )
    try:
        with transaction.atomic():
            update.post(by=by, with_mail=False)
    except IntegrityError:
        if not Update.objects.filter(key=key).exists():
            raise
        return False
    return True
