"""What is kept about signatures: words agreed to, reports of readers, erasures."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Wording(models.Model):
    """The words beside the button that signers agreed to, in one language."""

    digest = models.CharField(max_length=16, primary_key=True)
    language = models.CharField(max_length=7)
    text = models.TextField()
    first_used_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Wording {self.digest}"


class ReportCause(models.TextChoices):
    PRIVATE = "private", _("It gives away who or where somebody is")
    THREAT = "threat", _("It threatens or insults somebody")
    ADVERTISING = "advertising", _("It is advertising, or no reason at all")
    OTHER = "other", _("Something else")


class ReasonReportQuerySet(models.QuerySet["ReasonReport"]):
    def waiting(self) -> ReasonReportQuerySet:
        return self.filter(settled_at=None)

    def settle(self) -> int:
        """Staff have answered them; say how many."""
        return self.waiting().update(settled_at=timezone.now())


class ReasonReport(models.Model):
    """That a reader asked us to look at a reason. Nothing of the reader is kept."""

    signature = models.ForeignKey(
        "signatures.Signature", on_delete=models.CASCADE, related_name="reports"
    )
    cause = models.CharField(_("what is wrong"), max_length=12, choices=ReportCause)
    reported_at = models.DateTimeField(_("reported"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = ReasonReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a reason")
        verbose_name_plural = _("reports of reasons")
        constraints = [
            models.CheckConstraint(
                name="report_cause_is_known",
                condition=Q(cause__in=ReportCause.values),
            )
        ]
        indexes = [
            # Staff: which wait?
            models.Index(
                name="report_waiting", fields=["id"], condition=Q(settled_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"Report {self.pk}"


class ErasureManager(models.Manager["Erasure"]):
    def note(self, numbers: Iterable[int]) -> None:
        """In the transaction that erases them; once each, however often."""
        rows = [Erasure(signature_number=number) for number in numbers]
        self.bulk_create(rows, ignore_conflicts=True)


class Erasure(models.Model):
    """That what was personal in a signature is gone, for a restored backup to follow.

    The number alone: it says nothing once the signature is not there.
    """

    signature_number = models.BigIntegerField(primary_key=True)
    erased_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = ErasureManager()

    def __str__(self) -> str:
        return f"Erasure of signature {self.signature_number}"
