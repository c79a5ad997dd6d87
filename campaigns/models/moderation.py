"""How staff share the work of deciding about petitions, and what readers report."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models import Account, Petition


class Claim(models.Model):
    """That somebody is looking at a petition, so that nobody else need to."""

    petition = models.OneToOneField(
        Petition, on_delete=models.CASCADE, related_name="claim", primary_key=True
    )
    by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    until_at = models.DateTimeField()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self) -> str:
        return f"Claim of petition {self.petition_id}"


class PetitionReportCause(models.TextChoices):
    PERSONAL = "personal", _("It names or endangers somebody")
    UNLAWFUL = "unlawful", _("It is against the law")
    HATEFUL = "hateful", _("It insults or threatens people")
    FALSE = "false", _("It is not true")
    OTHER = "other", _("Something else")


class PetitionReport(models.Model):
    """That a reader finds something wrong with a petition; nothing about the reader."""

    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    cause = models.CharField(
        _("what is wrong"), max_length=10, choices=PetitionReportCause
    )
    words = models.CharField(_("in your words"), max_length=500, blank=True)
    reported_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("report of a petition")
        verbose_name_plural = _("reports of petitions")
        constraints = [
            models.CheckConstraint(
                name="petition_report_cause_is_known",
                condition=Q(cause__in=PetitionReportCause.values),
            )
        ]
        indexes = [
            # Staff: which petitions have readers reported, and nobody has looked yet?
            models.Index(
                name="petition_report_unsettled",
                fields=["petition", "id"],
                condition=Q(settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"Report {self.pk} of petition {self.petition_id}"
