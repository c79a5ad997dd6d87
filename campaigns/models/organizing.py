"""Who comes to run a petition, and what is asked of those who run it."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models import Account, Petition


class InvitationKind(models.TextChoices):
    JOIN = "join", _("To stand behind it together")
    TAKE_OVER = "take_over", _("To take it over")


class Invitation(models.Model):
    """That somebody is asked by mail to run a petition, with or instead of the others.

    The address is emptied when it is accepted, taken back or has run out.
    """

    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, related_name="+", verbose_name=_("petition")
    )
    kind = models.CharField(max_length=10, choices=InvitationKind)
    email = models.EmailField(_("e-mail"), blank=True)
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    ends_at = models.DateTimeField(_("good until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_kind_is_known",
                condition=Q(kind__in=InvitationKind.values),
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_taken_back_not_both",
                condition=Q(accepted_at__isnull=True) | Q(taken_back_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"


class PromiseAnswer(models.TextChoices):
    KEPT = "kept", _("Kept")
    PARTLY = "partly", _("Kept in part")
    BROKEN = "broken", _("Not kept")


class Promise(models.Model):
    """What was promised when a petition ended, and by when; was it kept?"""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("what was promised"), max_length=300)
    due_on = models.DateField(_("by when"))
    asked_at = models.DateTimeField(null=True)
    answer = models.CharField(
        _("was it kept?"), max_length=10, choices=PromiseAnswer, blank=True
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="promise_answer_is_known",
                condition=Q(answer__in=[*PromiseAnswer.values, ""]),
            ),
            models.CheckConstraint(
                name="promise_answered_at_when_answered",
                condition=Q(answer="", answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            # The worker: whose organizers are to be asked?
            models.Index(
                name="promise_due",
                fields=["due_on"],
                condition=Q(asked_at__isnull=True, answer=""),
            )
        ]

    def __str__(self) -> str:
        return self.text


class Silence(models.Model):
    """That nobody who runs an open petition has been heard of, and who was asked."""

    petition = models.OneToOneField(
        Petition, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    asked_at = models.DateTimeField(default=timezone.now)
    others_asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("silence of organizers")
        verbose_name_plural = _("silences of organizers")

    def __str__(self) -> str:
        return f"Silence about petition {self.petition_id}"
