from __future__ import annotations

import logging
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models import Account, Petition

logger = logging.getLogger(__name__)


class EventKind(models.TextChoices):
    IMPORTED = "imported", _("Imported")
    SUBMITTED = "submitted", _("Sent for review")
    TAKEN_BACK = "taken_back", _("Taken back from review")
    OPENED = "opened", _("Opened")
    EDITED = "edited", _("Edited")
    REJECTED = "rejected", _("Rejected")
    CLOSED = "closed", _("Closed")
    WON = "won", _("Declared won")
    HIDDEN = "hidden", _("Hidden")
    RESTORED = "restored", _("Restored")
    UPDATE_POSTED = "update_posted", _("Update posted")
    REASON_RELEASED = "reason_released", _("Reason released")
    REASON_HIDDEN = "reason_hidden", _("Reason hidden")
    EXCLUDED = "excluded", _("Signature excluded")
    COUNTED_AGAIN = "counted_again", _("Signature counted again")
    SIGNATURE_RELEASED = "signature_released", _("Held signature released")
    EXCLUDED_IN_BULK = "excluded_in_bulk", _("Signatures excluded in bulk")
    EXCLUSION_STOPPED = "exclusion_stopped", _("Exclusion in bulk stopped")
    EXCLUSION_UNDONE = "exclusion_undone", _("Exclusion in bulk undone")
    RULE_ADDED = "rule_added", _("Rule added")
    RULE_REMOVED = "rule_removed", _("Rule removed")
    PAUSED = "paused", _("Signing paused")
    RESUMED = "resumed", _("Signing resumed")
    LOOKED_UP = "looked_up", _("Address looked up")
    ERASED = "erased", _("Signature erased for its signer")
    ROLE_CHANGED = "role_changed", _("Role changed")
    FACTOR_REMOVED = "factor_removed", _("Second factor removed")
    EXPORTED = "exported", _("Exported")
    COUNT_MENDED = "count_mended", _("Count mended")
    CHANGES_ASKED = "changes_asked", _("Changes asked for")
    REPORTS_SETTLED = "reports_settled", _("Reports answered")
    INVITED = "invited", _("Invited to run it")
    UNINVITED = "uninvited", _("Invitation taken back")
    JOINED = "joined", _("Came to run it")
    HANDED_OVER = "handed_over", _("Handed over to another organizer")
    SIGNERS_TOLD = "signers_told", _("Signers told of new words")
    SCHEDULED = "scheduled", _("Update scheduled")
    UNSCHEDULED = "unscheduled", _("Scheduled update taken back")
    MAIL_STOPPED = "mail_stopped", _("Mail stopped")
    MAIL_RESUMED = "mail_resumed", _("Mail resumed")
    TARGET_ASKED = "target_asked", _("Target asked")
    TARGET_ANSWERED = "target_answered", _("Target answered")
    ANSWER_PUBLISHED = "answer_published", _("Answer published")
    ANSWER_TURNED_DOWN = "answer_refused", _("Answer turned down")
    HANDED_TO_TARGET = "handed_to_target", _("Hand-over made")
    SHEETS_PRINTED = "sheets_printed", _("Sheets printed")
    SHEET_HANDED_IN = "sheet_handed_in", _("Sheet handed in")
    SHEET_GIVEN_BACK = "sheet_given_back", _("Sheet given back")
    SHEET_COUNTED = "sheet_counted", _("Sheet counted")
    SHEET_UNDONE = "sheet_undone", _("Sheet undone")
    PROMISE_ANSWERED = "promise_answered", _("Said whether a promise was kept")
    ORGANIZERS_ASKED = "organizers_asked", _("Organizers asked whether they are there")
    STILL_THERE = "still_there", _("Organizers still there")


class EventQuerySet(models.QuerySet["Event"]):
    """What has happened can be read and added to, and that is all."""

    def record(
        self,
        kind: EventKind,
        petition: Petition | None,
        *,
        by: Account | None,
        note: str = "",
    ) -> Event:
        """Write down an act, in the transaction that does it. `by` None is the site."""
        event = self.create(kind=kind, petition=petition, by=by, note=note[:500])
        who = by.pk if by else "site"
        number = petition.pk if petition else "none"
        logger.info("petition %s: petition=%s by=%s", kind, number, who)
        return event

    def update(self, **kwargs: object) -> NoReturn:
        msg = "an event cannot be changed"
        raise TypeError(msg)

    def delete(self) -> NoReturn:
        msg = "an event cannot be deleted"
        raise TypeError(msg)


class Event(models.Model):
    """Who did what to which petition, and why. Append-only."""

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,  # what concerns the whole site
        db_index=False,
    )
    kind = models.CharField(_("what"), max_length=20, choices=EventKind)
    by = models.ForeignKey(
        Account,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )
    note = models.CharField(_("why"), max_length=500, blank=True)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="event_kind_is_known", condition=Q(kind__in=EventKind.values)
            )
        ]
        indexes = [
            # Staff: what has happened to this petition, the newest first?
            models.Index(name="event_of_petition", fields=["petition", "id"])
        ]

    def __str__(self) -> str:
        return f"Event {self.pk}: {self.kind}"

    def save(self, **kwargs: Any) -> None:  # noqa: ANN401  # as Django has it
        if not self._state.adding:
            msg = "an event cannot be changed"
            raise TypeError(msg)
        super().save(**kwargs)

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        msg = "an event cannot be deleted"
        raise TypeError(msg)
