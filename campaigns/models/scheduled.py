from __future__ import annotations

import logging
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.events import Event, EventKind
from campaigns.models.updates import Update, UpdateKind
from petitions.languages import languages
from petitions.models import Account, Organizer, Petition

logger = logging.getLogger(__name__)

# What it hands on to the update.
WORDS = [
    *("petition", "organizer", "kind", "title", "body", "url", "source", "language"),
    "key",
]


class WhyNotPosted(models.TextChoices):
    NOT_PUBLIC = "not_public", _("The petition was not public at that time.")
    NOT_THEIRS = "not_theirs", _("Who wrote it did not run the petition any more.")


class ScheduledUpdateQuerySet(models.QuerySet["ScheduledUpdate"]):
    def run_by(self, account: Account) -> ScheduledUpdateQuerySet:
        return self.filter(petition__in=Petition.objects.run_by(account))

    def for_petition(self, petition: Petition) -> ScheduledUpdateQuerySet:
        return self.filter(petition=petition)

    def waiting(self) -> ScheduledUpdateQuerySet:
        return self.filter(failed_at__isnull=True)

    def post_due(self) -> int:
        """Post what is due, each once however many workers do this; say how many."""
        handled = 0
        while self._post_one():
            handled += 1
        return handled

    def _post_one(self) -> bool:
        due = self.waiting().filter(post_at__lte=timezone.now())
        with transaction.atomic():
            free = due.select_for_update(skip_locked=True)
            scheduled = free.order_by("post_at", "pk").first()
            if scheduled:
                scheduled.post()
        return scheduled is not None


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
    with_mail = models.BooleanField(_("with mail"), default=False)
    post_at = models.DateTimeField(_("to be posted"))
    failed_at = models.DateTimeField(null=True)
    failed_because = models.CharField(
        max_length=10, choices=WhyNotPosted, blank=True, default="", db_default=""
    )
    key = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = ScheduledUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled update")
        verbose_name_plural = _("scheduled updates")
        ordering = ["post_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="scheduled_update_kind_is_known",
                condition=Q(kind__in=UpdateKind.values),
            ),
            models.CheckConstraint(
                name="scheduled_update_failed_because_of_something_known",
                condition=Q(failed_at__isnull=True, failed_because="")
                | Q(failed_at__isnull=False, failed_because__in=WhyNotPosted.values),
            ),
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

    def schedule(self, *, by: Account) -> None:
        """Have a worker post it. Raises IntegrityError if that was asked before."""
        self.by = by
        with transaction.atomic():
            self.save(force_insert=True)
            self._record(EventKind.SCHEDULED, by=by)

    def change(self, *, by: Account, **words: object) -> bool:
        """Have these words instead; False if it has been posted or taken back."""
        words |= {"by": by, "failed_at": None, "failed_because": ""}
        for name, value in words.items():
            setattr(self, name, value)
        with transaction.atomic():
            if not self._row().update(**words):
                return False
            self._record(EventKind.SCHEDULED, by=by)
        return True

    def take_back(self, *, by: Account) -> bool:
        """Never post it; False if it has been posted or taken back."""
        with transaction.atomic():
            removed, _of_what = self._row().delete()
            if not removed:
                return False
            self._record(EventKind.UNSCHEDULED, by=by)
        return True

    def post(self) -> None:
        """Put it on the page, in the transaction that has locked this row.

        Where it may not be posted, it stays, and says why. Where as many updates as may
        be mailed in a week have been, it is posted and not mailed.
        """
        if failure := self._what_forbids():
            failed = {"failed_at": timezone.now(), "failed_because": failure}
            self._row().update(**failed)
            logger.warning(
                "update not posted: scheduled=%s because=%s", self.pk, failure
            )
            return
        self._row().delete()
        if Update.objects.filter(key=self.key).exists():
            return  # whoever wrote it has done so meanwhile
        update = Update(**{name: getattr(self, name) for name in WORDS})
        update.post(by=self.by, with_mail=self.with_mail, or_without=True)

    def _what_forbids(self) -> WhyNotPosted | None:
        petitions = Petition.objects.filter(pk=self.petition_id)
        if not petitions.public().exists():
            return WhyNotPosted.NOT_PUBLIC
        if not self.by.runs_site:
            petitions = petitions.run_by(self.by)
        if self.organizer:
            petitions = petitions.filter(organizers=self.organizer)
        may_post = self.by.is_active and petitions.exists()
        return None if may_post else WhyNotPosted.NOT_THEIRS

    def _record(self, kind: EventKind, *, by: Account) -> None:
        moment = timezone.localtime(self.post_at)
        note = f"{moment:%Y-%m-%d %H:%M}: {self.title}"
        Event.objects.record(kind, self.petition, by=by, note=note)

    def _row(self) -> models.QuerySet[ScheduledUpdate]:
        return ScheduledUpdate.objects.filter(pk=self.pk)
