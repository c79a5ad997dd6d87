"""Reasons that everybody can read, for the admin of those who run the petition."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from signatures.models.signatures import Signature


class ShownReason(Signature):
    """A signature of which no more is known than its petition's page shows."""

    class Meta:
        proxy = True
        verbose_name = _("shown reason")
        verbose_name_plural = _("shown reasons")
