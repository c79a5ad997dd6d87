"""What is known for a day or two of how signatures came: by a crowd or a machine?"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models import Account


class NetworkSecret(models.Model):
    """What networks are turned into keys with on one day.

    When it is deleted, nobody can try out which network a key stands for.
    """

    day = models.DateField(primary_key=True)
    secret = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Secret of {self.day}"


class Trace(models.Model):
    """How a signature came: from which network, and what spoke against it."""

    # No constraint: it is written in the statement that writes the signature.
    signature = models.OneToOneField(
        "signatures.Signature",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="trace",
        db_constraint=False,
    )
    network_key = models.CharField(_("network"), max_length=32)
    domain = models.CharField(_("domain"), max_length=254)
    # How many this network had sent within the hour, this one among them.
    hits = models.PositiveIntegerField(_("from one network"), default=0)
    score = models.PositiveSmallIntegerField(_("score"), default=0)
    signs = models.CharField(_("what speaks against it"), max_length=100, blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)

    class Meta:
        verbose_name = _("trace")
        verbose_name_plural = _("traces")
        indexes = [
            # The page of abuse: what came in this hour? Forgetting: what is too old?
            models.Index(name="trace_started", fields=["started_at"]),
            # Excluding: what came from this network?
            models.Index(name="trace_network", fields=["network_key"]),
        ]

    def __str__(self) -> str:
        return f"Trace of signature {self.signature_id}"


class RuleKind(models.TextChoices):
    ALLOW = "allow", _("Allow")
    BLOCK = "block", _("Block")


class RuleSubject(models.TextChoices):
    ADDRESS = "address", _("E-mail address")
    DOMAIN = "domain", _("Domain")
    NETWORK = "network", _("Network")


class AccessRule(models.Model):
    """That what comes from there is always taken, or always held for staff."""

    kind = models.CharField(_("what to do"), max_length=5, choices=RuleKind)
    subject = models.CharField(_("with which"), max_length=7, choices=RuleSubject)
    # An address stands here as its key; a domain may begin with "*.".
    pattern = models.CharField(_("which"), max_length=254)
    note = models.CharField(_("why"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        constraints = [
            models.CheckConstraint(
                name="rule_kind_is_known",
                condition=models.Q(kind__in=RuleKind.values),
            ),
            models.CheckConstraint(
                name="rule_subject_is_known",
                condition=models.Q(subject__in=RuleSubject.values),
            ),
            models.UniqueConstraint(
                name="rule_once_for_each_pattern", fields=["subject", "pattern"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.which}"

    @property
    def which(self) -> str:
        """Of an address only the beginning of its key: enough to tell two apart."""
        is_address = self.subject == RuleSubject.ADDRESS
        return f"{self.pattern[:8]}…" if is_address else self.pattern
