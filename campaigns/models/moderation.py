"""How staff share the work of deciding about petitions, and what readers report."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models import Account, Petition

CLAIMED_FOR = timedelta(minutes=15)
WORDS_KEPT = timedelta(days=90)  # of a report, after it is settled
# One statement, so that of two who press at once one gets it, on every database.
TAKE = """
    INSERT INTO campaigns_claim (petition_id, by_id, until_at) VALUES (%s, %s, %s)
    ON CONFLICT (petition_id)
    DO UPDATE SET by_id = excluded.by_id, until_at = excluded.until_at
    WHERE campaigns_claim.by_id = excluded.by_id OR campaigns_claim.until_at <= %s
    RETURNING petition_id
"""


class ClaimQuerySet(models.QuerySet["Claim"]):
    def running(self) -> ClaimQuerySet:
        return self.filter(until_at__gt=timezone.now())

    def of(self, petition: Petition) -> Claim | None:
        """The one that runs now, and whose it is."""
        claims = self.running().filter(petition=petition)
        return claims.select_related("by").first()

    def take(self, petition: Petition, *, by: Account) -> bool:
        """Claim it, or renew one's own claim; False while somebody else's runs."""
        now = timezone.now()
        adapt = connection.ops.adapt_datetimefield_value
        until_at = adapt(now + CLAIMED_FOR)
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [petition.pk, by.pk, until_at, adapt(now)])
            return cursor.fetchone() is not None

    def let_go(self, petition: Petition, *, by: Account) -> bool:
        """Give up one's own claim; False if there is none (any more)."""
        claims = self.filter(petition=petition, by=by)
        return bool(claims.delete()[0])


class Claim(models.Model):
    """That somebody is looking at a petition, so that nobody else need to."""

    petition = models.OneToOneField(
        Petition, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    until_at = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

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


class PetitionReportQuerySet(models.QuerySet["PetitionReport"]):
    def unsettled(self) -> PetitionReportQuerySet:
        return self.filter(settled_at__isnull=True)

    def of(self, petition: Petition) -> PetitionReportQuerySet:
        return self.filter(petition=petition)

    def settle(self) -> int:
        return self.unsettled().update(settled_at=timezone.now())

    def forget_words(self) -> int:
        """Empty what readers wrote, some time after it was answered."""
        settled_before = timezone.now() - WORDS_KEPT
        old = self.filter(settled_at__lt=settled_before).exclude(words="")
        return old.update(words="")


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

    objects = PetitionReportQuerySet.as_manager()

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
            ),
            # Forgetting: whose words were answered long ago?
            models.Index(
                name="petition_report_settled",
                fields=["settled_at"],
                condition=~Q(words="") & Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk} of petition {self.petition_id}"
