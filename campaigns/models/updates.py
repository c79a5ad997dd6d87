from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.events import Event, EventKind
from campaigns.models.mailings import (
    Mailing,
    MailingMail,
    MailingMailQuerySet,
    MailingQuerySet,
)
from petitions.languages import languages
from petitions.models import Account, Organizer, Petition
from signatures.models import Signature

# At most so many updates are mailed to the same signers in any seven days.
MAILINGS_A_WEEK = 3
WEEK = timedelta(days=7)


class TooManyMailings(Exception):
    """As many as may go out in a week have gone out; `next_at` says when one may."""

    def __init__(self, next_at: datetime) -> None:
        self.next_at = next_at
        super().__init__(f"again at {next_at}")


class UpdateKind(models.TextChoices):
    UPDATE = "update", _("Update")
    NEWS = "news", _("In the news")
    RESPONSE = "response", _("Response")
    DELIVERY = "delivery", _("Delivery")
    OUTCOME = "outcome", _("Outcome")


class UpdateQuerySet(MailingQuerySet["Update"]):
    def for_petition(self, petition: Petition) -> UpdateQuerySet:
        return self.filter(petition=petition)

    def run_by(self, account: Account) -> UpdateQuerySet:
        return self.filter(petition__in=Petition.objects.run_by(account))

    def mailed_since(self, moment: datetime) -> list[datetime]:
        """When each was mailed, but for those that ended before anybody got one.

        One that was stopped went until then; where it has gone on, it goes until now.
        """
        reached = Q(mail_done_at__isnull=True) | Q(mail_sent__gt=0)
        now = Value(timezone.now())
        mailed_at = Case(
            When(mail_stopped_at__isnull=False, then="mail_stopped_at"),
            When(mail_stops__gt=0, then=Coalesce("mail_done_at", now)),
            default="mail_due_at",
        )
        mailed = self.filter(reached).annotate(mailed_at=mailed_at)
        lately = mailed.filter(mailed_at__gt=moment)
        return list(lately.values_list("mailed_at", flat=True))


def first_free(wanted: datetime, taken: list[datetime]) -> datetime:
    """When one more may be mailed, that moment or the first after it."""
    later = (one + WEEK for one in taken if one + WEEK > wanted)
    return next(one for one in sorted({wanted, *later}) if _has_room(one, taken))


def _has_room(moment: datetime, taken: list[datetime]) -> bool:
    """Whether no seven days around it would see too many."""
    near = sorted([moment, *(one for one in taken if abs(one - moment) < WEEK)])
    ends = zip(near, near[MAILINGS_A_WEEK:], strict=False)
    return all(last - first >= WEEK for first, last in ends)


class Update(Mailing):
    """What organizers tell about their petition, or somebody else did (news)."""

    kind = models.CharField(
        _("kind"), max_length=10, choices=UpdateKind, default=UpdateKind.UPDATE
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    url = models.URLField(_("link"), blank=True, max_length=500)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Who reported it.")
    )
    language = models.CharField(_("language"), max_length=7, choices=languages)
    organizer = models.ForeignKey(
        Organizer,
        verbose_name=_("in the name of"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    author = models.CharField(_("author"), max_length=100, blank=True, editable=False)
    posted_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    posted_at = models.DateTimeField(_("posted"), editable=False)
    posted_as_written = models.CharField(max_length=7, blank=True, editable=False)
    key = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = UpdateQuerySet.as_manager()

    class Meta(Mailing.Meta):
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-posted_at", "-pk"]
        constraints = [
            *Mailing.Meta.constraints,
            models.CheckConstraint(
                name="update_kind_is_known", condition=Q(kind__in=UpdateKind.values)
            ),
        ]
        indexes = [
            *Mailing.Meta.indexes,
            models.Index(name="update_newest", fields=["petition", "-posted_at"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse(
            "petition_update", kwargs={"slug": self.petition.slug, "pk": self.pk}
        )

    @property
    def mails(self) -> MailingMailQuerySet[UpdateMail]:
        return UpdateMail.objects.filter(update=self)

    def mail_to(self, signer: int) -> UpdateMail:
        return UpdateMail(update=self, signature_id=signer)

    def post(self, *, by: Account, with_mail: bool, or_without: bool = False) -> None:
        """Put it on the page now; a worker mails it to those who asked for updates.

        Raises TooManyMailings, and then nothing has happened; or it is posted without
        the mail, where that is better than not at all.
        """
        now = timezone.now()
        self.posted_by = by
        self.posted_at = now
        self.mail_due_at = now if with_mail else None
        if self.organizer:
            self.author = self.organizer.name
        with transaction.atomic():
            Petition.objects.filter(pk=self.petition_id).update(changed_at=now)
            self.save()
            if with_mail:
                self._keep_to_the_week(or_without=or_without)
            Event.objects.record(
                EventKind.UPDATE_POSTED, self.petition, by=by, note=self.title
            )

    def _keep_to_the_week(self, *, or_without: bool) -> None:
        """The petition is locked: no other update of it is posted meanwhile."""
        others = Update.objects.for_petition(self.petition).exclude(pk=self.pk)
        taken = others.mailed_since(self.posted_at - WEEK)
        next_at = first_free(self.posted_at, taken)
        if next_at <= self.posted_at:
            return
        if not or_without:
            raise TooManyMailings(next_at)
        self.mail_stopped_at = self.mail_done_at = self.posted_at
        self.save(update_fields=["mail_stopped_at", "mail_done_at"])


class UpdateMail(MailingMail):
    """One update to one signer who asked for it."""

    about = "update"

    update = models.ForeignKey(
        Update, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="+")

    objects = MailingMailQuerySet["UpdateMail"].as_manager()

    class Meta(MailingMail.Meta):
        verbose_name = _("mail with an update")
        verbose_name_plural = _("mails with updates")
        constraints = [
            *MailingMail.Meta.constraints,
            models.UniqueConstraint(
                name="update_mailed_once_to_each_signer",
                fields=["update", "signature"],
            ),
        ]
