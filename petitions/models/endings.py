"""How a petition ended, and what its page says from then on."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

from petitions.models.states import Outcome


class HowItEnded(models.Model):
    outcome_summary = models.CharField(
        _("outcome, in a sentence or two"), max_length=1000, blank=True
    )
    outcome_story = models.TextField(
        _("outcome, in the organizer's own words"), blank=True
    )
    # How it ended; without a link there is no proof of it, and the page says so.
    outcome = models.CharField(
        _("how it ended"),
        max_length=12,
        choices=Outcome,
        blank=True,
        db_default="",
        editable=False,
    )
    outcome_url = models.URLField(
        _("proof of the outcome"),
        max_length=500,
        blank=True,
        db_default="",
        editable=False,
    )
    closing_message = models.TextField(_("thanks after closing"), blank=True)
    next_action_label = models.CharField(
        _("what to do next"), max_length=60, blank=True
    )
    next_action_url = models.URLField(_("where to do it"), blank=True)

    class Meta:
        abstract = True

    @property
    def proof_host(self) -> str:
        """Where the proof stands, to be read before its link is followed."""
        try:
            host = urlsplit(self.outcome_url).hostname
        except ValueError:  # an imported link may be no link at all
            host = None
        return host or self.outcome_url

    @property
    def is_won_in_part(self) -> bool:
        return self.outcome == Outcome.PARTLY

    @property
    def is_without_proof(self) -> bool:
        """Whether it is said to have ended so, and nothing shows that it has.

        That its time was over needs no proof.
        """
        needs_proof = self.outcome not in ("", Outcome.OUT_OF_TIME)
        return needs_proof and not self.outcome_url
