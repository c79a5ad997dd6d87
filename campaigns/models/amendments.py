from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.mailings import Mailing
from petitions.models import PetitionVersion
from signatures.models import Signature
from signatures.outbox import OutboxMail, OutboxQuerySet


class Amendment(Mailing):
    """That the words have changed so much that their signers are to hear of it.

    It goes to all who signed an earlier version online, whether or not they want
    updates: what they agreed to is not what stands there now.
    """

    version = models.OneToOneField(
        PetitionVersion, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Mailing.Meta):
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        constraints = Mailing.Meta.constraints

    def __str__(self) -> str:
        return f"Amendment {self.pk}"

    @property
    def mails(self) -> OutboxQuerySet[AmendmentMail]:
        return AmendmentMail.objects.filter(amendment=self)

    def mail_to(self, signer: int) -> AmendmentMail:
        return AmendmentMail(amendment=self, signature_id=signer)


class AmendmentMail(OutboxMail):
    """Word that the text has changed, and how to take one's name off, to one signer."""

    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="+")

    objects = OutboxQuerySet["AmendmentMail"].as_manager()

    class Meta(OutboxMail.Meta):
        verbose_name = _("mail about an amendment")
        verbose_name_plural = _("mails about amendments")
        constraints = [
            *OutboxMail.Meta.constraints,
            models.UniqueConstraint(
                name="amendment_mailed_once_to_each_signer",
                fields=["amendment", "signature"],
            ),
        ]
