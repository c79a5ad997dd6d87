from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from petitions.models import Petition
from petitions.models.pictures import PictureField


class Draft(models.Model):
    """A petition that somebody without an account is writing, step by step.

    The browser holds its key in a signed cookie. Nobody reads it before the address is
    confirmed: then it becomes a petition in review, and what it said is emptied.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    language = models.CharField(max_length=7)
    answers = models.JSONField(default=dict)  # what was typed, by the field of a step
    picture = PictureField(upload_to="drafts", blank=True, widths=[480, 960])
    email = models.EmailField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    petition = models.OneToOneField(
        Petition, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_sent_with_address",
                condition=Q(sent_at__isnull=True)
                | Q(confirmed_at__isnull=False)
                | ~Q(email=""),
            ),
            models.CheckConstraint(
                name="draft_confirmed_is_a_petition",
                condition=Q(confirmed_at__isnull=True, petition__isnull=True)
                | Q(confirmed_at__isnull=False, petition__isnull=False),
            ),
        ]
        indexes = [
            # Forgetting: which has nobody touched for long?
            models.Index(name="draft_untouched", fields=["changed_at"])
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"
