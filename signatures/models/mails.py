from collections.abc import Iterable

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signatures.outbox import OutboxMail, OutboxQuerySet


class LimitedMail(OutboxMail):
    """One that anybody may cause at anybody's address: only so many are let through.

    It is counted once, when it is let through, and not again when it is tried again.
    """

    allowed_at = models.DateTimeField(null=True)

    class Meta(OutboxMail.Meta):
        abstract = True


class SignatureMail(LimitedMail):
    """The answer to a signing. Which mail that is, is decided when it is sent."""

    signature = models.ForeignKey(
        "signatures.Signature", on_delete=models.CASCADE, related_name="mails"
    )

    objects = OutboxQuerySet["SignatureMail"].as_manager()

    class Meta(LimitedMail.Meta):
        verbose_name = _("mail to a signer")
        verbose_name_plural = _("mails to signers")


class LinkRequest(LimitedMail):
    """That somebody typed an address to find its signatures again.

    Written for any address alike, so that the answer tells nothing.
    """

    address_key = models.CharField(max_length=32)
    language = models.CharField(max_length=7)

    objects = OutboxQuerySet["LinkRequest"].as_manager()

    class Meta(LimitedMail.Meta):
        verbose_name = _("request for links")
        verbose_name_plural = _("requests for links")


class SuppressionManager(models.Manager["Suppression"]):
    def among(self, address_keys: Iterable[str | None]) -> set[str]:
        """Which of these want no mail."""
        found = self.filter(address_key__in=set(address_keys))
        return set(found.values_list("address_key", flat=True))


class Suppression(models.Model):
    """An address that asked for no mail ever, kept as its key alone."""

    address_key = models.CharField(max_length=32, unique=True)
    asked_at = models.DateTimeField(default=timezone.now)

    objects = SuppressionManager()

    def __str__(self) -> str:
        return f"Suppression {self.pk}"
