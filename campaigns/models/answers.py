from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.updates import Update
from petitions.models import Account, PetitionTarget

LINK_GOOD_FOR = timedelta(days=180)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def wanted(self) -> AnswerQuerySet:
        """Whose link still takes an answer."""
        asked_after = timezone.now() - LINK_GOOD_FOR
        return self.filter(answered_at=None, asked_at__gt=asked_after)

    def to_check(self) -> AnswerQuerySet:
        return self.filter(
            answered_at__isnull=False, update=None, turned_down_at__isnull=True
        )

    def published(self) -> AnswerQuerySet:
        return self.filter(update__isnull=False)

    def turned_down(self) -> AnswerQuerySet:
        return self.filter(turned_down_at__isnull=False)


class Answer(models.Model):
    """What a target was asked for by mail, with a link for one answer.

    The answer is public only when staff have published it, as an update of the kind
    `response`. When it was asked and answered stands on the PetitionTarget as well.
    """

    delivery = models.ForeignKey(
        PetitionTarget, on_delete=models.CASCADE, related_name="+"
    )
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    text = models.TextField(_("answer"), blank=True)
    signed_as = models.CharField(_("who answers"), max_length=200, blank=True)
    turned_down_at = models.DateTimeField(null=True)
    update = models.OneToOneField(
        Update, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of a target")
        verbose_name_plural = _("answers of targets")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="answer_has_text_when_answered",
                condition=Q(answered_at__isnull=True, text="")
                | Q(answered_at__isnull=False) & ~Q(text=""),
            ),
            models.CheckConstraint(
                name="answer_decided_only_when_answered",
                condition=Q(answered_at__isnull=False)
                | Q(update__isnull=True, turned_down_at__isnull=True),
            ),
            models.CheckConstraint(
                name="answer_published_or_turned_down_not_both",
                condition=Q(update__isnull=True) | Q(turned_down_at__isnull=True),
            ),
        ]
        indexes = [
            # Staff: which answers wait to be published?
            models.Index(
                name="answer_to_be_checked",
                fields=["answered_at"],
                condition=Q(
                    answered_at__isnull=False,
                    update__isnull=True,
                    turned_down_at__isnull=True,
                ),
            )
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk}"

    @property
    def is_wanted(self) -> bool:
        in_time = self.asked_at > timezone.now() - LINK_GOOD_FOR
        return self.answered_at is None and in_time

    @property
    def is_to_check(self) -> bool:
        is_decided = self.update_id is not None or self.turned_down_at is not None
        return self.answered_at is not None and not is_decided
