"""Signatures on paper: sheets with a number, printed, typed in, counted and undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models import Account, Petition, PetitionVersion, WrongState
from petitions.models.states import ENDED, PetitionState
from signatures.addresses import address_key
from signatures.models.counting import CountChange
from signatures.models.forgetting import Forgetting
from signatures.models.sheet_rows import (
    NO_WORDS,
    WORDS,
    Balance,
    Line,
    SheetRow,
    Verdict,
    stamp_of,
)
from signatures.models.signatures import Signature

COUNTED_AFTER_END = timedelta(days=30)


class SheetNotEven(Exception):
    """Some of the lines that were written on the sheet have no verdict yet."""


class NeedsStaff(Exception):
    """It holds addresses: what does not count tells who has signed online."""


class TypedMeanwhile(Exception):
    """Somebody else has changed the lines since they were read."""


class AddressesCounted(Exception):
    """The addresses on these lines have signed already, here or online."""

    def __init__(self, positions: list[int]) -> None:
        super().__init__()
        self.positions = positions


class SheetQuerySet(models.QuerySet["Sheet"]):
    def for_petition(self, petition: Petition) -> SheetQuerySet:
        return self.filter(petition=petition)

    def uncounted(self) -> SheetQuerySet:
        return self.filter(counted_at=None)

    def counted(self) -> SheetQuerySet:
        return self.filter(counted_at__isnull=False)

    def with_staff(self) -> SheetQuerySet:
        """Handed in, for staff to count, where that is not too late."""
        lately = timezone.now() - COUNTED_AFTER_END
        has_ended = Q(petition__state__in=ENDED, petition__closed_at__gt=lately)
        in_time = Q(petition__state=PetitionState.OPEN) | has_ended
        return self.uncounted().filter(in_time, handed_in_at__isnull=False)

    def last_number(self) -> int:
        return self.aggregate(last=Max("number"))["last"] or 0

    def number(
        self, petition: Petition, many: int, *, after: int, by: Account
    ) -> list[Sheet]:
        """Make so many with the numbers that follow; none if `after` is not the last.

        So a form that is sent twice makes them once. Raises WrongState if the petition
        is not open.
        """
        with transaction.atomic():
            rows = Petition.objects.select_for_update(no_key=True)
            locked = rows.get(pk=petition.pk)
            if not locked.is_open or locked.current_version is None:
                raise WrongState
            if self.for_petition(locked).last_number() != after:
                return []
            return self.bulk_create(
                Sheet(
                    petition=locked,
                    version=locked.current_version,
                    number=after + place,
                    kept_days=locked.signers_kept_days,
                    made_by=by,
                )
                for place in range(1, many + 1)
            )


class Sheet(models.Model):
    """One printed sheet of a petition, by the number that stands on it.

    It counts once it balances: as many lines as were written on it have a verdict.
    """

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    version = models.ForeignKey(
        PetitionVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField(_("number"))
    kept_days = models.PositiveSmallIntegerField(default=183)  # as it says itself
    written = models.PositiveSmallIntegerField(_("lines written on it"), null=True)
    made_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True
    )
    made_at = models.DateTimeField(_("printed"), default=timezone.now)
    handed_in_at = models.DateTimeField(_("handed in"), null=True)
    counted_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True
    )
    counted_at = models.DateTimeField(_("counted"), null=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="sheet_number_once_per_petition", fields=["petition", "number"]
            ),
            models.CheckConstraint(
                name="sheet_counted_says_how_many_were_written",
                condition=Q(counted_at__isnull=True) | Q(written__isnull=False),
            ),
        ]
        indexes = [
            # Staff: which wait to be counted?
            models.Index(
                name="sheet_with_staff",
                fields=["id"],
                condition=Q(counted_at__isnull=True, handed_in_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Sheet {self.number} of petition {self.petition_id}"

    # What is so

    @property
    def is_counted(self) -> bool:
        return self.counted_at is not None

    @property
    def is_with_staff(self) -> bool:
        return self.handed_in_at is not None and not self.is_counted

    @property
    def can_be_given_back(self) -> bool:
        """Whether staff have it, and no line of it was ever a signature or beside one.

        What counting has left of such a line tells who had signed, or took it back.
        """
        return self.is_with_staff and not any(row.was_counted for row in self.row_list)

    @property
    def row_list(self) -> list[SheetRow]:
        return list(self.rows.order_by("position"))

    @property
    def signed_lines(self) -> models.QuerySet[SheetRow]:
        """Those that count: by which staff find who asks to be taken off, unnamed."""
        counting = Signature.objects.confirmed()
        return self.rows.filter(signature__in=counting).order_by("position")

    @property
    def counted_for(self) -> timedelta:
        """For how long after the petition's end its lines are kept and may count."""
        kept_days = min(self.kept_days, self.petition.signers_kept_days)
        return min(COUNTED_AFTER_END, timedelta(days=kept_days))

    @property
    def can_move_the_count(self) -> bool:
        """Whether its petition is open, or has ended not long ago."""
        petition = self.petition
        if petition.state == PetitionState.OPEN:
            return True
        ended_at = petition.closed_at if petition.state in ENDED else None
        return bool(ended_at and ended_at > timezone.now() - self.counted_for)

    @property
    def holds_addresses(self) -> bool:
        """Whether a line that is to count has one."""
        rows = self.rows.filter(verdict=Verdict.ACCEPTED)
        return rows.exclude(email="").exists()

    @property
    def balance(self) -> Balance:
        return Balance.of(self.row_list, written=self.written)

    # What is done; each raises WrongState where it cannot be done (any more).

    def set_written(self, lines: int) -> None:
        """Have so many lines to type. Raises ValueError if more are typed already."""
        with transaction.atomic():
            self._lock()
            rows = self.row_list
            if any(row.is_typed for row in rows if row.position > lines):
                raise ValueError
            self.rows.filter(position__gt=lines).delete()
            SheetRow.objects.bulk_create(
                SheetRow(sheet=self, position=position)
                for position in range(len(rows) + 1, lines + 1)
            )
            Sheet.objects.filter(pk=self.pk).update(written=lines)
        self.written = lines

    def fill(self, lines: Mapping[int, Line], *, seen: str) -> None:
        """Save what was typed, by position. `seen` is the stamp of what was read.

        Raises TypedMeanwhile where that has changed and words would be lost by it.
        """
        with transaction.atomic():
            self._lock()
            rows = self.row_list
            is_stale = stamp_of(rows) != seen
            had_words = {row.position for row in rows if row.is_typed}
            open_rows = [row for row in rows if row.is_open_to_typing]
            changed = [row for row in open_rows if row.take(lines.get(row.position))]
            if is_stale and any(row.position in had_words for row in changed):
                raise TypedMeanwhile
            SheetRow.objects.bulk_update(changed, [*NO_WORDS, "verdict"])

    def hand_in(self) -> None:
        """Let staff count it: from now on organizers read no line of it."""
        with transaction.atomic():
            self._lock()
            if not self.balance.is_even:
                raise SheetNotEven
            self.take()

    def take(self) -> None:
        """Let staff alone read and change it, as it is."""
        free = Sheet.objects.uncounted().filter(pk=self.pk, handed_in_at=None)
        free.update(handed_in_at=timezone.now())
        self.refresh_from_db(fields=["handed_in_at", "counted_at"])

    def give_back(self) -> None:
        """Let organizers type in it again.

        Who staff found to have signed already is not told: those lines count again.
        """
        with transaction.atomic():
            self._lock()
            if not self.can_be_given_back:
                raise WrongState
            self.rows.filter(verdict=Verdict.DOUBLE).update(verdict=Verdict.ACCEPTED)
            Sheet.objects.filter(pk=self.pk).update(handed_in_at=None)
        self.handed_in_at = None

    def count(self, *, by: Account) -> bool:
        """Make its lines signatures that count, all or none; False if they do already.

        Raises SheetNotEven, NeedsStaff or AddressesCounted.
        """
        if not self.can_move_the_count:
            raise WrongState
        if not self.written:
            raise SheetNotEven
        with transaction.atomic():
            typed = Sheet.objects.uncounted().filter(pk=self.pk, written__gt=0)
            now = timezone.now()
            if not typed.update(counted_at=now, counted_by=by):
                return False
            self.refresh_from_db(fields=["written"])
            self._make_signatures(by, now)
        self.refresh_from_db()
        return True

    def undo(self) -> bool:
        """Take its signatures off the count, and make them lines again; False if done.

        One whose signer has done something with it stays, and one that was taken off
        the count meanwhile does not come back.
        """
        if not self.can_move_the_count:
            raise WrongState
        with transaction.atomic():
            counted = Sheet.objects.counted().filter(pk=self.pk)
            if not counted.update(counted_at=None, counted_by=None):
                return False
            rows = list(self.rows.filter(verdict=Verdict.ACCEPTED))
            numbers = [row.signature_id for row in rows if row.signature_id]
            found = Signature.objects.filter(pk__in=numbers).order_by("pk")
            signatures = {one.pk: one for one in found.select_for_update()}
            back = [
                row.take_back(signatures.get(row.signature_id or 0)) for row in rows
            ]
            taken = [signature for signature in back if signature]
            SheetRow.objects.bulk_update(rows, [*WORDS, "verdict", "signature"])
            CountChange.objects.write_all(taken, -1)
            Signature.objects.filter(pk__in=[one.pk for one in taken]).delete()
        self.refresh_from_db()
        return True

    def _make_signatures(self, by: Account, at: datetime) -> None:
        rows = self.row_list
        if not Balance.of(rows, written=self.written).is_even:
            raise SheetNotEven
        new = [row for row in rows if row.is_to_count]
        if any(row.email for row in new) and not by.runs_site:
            raise NeedsStaff
        signatures = self._sign(new, at)
        CountChange.objects.write_all(signatures, +1)
        self.rows.update(**NO_WORDS)
        for row, signature in zip(new, signatures, strict=True):
            row.signature = signature
        SheetRow.objects.bulk_update(new, ["signature"])
        # After the end there are more to forget now: when, it finds out by itself.
        Forgetting.objects.filter(petition=self.petition_id).update(due_at=at)

    def _lock(self) -> None:
        """For this transaction alone to change its lines.

        Not if it is counted, or has come to staff or back from them since it was read.
        """
        rows = Sheet.objects.uncounted().filter(pk=self.pk)
        rows = rows.filter(handed_in_at=self.handed_in_at)
        if rows.select_for_update(no_key=True).first() is None:
            raise WrongState

    def _sign(self, rows: list[SheetRow], at: datetime) -> list[Signature]:
        kept_days = self._days_left(at)
        new = [row.as_signature(self, at, kept_days) for row in rows]
        try:
            with transaction.atomic():
                return Signature.objects.bulk_create(new)
        except IntegrityError as error:
            raise AddressesCounted(self._signed_already(rows)) from error

    def _days_left(self, at: datetime) -> int:
        """What was promised counts from the end, also for what comes after it."""
        ended_at = self.petition.closed_at
        gone = -((ended_at - at) // timedelta(days=1)) if ended_at else 0
        return max(0, self.kept_days - gone)

    def _signed_already(self, rows: list[SheetRow]) -> list[int]:
        keys = {row.position: address_key(row.email) for row in rows if row.email}
        signed = Signature.objects.confirmed().for_petition(self.petition)
        signed = signed.filter(address_key__in=keys.values())
        met = set(signed.values_list("address_key", flat=True))
        positions = []
        for position, key in keys.items():
            if key in met:
                positions.append(position)
            met.add(key)
        return positions
