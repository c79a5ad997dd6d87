"""What staff decide about a petition, and what is kept of that."""

from __future__ import annotations

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models.states import PUBLIC, UNOPENED, PetitionState, RejectionCode


class Reviewed(models.Model):
    """Each verb raises WrongState where it cannot be done from here (any more)."""

    withheld_reason = models.CharField(max_length=500, blank=True, editable=False)
    withheld_code = models.CharField(
        max_length=15, choices=RejectionCode, blank=True, db_default="", editable=False
    )
    is_rejected_in_public = models.BooleanField(
        default=True, db_default=True, editable=False
    )
    submitted_at = models.DateTimeField(_("sent for review"), null=True, editable=False)
    changes_asked = models.TextField(blank=True, db_default="", editable=False)
    hidden_from = models.CharField(max_length=10, blank=True, editable=False)

    class Meta:
        abstract = True

    def submit(self) -> None:
        self._move(
            PetitionState.REVIEW,
            among=[PetitionState.DRAFT],
            submitted_at=timezone.now(),
            changes_asked="",
        )

    def take_back(self) -> None:
        """Out of review, to be edited again."""
        self._move(PetitionState.DRAFT, among=[PetitionState.REVIEW])

    def ask_for_changes(self, words: str) -> None:
        """Give it back to its organizers, who read there what is to be changed."""
        in_review = [PetitionState.REVIEW]
        self._move(PetitionState.DRAFT, among=in_review, changes_asked=words)

    def reject(
        self,
        *,
        reason: str,
        code: RejectionCode = RejectionCode.OTHER,
        in_public: bool = True,
    ) -> None:
        """In public its address shows what was asked and why not; else nothing."""
        self._move(
            PetitionState.REJECTED,
            among=UNOPENED,
            withheld_reason=reason,
            withheld_code=code,
            is_rejected_in_public=in_public,
            changes_asked="",
        )

    def review_again(self) -> None:
        """Undo a rejection: it waits for staff as if it had not been decided."""
        self._move(
            PetitionState.REVIEW,
            among=[PetitionState.REJECTED],
            withheld_reason="",
            withheld_code="",
            is_rejected_in_public=True,
        )

    def hide(self, *, reason: str) -> None:
        self._move(
            PetitionState.HIDDEN,
            among=PUBLIC,
            withheld_reason=reason,
            hidden_from=F("state"),
        )

    def restore(self) -> None:
        """Take a hidden petition back to where it was."""
        self._move(
            F("hidden_from"),
            among=[PetitionState.HIDDEN],
            hidden_from="",
            withheld_reason="",
        )

    def _move(
        self, to: PetitionState | F, *, among: list[PetitionState], **fields: object
    ) -> None:
        raise NotImplementedError
