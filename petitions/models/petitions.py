from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from petitions.dates import day_alone
from petitions.goals import FEWEST_TOLD, Meter, next_goal
from petitions.languages import languages
from petitions.marks import columns, mark
from petitions.models.accounts import Account
from petitions.models.constraints import CONSTRAINTS, INDEXES
from petitions.models.endings import HowItEnded
from petitions.models.finding import PetitionQuerySet
from petitions.models.organizers import Organizer, PetitionOrganizer
from petitions.models.pictures import PictureField
from petitions.models.review import Reviewed
from petitions.models.states import (
    PUBLIC,
    UNOPENED,
    WITHHELD,
    Outcome,
    PetitionState,
    WrongState,
)
from petitions.models.targets import PetitionTarget, Target, Topic
from petitions.models.texts import (
    PetitionText,
    PetitionTranslation,
    PetitionVersion,
    Words,
)
from petitions.patterns import Pattern, pattern_of


class Petition(HowItEnded, Reviewed, Words):
    language = models.CharField(
        _("language"), max_length=7, choices=languages, default="en"
    )
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    picture = PictureField(
        _("picture"),
        upload_to="petitions",
        blank=True,
        widths=[480, 960],
        is_shared=True,
    )
    picture_alt = models.CharField(
        _("what the picture shows"), max_length=200, blank=True
    )
    picture_credit = models.CharField(_("picture by"), max_length=200, blank=True)
    targets = models.ManyToManyField(
        Target, through=PetitionTarget, related_name="petitions"
    )
    organizers = models.ManyToManyField(
        Organizer, through=PetitionOrganizer, related_name="petitions"
    )
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="petitions", blank=True
    )
    goal = models.PositiveIntegerField(
        _("goal"),
        null=True,
        blank=True,
        help_text=_(
            "A number that stands still. Leave it empty and the page shows the next "
            "round number."
        ),
    )
    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_(
            "Signers may be in danger: quick exit, first names only, and no title in "
            "mail subjects."
        ),
    )
    blocked_words = models.JSONField(
        _("words that no reason may hold"), default=list, db_default=[], blank=True
    )
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    carried_over_count = models.PositiveIntegerField(_("carried over"), default=0)
    carried_over_source = models.CharField(
        _("carried over from"), max_length=200, blank=True
    )
    carried_over_as_of = models.CharField(max_length=10, blank=True, editable=False)

    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PetitionState,
        default=PetitionState.DRAFT,
        editable=False,
    )
    closing_reason = models.CharField(max_length=500, blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened"), null=True, editable=False)
    opened_as_written = models.CharField(max_length=7, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_as_written = models.CharField(max_length=7, blank=True, editable=False)
    won_at = models.DateTimeField(_("won"), null=True, editable=False)
    current_version = models.ForeignKey(
        PetitionVersion,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
    )

    signature_count = models.PositiveIntegerField(
        _("signatures"), default=0, editable=False
    )
    paper_count = models.PositiveIntegerField(  # the part of it that came on paper
        default=0, db_default=0, editable=False
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    index_due_at = models.DateTimeField(
        default=timezone.now,
        db_default=Now(),  # for code that is older than the column
        editable=False,
    )

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")
        ordering = ["-opened_at", "-pk"]
        constraints = CONSTRAINTS
        indexes = INDEXES

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("petition", kwargs={"slug": self.slug})

    # What is so

    @property
    def is_open(self) -> bool:
        in_time = self.closes_at is None or self.closes_at > timezone.now()
        return self.state == PetitionState.OPEN and in_time

    @property
    def is_won(self) -> bool:
        return self.state == PetitionState.WON

    @property
    def is_closed(self) -> bool:
        """Ended, or past its closing time and about to be."""
        return self.is_public and not self.is_open

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def is_told_rejected(self) -> bool:
        """Whether all may read what it asked, and why it may not stand here."""
        return self.state == PetitionState.REJECTED and self.is_rejected_in_public

    @property
    def is_with_staff(self) -> bool:
        """In review or taken down: its organizers can only read it."""
        return self.state in (PetitionState.REVIEW, *WITHHELD)

    @property
    def words_of_ending(self) -> str:
        """What came of it, in a sentence; an imported one may only have a summary."""
        if self.is_won:
            return self.outcome_summary
        return self.closing_reason or self.outcome_summary

    @property
    def ended_at(self) -> datetime | None:
        return self.won_at or self.closed_at

    @property
    def ended_as_written(self) -> str:
        return self.won_as_written if self.is_won else self.closed_as_written

    @property
    def won_as_written(self) -> str:
        """How the day of winning was written, where that is the closing day."""
        return self.closed_as_written if self.won_at == self.closed_at else ""

    @property
    def meter(self) -> Meter:
        next_one = next_goal(self.signature_count) if self.is_open else None
        goal = self.goal or next_one
        is_below = self.told_count if self.counts_few else None
        is_own_goal = self.goal is not None
        return Meter(self.signature_count, goal, is_own_goal, is_below)

    @property
    def counts_few(self) -> bool:
        """Whether nobody may be told how many have signed but that they are few."""
        return not self.tells(self.signature_count)

    def tells(self, number: int) -> bool:
        """Whether all may know that so many have signed."""
        return not self.sensitive or number >= FEWEST_TOLD

    def told_moment(self, moment: datetime) -> datetime:
        """What all may know of when something happened: no more than the day."""
        return day_alone(moment) if self.sensitive else moment

    @property
    def told_count(self) -> int:
        """How many have signed, or the number that all may know they are below."""
        return FEWEST_TOLD if self.counts_few else self.signature_count

    @property
    def signed_here_count(self) -> int:
        """The part of the count that was not brought along from elsewhere."""
        return self.signature_count - self.carried_over_count

    @property
    def online_count(self) -> int:
        return self.signed_here_count - self.paper_count

    @property
    def tells_parts(self) -> bool:
        """Whether all may know how many signed online, on paper and elsewhere."""
        others = {self.paper_count, self.carried_over_count} - {0}
        parts = others | {self.online_count} - {0}
        return bool(others) and all(map(self.tells, parts))

    @property
    def signers_kept_days(self) -> int:
        """For how many days after its end all that is personal is kept at most."""
        sensitive = self.sensitive
        kept = settings.SENSITIVE_SIGNERS_KEPT if sensitive else settings.SIGNERS_KEPT
        return kept.days

    @property
    def pattern(self) -> Pattern:
        """What stands for a picture where there is none."""
        return pattern_of(self.slug)

    @property
    def share_image_url(self) -> str:
        """The path of a picture of 1200 × 630 for previews on other sites."""
        drawn = reverse("petition_share_image", kwargs={"slug": self.slug})
        return drawn if self.sensitive else self.picture.share_url or drawn

    @cached_property
    def text(self) -> PetitionText:
        """The words in the reader's language, or else in the petition's own."""
        if self.language != get_language():  # else there is nothing to look for
            for translation in self.translation_list:
                if translation.language == get_language():
                    return translation.as_text(self.current_version_id)
        return PetitionText.of(self, self.language)

    @cached_property
    def translation_list(self) -> list[PetitionTranslation]:
        return list(self.translations.all())

    @cached_property
    def organizer_list(self) -> list[Organizer]:
        return [place.organizer for place in self.petitionorganizer_set.all()]

    @cached_property
    def delivery_list(self) -> list[PetitionTarget]:
        return list(self.deliveries.all())

    @cached_property
    def topic_list(self) -> list[Topic]:
        return list(self.topics.all())

    @property
    def card_mark(self) -> str:
        """All that its card shows, in short."""
        deliveries = self.delivery_list
        targets = [delivery.target for delivery in deliveries]
        rows = [self, *self.organizer_list, *deliveries, *targets]
        rows += self.translation_list
        return mark(self.is_open, *(columns(row, but={"index_due_at"}) for row in rows))

    # What is done; each raises WrongState where it cannot be done from here (any more).

    def open(self, *, by: Account | None, at: datetime | None = None) -> None:
        """Begin to take signatures, for the words as they stand in the database."""
        opened_at = at or timezone.now()
        unopened = Petition.objects.filter(pk=self.pk, state__in=UNOPENED)
        with transaction.atomic():
            locked = unopened.select_for_update(no_key=True).first()
            if locked is None:
                raise WrongState
            version = PetitionVersion.objects.keep(
                locked, number=1, by=by, at=opened_at
            )
            self.translations.update(version=version)
            self._move(
                PetitionState.OPEN,
                among=UNOPENED,
                opened_at=opened_at,
                current_version=version,
            )

    def revise(self, *, by: Account | None, reason: str) -> None:
        """Save the words as they were just edited, as a version of their own.

        Translations that followed the version before follow this one only if the
        original's words are still the same.
        """
        with transaction.atomic():
            locked = Petition.objects.select_for_update(no_key=True).get(pk=self.pk)
            earlier = locked.current_version
            if earlier is None:
                raise WrongState
            version = PetitionVersion.objects.keep(
                self, number=earlier.number + 1, by=by, reason=reason
            )
            Petition.objects.filter(pk=self.pk).update(
                **self.words(),
                current_version=version,
                changed_at=Now(),
                index_due_at=Now(),
            )
            if earlier.words() == self.words():
                self.translations.filter(version=earlier).update(version=version)
        self.refresh_from_db()

    def close(
        self,
        *,
        outcome: Outcome,
        reason: str,
        proof_url: str = "",
        at: datetime | None = None,
    ) -> None:
        self._move(
            PetitionState.CLOSED,
            among=[PetitionState.OPEN],
            closing_reason=reason,
            outcome=outcome,
            outcome_url=proof_url,
            closed_at=at or timezone.now(),
        )

    def tell_outcome(self, outcome: Outcome, *, reason: str, proof_url: str) -> None:
        told = {"outcome": outcome, "outcome_url": proof_url, "closing_reason": reason}
        self._move(PetitionState.CLOSED, among=[PetitionState.CLOSED], **told)

    def win(
        self,
        *,
        summary: str,
        story: str = "",
        outcome: Outcome = Outcome.WON,
        proof_url: str = "",
        at: datetime | None = None,
    ) -> None:
        """Declare victory; a petition that had closed before keeps that day."""
        won_at = at or timezone.now()
        self._move(
            PetitionState.WON,
            among=[PetitionState.OPEN, PetitionState.CLOSED],
            outcome_summary=summary,
            outcome_story=story,
            outcome=outcome,
            outcome_url=proof_url,
            won_at=won_at,
            closed_at=models.functions.Coalesce(F("closed_at"), won_at),
        )

    def tell_victory_anew(
        self, outcome: Outcome, *, summary: str, story: str, proof_url: str
    ) -> None:
        told = {"outcome_summary": summary, "outcome_story": story}
        told |= {"outcome": outcome, "outcome_url": proof_url}
        self._move(PetitionState.WON, among=[PetitionState.WON], **told)

    def _move(
        self, to: PetitionState | F, *, among: list[PetitionState], **fields: object
    ) -> None:
        moved = Petition.objects.filter(pk=self.pk, state__in=among).update(
            state=to, changed_at=Now(), index_due_at=Now(), **fields
        )
        if not moved:
            raise WrongState
        self.refresh_from_db()
