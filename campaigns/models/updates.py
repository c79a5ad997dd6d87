from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.events import Event, EventKind
from petitions.models import Account, Organizer, Petition
from signatures.models import Signature
from signatures.outbox import OutboxMail, OutboxQuerySet


class UpdateKind(models.TextChoices):
    UPDATE = "update", _("Update")
    NEWS = "news", _("In the news")
    RESPONSE = "response", _("Response")
    DELIVERY = "delivery", _("Delivery")
    OUTCOME = "outcome", _("Outcome")


class UpdateQuerySet(models.QuerySet["Update"]):
    def for_petition(self, petition: Petition) -> UpdateQuerySet:
        return self.filter(petition=petition)

    def on_public_petitions(self) -> UpdateQuerySet:
        return self.filter(petition__in=Petition.objects.public())

    def run_by(self, account: Account) -> UpdateQuerySet:
        return self.filter(petition__in=Petition.objects.run_by(account))

    def unmailed(self) -> UpdateQuerySet:
        """To be mailed, and not all of their mails are written down yet."""
        return self.filter(mail_due_at__lte=timezone.now(), mail_queued_at__isnull=True)


class Update(models.Model):
    """What organizers tell about their petition, or somebody else did (news)."""

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=UpdateKind, default=UpdateKind.UPDATE
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    url = models.URLField(_("link"), blank=True, max_length=500)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Who reported it.")
    )
    language = models.CharField(_("language"), max_length=7, choices=settings.LANGUAGES)
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
    mail_due_at = models.DateTimeField(null=True, editable=False)
    mail_queued_at = models.DateTimeField(null=True, editable=False)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-posted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="update_kind_is_known", condition=Q(kind__in=UpdateKind.values)
            ),
            models.CheckConstraint(
                name="update_mail_queued_only_when_due",
                condition=Q(mail_queued_at__isnull=True) | Q(mail_due_at__isnull=False),
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
    def mails_sent(self) -> int:
        return UpdateMail.objects.filter(update=self).sent().count()

    @property
    def mails_waiting(self) -> int:
        return UpdateMail.objects.filter(update=self).waiting().count()

    @property
    def mails_dead(self) -> int:
        return UpdateMail.objects.filter(update=self).dead().count()

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

    def queue_mails(self, *, batch: int = 1000) -> int:
        """Write down a mail for each who wants updates and had signed by then.

        Can be stopped anywhere and begun again: nobody is written down twice.
        """
        queued = 0
        while just_now := self._queue_some(batch):
            queued += just_now
        Update.objects.filter(pk=self.pk).update(mail_queued_at=timezone.now())
        return queued

    def _queue_some(self, most: int) -> int:
        """The signers stay locked meanwhile, so that none is withdrawn under a mail."""
        with transaction.atomic():
            signers = self._signers_without_mail().select_for_update(no_key=True)
            mails = [UpdateMail(update=self, signature_id=pk) for pk in signers[:most]]
            UpdateMail.objects.bulk_create(mails, ignore_conflicts=True)
        return len(mails)

    def _signers_without_mail(self) -> models.QuerySet[Signature, int]:
        mailed = UpdateMail.objects.filter(update=self, signature=OuterRef("pk"))
        signers = Signature.objects.wanting_updates().for_petition(self.petition)
        return (
            signers.filter(~Exists(mailed), confirmed_at__lte=self.posted_at)
            .order_by("pk")
            .values_list("pk", flat=True)
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
