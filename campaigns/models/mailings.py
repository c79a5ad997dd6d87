"""What signers are told by mail if they asked: written down in batches, once each."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models import Petition
from signatures.models import Signature
from signatures.outbox import OutboxMail, OutboxQuerySet
from signatures.retention import DONE_MAIL_KEPT

Told = TypeVar("Told", bound="Mailing")


class MailingQuerySet(models.QuerySet[Told]):
    def on_public_petitions(self) -> MailingQuerySet[Told]:
        return self.filter(petition__in=Petition.objects.public())

    def unmailed(self) -> MailingQuerySet[Told]:
        """To be mailed, and not all of their mails are written down yet."""
        return self.filter(mail_due_at__lte=timezone.now(), mail_queued_at__isnull=True)


class Mailing(models.Model):
    """Something about a petition that goes to each signer who asked for updates.

    `mail_due_at` stays empty where it is not to be mailed. Who is confirmed by that
    moment gets it. Each child has an outbox model of its own, with one row a signer.
    """

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    mail_due_at = models.DateTimeField(null=True, editable=False)
    mail_queued_at = models.DateTimeField(null=True, editable=False)
    mail_stopped_at = models.DateTimeField(null=True, editable=False)
    # How far it is, as the worker last saw: so that no page ever counts mails.
    mail_total = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    mail_sent = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    mail_failed = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    mail_done_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_mail_queued_only_when_due",
                condition=Q(mail_queued_at__isnull=True) | Q(mail_due_at__isnull=False),
            )
        ]

    @property
    def mails(self) -> OutboxQuerySet[Any]:
        raise NotImplementedError

    def mail_to(self, signer: int) -> OutboxMail:
        """The mail to the signature of that number, not yet saved."""
        raise NotImplementedError

    @property
    def mails_sent(self) -> int:
        return self.mails.sent().count()

    @property
    def mails_waiting(self) -> int:
        return self.mails.waiting().count()

    @property
    def mails_dead(self) -> int:
        return self.mails.dead().count()

    @property
    def mails_forgotten(self) -> bool:
        """Whether its mails were sent so long ago that they are not kept."""
        kept_since = timezone.now() - DONE_MAIL_KEPT
        was_long_ago = self.mail_queued_at and self.mail_queued_at < kept_since
        return bool(was_long_ago) and not self.mails.exists()

    def queue_mails(self, *, batch: int = 1000) -> int:
        """Write down a mail for each who wants updates and had signed by then.

        Can be stopped anywhere and begun again: nobody is written down twice.
        """
        queued, last = 0, 0
        while signers := self._queue_some(batch, after=last):
            queued += len(signers)
            last = signers[-1]
        type(self)._default_manager.filter(pk=self.pk).update(
            mail_queued_at=timezone.now()
        )
        return queued

    def _queue_some(self, most: int, *, after: int) -> list[int]:
        """The signers stay locked meanwhile, so that none is withdrawn under a mail.

        Onwards only: a mail that was found needless and dropped is not written anew.
        """
        with transaction.atomic():
            waiting = self._signers_without_mail().filter(pk__gt=after)
            signers = list(waiting.select_for_update(no_key=True)[:most])
            mails = [self.mail_to(signer) for signer in signers]
            self.mails.bulk_create(mails, ignore_conflicts=True)
        return signers

    def _signers_without_mail(self) -> models.QuerySet[Signature, int]:
        mailed = self.mails.filter(signature=OuterRef("pk"))
        signers = Signature.objects.wanting_updates().for_petition(self.petition)
        return (
            signers.filter(~Exists(mailed), confirmed_at__lte=self.mail_due_at)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
