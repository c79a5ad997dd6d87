"""Who comes to run a petition, and whether those who run it are still there."""

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


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """That can be accepted at this moment."""
        return self.filter(
            accepted_at=None, taken_back_at=None, ends_at__gt=timezone.now()
        )

    def over(self) -> InvitationQuerySet:
        """That nobody can accept any more: these need no address."""
        return self.exclude(
            accepted_at=None, taken_back_at=None, ends_at__gt=timezone.now()
        )


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

    objects = InvitationQuerySet.as_manager()

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

    @property
    def is_open(self) -> bool:
        is_answered = self.accepted_at is not None or self.taken_back_at is not None
        return not is_answered and self.ends_at > timezone.now()

    @property
    def is_to_take_over(self) -> bool:
        return self.kind == InvitationKind.TAKE_OVER


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
