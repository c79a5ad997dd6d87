from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.mailings import (
    Mailing,
    MailingMail,
    MailingMailQuerySet,
    MailingQuerySet,
)
from petitions.models import Petition, PetitionVersion, WrongState
from signatures.models import Signature


class AmendmentQuerySet(MailingQuerySet["Amendment"]):
    def for_petition(self, petition: Petition) -> AmendmentQuerySet:
        return self.filter(petition=petition)

    def by_version(self) -> dict[int, datetime | None]:
        """When the signers were told of each, by its number in the database."""
        return dict(self.values_list("version", "mail_due_at"))

    def is_wanting(self, petition: Petition) -> bool:
        """Whether it has new words of which its signers have not been told."""
        told = self.filter(version=OuterRef("pk"))
        newest = PetitionVersion.objects.filter(pk=petition.current_version_id or 0)
        return newest.filter(~Exists(told), number__gt=1).exists()

    def begin(self, petition: Petition) -> Amendment:
        """Let the signers of earlier words be told of those that stand there now.

        Raises WrongState if they are told already, or if there are no earlier words.
        """
        version = petition.current_version
        if version is None or version.number == 1 or not petition.is_public:
            raise WrongState
        amendment, is_new = self.get_or_create(
            version=version,
            defaults={"petition": petition, "mail_due_at": timezone.now()},
        )
        if not is_new:
            raise WrongState
        return amendment


class Amendment(Mailing):
    """That the words have changed so much that their signers are to hear of it.

    It goes to all who signed an earlier version online, whether or not they want
    updates: what they agreed to is not what stands there now.
    """

    version = models.OneToOneField(
        PetitionVersion, on_delete=models.PROTECT, related_name="+"
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta(Mailing.Meta):
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        constraints = Mailing.Meta.constraints

    def __str__(self) -> str:
        return f"Amendment {self.pk}"

    @property
    def mails(self) -> MailingMailQuerySet[AmendmentMail]:
        return AmendmentMail.objects.filter(amendment=self)

    def receivers(self) -> models.QuerySet[Signature]:
        version = self.version
        earlier = PetitionVersion.objects.filter(
            petition=version.petition_id, number__lt=version.number
        )
        signers = Signature.objects.signed_online().for_petition(self.petition)
        return signers.filter(version__in=earlier).unsuppressed()

    def mail_to(self, signer: int) -> AmendmentMail:
        return AmendmentMail(amendment=self, signature_id=signer)


class AmendmentMail(MailingMail):
    """Word that the text has changed, and how to take one's name off, to one signer."""

    about = "amendment"

    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="+")

    objects = MailingMailQuerySet["AmendmentMail"].as_manager()

    class Meta(MailingMail.Meta):
        verbose_name = _("mail about an amendment")
        verbose_name_plural = _("mails about amendments")
        constraints = [
            *MailingMail.Meta.constraints,
            models.UniqueConstraint(
                name="amendment_mailed_once_to_each_signer",
                fields=["amendment", "signature"],
            ),
        ]
