from __future__ import annotations

from uuid import uuid4

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.events import Event, EventKind
from campaigns.models.mailings import Mailing, MailingQuerySet
from petitions.languages import languages
from petitions.models import Account, Organizer, Petition
from signatures.models import Signature
from signatures.outbox import OutboxMail, OutboxQuerySet


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
            models.Index(name="update_newest", fields=["petition", "-posted_at"])
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse(
            "petition_update", kwargs={"slug": self.petition.slug, "pk": self.pk}
        )

    @property
    def mails(self) -> OutboxQuerySet[UpdateMail]:
        return UpdateMail.objects.filter(update=self)

    def mail_to(self, signer: int) -> UpdateMail:
        return UpdateMail(update=self, signature_id=signer)

    def post(self, *, by: Account, with_mail: bool) -> None:
        """Put it on the page now; a worker mails it to those who asked for updates."""
        now = timezone.now()
        self.posted_by = by
        self.posted_at = now
        self.mail_due_at = now if with_mail else None
        if self.organizer:
            self.author = self.organizer.name
        with transaction.atomic():
            self.save()
            Petition.objects.filter(pk=self.petition_id).update(changed_at=now)
            Event.objects.record(
                EventKind.UPDATE_POSTED, self.petition, by=by, note=self.title
            )


class UpdateMail(OutboxMail):
    """One update to one signer who asked for it."""

    update = models.ForeignKey(
        Update, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="+")

    objects = OutboxQuerySet["UpdateMail"].as_manager()

    class Meta(OutboxMail.Meta):
        verbose_name = _("mail with an update")
        verbose_name_plural = _("mails with updates")
        constraints = [
            *OutboxMail.Meta.constraints,
            models.UniqueConstraint(
                name="update_mailed_once_to_each_signer",
                fields=["update", "signature"],
            ),
        ]
