"""How far the site has forgotten who signed a petition that has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, Min, OuterRef, Q
from django.utils import timezone

from petitions.models import Petition
from petitions.models.states import ENDED, PetitionState
from signatures.models.finding import WAS_CONFIRMED, SignatureQuerySet
from signatures.models.mails import LinkRequest, SignatureMail
from signatures.models.records import Erasure, ReasonReport
from signatures.models.sheet_rows import SheetRow
from signatures.models.signatures import Signature
from signatures.outbox import WAITING

AT_ONCE = 1000
STOPPED = [*ENDED, PetitionState.HIDDEN]
NOTHING_PERSONAL: dict[str, object] = {
    **dict.fromkeys(["name", "email", "place", "reason", "via"], ""),
    "address_key": None,
    "show_name": False,
    "wants_updates": False,
    "name_for_delivery": False,
    "organizer_may_write": False,
    "consents_changed_at": None,
}


class ForgettingQuerySet(models.QuerySet["Forgetting"]):
    def keep_up(self) -> None:
        """Note what has ended since this was last done, and leave alone what is open.

        One that was hidden while it was open has no day of its end: it is this one.
        """
        self.exclude(petition__state__in=STOPPED).delete()
        self.filter(petition__closed_at__gt=F("ended_at")).delete()  # ended once more
        noted = self.filter(petition=OuterRef("pk"))
        ended = Petition.objects.filter(~Exists(noted), state__in=STOPPED)
        now = timezone.now()
        rows = [
            Forgetting(petition_id=number, ended_at=closed_at or now, due_at=now)
            for number, closed_at in ended.values_list("pk", "closed_at")
        ]
        self.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)

    def due(self) -> ForgettingQuerySet:
        """As was promised, or earlier where less is kept by now."""
        now = timezone.now()
        promised = Q(due_at__lte=now)
        usual = Q(petition__sensitive=False, ended_at__lte=now - settings.SIGNERS_KEPT)
        kept = settings.SENSITIVE_SIGNERS_KEPT
        sensitive = Q(petition__sensitive=True, ended_at__lte=now - kept)
        unfinished = self.filter(due_at__isnull=False)
        return unfinished.filter(promised | usual | sensitive)


class Forgetting(models.Model):
    """That a petition has ended, and when more of its signers is to be forgotten.

    Empty where all is: such a petition is not looked at again.
    """

    petition = models.OneToOneField(
        Petition, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    objects = ForgettingQuerySet.as_manager()

    class Meta:
        indexes = [
            # Forgetting: of which petitions is anything left?
            models.Index(
                name="forgetting_due",
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Forgetting who signed petition {self.petition_id}"

    def go_on(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Empty what is due by now, a thousand at once; say how many.

        Can be stopped anywhere and begun again. Staff can only make it come earlier:
        each signature is kept as long as was promised with it, or as is set now.
        """
        forgotten = 0
        for rows, kept_days, _first in self._kept():
            limit = self._limit(kept_days)
            if self.ended_at <= limit:
                due = rows.filter(kept_days=kept_days, started_at__lte=limit)
                forgotten += self._forget(due, stopping)
        if not stopping():
            self._put_off()
        return forgotten

    def _kept(self) -> Iterator[tuple[SignatureQuerySet, int, datetime]]:
        """What is still there, by the time for which it is kept, and since when."""
        signatures = Signature.objects.for_petition(self.petition)
        signatures = signatures.filter(forgotten_at=None)
        for rows in [
            signatures.once_confirmed(),
            signatures.withdrawn(),
            signatures.pending(),
        ]:
            groups = rows.values_list("kept_days").annotate(first=Min("started_at"))
            for kept_days, first in list(groups):
                yield rows, kept_days, first

    def _limit(self, kept_days: int) -> datetime:
        """What ended, or came here, until then is kept no longer."""
        days = min(kept_days, self.petition.signers_kept_days)
        return timezone.now() - timedelta(days=days)

    def _forget(self, due: SignatureQuerySet, stopping: Callable[[], bool]) -> int:
        """Onwards by their numbers: what is empty already is not met again."""
        forgotten, last = 0, 0
        while not stopping() and (some := self._forget_some(due, after=last)):
            forgotten += len(some)
            last = some[-1]
        return forgotten

    @transaction.atomic
    def _forget_some(self, due: SignatureQuerySet, *, after: int) -> list[int]:
        """None where the petition is open again at this moment."""
        petition = Petition.objects.filter(pk=self.petition_id, state__in=STOPPED)
        if not petition.select_for_update(no_key=True).exists():
            return []
        locked = due.filter(pk__gt=after).order_by("pk").select_for_update()
        found = list(locked.values_list("pk", "address_key")[:AT_ONCE])
        numbers = [number for number, _key in found]
        _empty(numbers)
        LinkRequest.objects.exclude(WAITING).filter(
            address_key__in=[key for _number, key in found if key]
        ).delete()
        return numbers

    def _put_off(self) -> None:
        """Until the next signature is due; without end where there is none."""
        moments = [
            max(self.ended_at, first) + (timezone.now() - self._limit(kept_days))
            for _rows, kept_days, first in self._kept()
        ]
        rows = Forgetting.objects.filter(pk=self.pk, ended_at=self.ended_at)
        # Not where paper has been counted meanwhile: that is looked at next time.
        rows.filter(due_at=self.due_at).update(due_at=min(moments, default=None))


def _empty(numbers: list[int]) -> None:
    """Delete what does not count; of the others keep what nobody is known by.

    The country stays, so that the figures are what the rows say.
    """
    rows = Signature.objects.filter(pk__in=numbers)
    counted = rows.once_confirmed().update(
        **NOTHING_PERSONAL, forgotten_at=timezone.now()
    )
    if counted < len(numbers):
        rows.exclude(WAS_CONFIRMED).delete()
    SheetRow.objects.filter(signature__in=numbers).update(signature=None)
    SignatureMail.objects.filter(signature__in=numbers).delete()
    ReasonReport.objects.filter(signature__in=numbers).delete()
    Erasure.objects.note(numbers)
