from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.answers import Answer
from campaigns.models.drafts import Draft
from campaigns.models.events import Event
from campaigns.models.organizing import Invitation
from campaigns.models.promises import Promise
from petitions.models import Account, Petition
from signatures.outbox import OutboxMail, OutboxQuerySet


class NoticeKind(models.TextChoices):
    """What is written to whom; each has its writer in `campaigns/notices.py`."""

    START = "start", _("Confirm a new petition")
    IN_REVIEW = "in_review", _("In review")
    OPENED = "opened", _("Opened")
    CHANGES_ASKED = "changes_asked", _("Changes asked for")
    REJECTED = "rejected", _("Rejected")
    HIDDEN = "hidden", _("Hidden")
    RESTORED = "restored", _("Restored")
    ANSWER_WANTED = "answer_wanted", _("A target's answer wanted")
    INVITATION = "invitation", _("Invitation")
    RUN_BY_OTHERS = "run_by_others", _("Others run it")
    PROMISE_DUE = "promise_due", _("Was the promise kept?")
    STILL_THERE = "still_there", _("Are you still there?")


class Notice(OutboxMail):
    """A mail to one who is not a signer: to organizers, targets and the invited.

    As all mail here it holds no address and no text, but what it is about.
    """

    kind = models.CharField(_("kind"), max_length=15, choices=NoticeKind)
    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, related_name="+", null=True
    )
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="+", null=True
    )
    draft = models.ForeignKey(
        Draft, on_delete=models.CASCADE, related_name="+", null=True
    )
    answer = models.ForeignKey(
        Answer, on_delete=models.CASCADE, related_name="+", null=True
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="+", null=True
    )
    promise = models.ForeignKey(
        Promise, on_delete=models.CASCADE, related_name="+", null=True
    )
    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,  # events are never deleted
    )

    objects = OutboxQuerySet["Notice"].as_manager()

    class Meta(OutboxMail.Meta):
        verbose_name = _("mail to organizers and targets")
        verbose_name_plural = _("mails to organizers and targets")
        constraints = [
            *OutboxMail.Meta.constraints,
            models.CheckConstraint(
                name="notice_kind_is_known", condition=Q(kind__in=NoticeKind.values)
            ),
            models.CheckConstraint(
                name="notice_goes_to_one",
                condition=Q(
                    account__isnull=False,
                    draft__isnull=True,
                    answer__isnull=True,
                    invitation__isnull=True,
                )
                | Q(
                    account__isnull=True,
                    draft__isnull=False,
                    answer__isnull=True,
                    invitation__isnull=True,
                )
                | Q(
                    account__isnull=True,
                    draft__isnull=True,
                    answer__isnull=False,
                    invitation__isnull=True,
                )
                | Q(
                    account__isnull=True,
                    draft__isnull=True,
                    answer__isnull=True,
                    invitation__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Notice {self.pk}: {self.kind}"
