from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.updates import UpdateKind
from petitions.languages import languages
from petitions.models import Account, Organizer, Petition


class ScheduledUpdate(models.Model):
    """An update that a worker will post at its time. Nothing public ever reads it.

    Its key becomes the key of the update, so that it is posted once.
    """

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=UpdateKind, default=UpdateKind.UPDATE
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    url = models.URLField(_("link"), blank=True, max_length=500)
    source = models.CharField(_("source"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=7, choices=languages)
    organizer = models.ForeignKey(
        Organizer,
        verbose_name=_("in the name of"),
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
    )
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    with_mail = models.BooleanField(default=False)
    post_at = models.DateTimeField(_("to be posted"))
    failed_at = models.DateTimeField(null=True)  # the petition is not public any more
    key = models.UUIDField(default=uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("scheduled update")
        verbose_name_plural = _("scheduled updates")
        ordering = ["post_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="scheduled_update_kind_is_known",
                condition=Q(kind__in=UpdateKind.values),
            )
        ]
        indexes = [
            # The worker: what is due?
            models.Index(
                name="scheduled_update_due",
                fields=["post_at"],
                condition=Q(failed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.title
