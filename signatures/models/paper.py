"""Signatures on paper: sheets with a number, and the lines that somebody types in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models import Account, Petition, PetitionVersion
from signatures.models.signatures import Signature


class Verdict(models.TextChoices):
    """What becomes of a line on a sheet."""

    ACCEPTED = "accepted", _("Counts")
    DOUBLE = "double", _("Has signed already")
    UNREADABLE = "unreadable", _("Cannot be read")


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
    written = models.PositiveSmallIntegerField(_("lines written on it"), null=True)
    made_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True
    )
    made_at = models.DateTimeField(_("printed"), default=timezone.now)
    counted_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True
    )
    counted_at = models.DateTimeField(_("counted"), null=True)

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

    def __str__(self) -> str:
        return f"Sheet {self.number} of petition {self.petition_id}"


class SheetRow(models.Model):
    """One line of a sheet. What is personal in it moves to its signature.

    A line that is counted holds a signature and no words of its own.
    """

    sheet = models.ForeignKey(
        Sheet, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=100, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.ACCEPTED)
    signature = models.OneToOneField(
        Signature, on_delete=models.SET_NULL, related_name="+", null=True
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
