"""The lines of a sheet: what somebody typed in, and what has become of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from petitions.marks import mark
from signatures.addresses import address_key
from signatures.models.signatures import Signature
from signatures.models.states import Origin, SignatureState

if TYPE_CHECKING:
    from signatures.models.paper import Sheet

WORDS = ["name", "place", "email"]
NO_WORDS = dict.fromkeys(WORDS, "")


class Verdict(models.TextChoices):
    """What becomes of a line on a sheet."""

    ACCEPTED = "accepted", _("Counts")
    DOUBLE = "double", _("Has signed already")
    UNREADABLE = "unreadable", _("Cannot be read")
    GONE = "gone", _("Taken off since it was counted")


class Line(NamedTuple):
    """What was typed of a line."""

    name: str = ""
    place: str = ""
    email: str = ""
    verdict: str = Verdict.ACCEPTED


@dataclass(frozen=True)
class Balance:
    """What has become of the lines that were written on a sheet."""

    written: int
    by_verdict: Counter[str]
    open_lines: list[int]

    @classmethod
    def of(cls, rows: Iterable[SheetRow], *, written: int | None) -> Balance:
        settled = [row for row in rows if row.is_settled]
        open_lines = [row.position for row in rows if not row.is_settled]
        return cls(written or 0, Counter(row.verdict for row in settled), open_lines)

    @property
    def is_even(self) -> bool:
        return self.written > 0 and self.by_verdict.total() == self.written

    @property
    def accepted(self) -> int:
        return self.by_verdict[Verdict.ACCEPTED]

    @property
    def double(self) -> int:
        return self.by_verdict[Verdict.DOUBLE]

    @property
    def unreadable(self) -> int:
        return self.by_verdict[Verdict.UNREADABLE]

    @property
    def gone(self) -> int:
        return self.by_verdict[Verdict.GONE]


class SheetRow(models.Model):
    """One line of a sheet. What is personal in it moves to its signature.

    A line that is counted holds a signature and no words of its own.
    """

    sheet = models.ForeignKey(
        "signatures.Sheet",
        on_delete=models.CASCADE,
        related_name="rows",
        db_index=False,
    )
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=100, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.ACCEPTED)
    signature = models.OneToOneField(
        Signature, on_delete=models.SET_NULL, related_name="sheet_row", null=True
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                name="sheet_row_once_in_each_place", fields=["sheet", "position"]
            ),
            models.CheckConstraint(
                name="sheet_row_verdict_is_known",
                condition=Q(verdict__in=Verdict.values),
            ),
            models.CheckConstraint(
                name="sheet_row_holds_words_or_a_signature",
                condition=Q(signature__isnull=True)
                | Q(verdict=Verdict.ACCEPTED, name="", place="", email=""),
            ),
        ]

    def __str__(self) -> str:
        # No name or address: this ends up in logs.
        return f"Line {self.position} of sheet {self.sheet_id}"

    # What is so

    @property
    def line(self) -> Line:
        return Line(self.name, self.place, self.email, self.verdict)

    @property
    def is_typed(self) -> bool:
        return self.signature_id is not None or self.line != Line()

    @property
    def is_open_to_typing(self) -> bool:
        return self.signature_id is None and self.verdict != Verdict.GONE

    @property
    def is_to_count(self) -> bool:
        return self.signature_id is None and self.verdict == Verdict.ACCEPTED

    @property
    def is_settled(self) -> bool:
        """Whether it is said what becomes of it: who counts has a name."""
        return bool(self.name) or not self.is_to_count

    @property
    def was_counted(self) -> bool:
        """Whether it looks like one that was counted, or stood on a counted sheet."""
        is_bare_double = self.verdict == Verdict.DOUBLE and not self.name
        is_gone = self.verdict == Verdict.GONE
        return self.signature_id is not None or is_gone or is_bare_double

    # What is done to it in memory, for a sheet to save

    def take(self, line: Line | None) -> bool:
        """Have it say this; False if it does."""
        if line is None or line == self.line:
            return False
        self.name, self.place, self.email, self.verdict = line
        return True

    def take_back(self, signature: Signature | None) -> Signature | None:
        """Hold the words of its signature again, and give the one to be deleted.

        None where it stays, in its signer's hands, or has gone off the count.
        """
        if signature and _is_in_its_signers_hands(signature):
            return None
        self.signature = None
        if signature is None or not signature.is_confirmed:
            self.verdict = Verdict.GONE
            return None
        self.name, self.place = signature.name, signature.place
        self.email = signature.email
        return signature

    def as_signature(self, sheet: Sheet, at: datetime, kept_days: int) -> Signature:
        """Not saved. Nothing of it is shown, and no mail goes to it by itself."""
        return Signature(
            petition_id=sheet.petition_id,
            version_id=sheet.version_id,
            name=self.name,
            place=self.place,
            email=self.email,
            address_key=address_key(self.email) if self.email else None,
            language=sheet.petition.language,
            origin=Origin.PAPER,
            state=SignatureState.CONFIRMED,
            started_at=at,
            confirmed_at=at,
            kept_days=kept_days,
        )


def stamp_of(rows: Iterable[SheetRow]) -> str:
    """What stands in these lines, in short, to see whether somebody has changed it."""
    return mark(*(part for row in rows for part in (row.signature_id, *row.line)))


def _is_in_its_signers_hands(signature: Signature) -> bool:
    """Its links are in a mailbox, or it says what nobody writes on paper."""
    given = ["show_name", "wants_updates", "consents_changed_at", "reason", "country"]
    has_given = any(getattr(signature, field) for field in given)
    return signature.is_confirmed and (has_given or signature.link_number > 0)
