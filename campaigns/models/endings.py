from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.mailings import (
    Mailing,
    MailingMail,
    MailingMailQuerySet,
    MailingQuerySet,
)
from petitions.models import Petition
from signatures.models import Signature


class EndingKind(models.TextChoices):
    CLOSED = "closed", _("Closed")
    WON = "won", _("Won")


class EndingQuerySet(MailingQuerySet["Ending"]):
    def record(
        self, kind: EndingKind, petition: Petition, *, with_mail: bool
    ) -> Ending:
        """Write it down in the transaction that ends the petition."""
        mail_due_at = timezone.now() if with_mail else None
        return self.create(kind=kind, petition=petition, mail_due_at=mail_due_at)


class Ending(Mailing):
    """That a petition has closed or won here, to be mailed if whoever did it wished.

    What it says stands on the petition. One that closed may still win: two endings.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=EndingKind)

    objects = EndingQuerySet.as_manager()

    class Meta(Mailing.Meta):
        verbose_name = _("ending")
        verbose_name_plural = _("endings")
        constraints = [
            *Mailing.Meta.constraints,
            models.CheckConstraint(
                name="ending_kind_is_known", condition=Q(kind__in=EndingKind.values)
            ),
            models.UniqueConstraint(
                name="ending_once_of_each_kind", fields=["petition", "kind"]
            ),
        ]

    def __str__(self) -> str:
        return f"Ending {self.pk}: {self.kind}"

    @property
    def mails(self) -> MailingMailQuerySet[EndingMail]:
        return EndingMail.objects.filter(ending=self)

    def mail_to(self, signer: int) -> EndingMail:
        return EndingMail(ending=self, signature_id=signer)


class EndingMail(MailingMail):
    """Word that a petition has ended, to one signer who asked for updates."""

    about = "ending"

    ending = models.ForeignKey(
        Ending, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="+")

    objects = MailingMailQuerySet["EndingMail"].as_manager()

    class Meta(MailingMail.Meta):
        verbose_name = _("mail about an ending")
        verbose_name_plural = _("mails about endings")
        constraints = [
            *MailingMail.Meta.constraints,
            models.UniqueConstraint(
                name="ending_mailed_once_to_each_signer",
                fields=["ending", "signature"],
            ),
        ]
