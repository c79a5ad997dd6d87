from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PetitionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    OPEN = "open", _("Open")
    WON = "won", _("Won")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Rejected")
    HIDDEN = "hidden", _("Hidden")


class RejectionCode(models.TextChoices):
    """Why a petition may not stand here."""

    NOBODY_DECIDES = "nobody_decides", _("Nobody it names can decide it")
    UNCLEAR = "unclear", _("It does not say what should be done")
    ALREADY_HERE = "already_here", _("Another open petition asks the same")
    PERSONAL = "personal", _("It names or endangers a private person")
    HATEFUL = "hateful", _("It insults or threatens people")
    UNLAWFUL = "unlawful", _("It is against the law, or before a court")
    ADVERTISING = "advertising", _("It sells something, or asks for money")
    NOT_SERIOUS = "not_serious", _("It is a joke, or a test")
    OTHER = "other", _("Another reason")


class Outcome(models.TextChoices):
    """How a petition ended."""

    WON = "won", pgettext_lazy("outcome", "Won")
    PARTLY = "partly", pgettext_lazy("outcome", "Won in part")
    LOST = "lost", pgettext_lazy("outcome", "Lost")
    WITHDRAWN = "withdrawn", pgettext_lazy("outcome", "Withdrawn")
    OUT_OF_TIME = "out_of_time", pgettext_lazy("outcome", "Out of time")


UNOPENED = [PetitionState.DRAFT, PetitionState.REVIEW]
WINS = [Outcome.WON, Outcome.PARTLY]
ENDED = [PetitionState.WON, PetitionState.CLOSED]
PUBLIC = [PetitionState.OPEN, *ENDED]
WITHHELD = [PetitionState.REJECTED, PetitionState.HIDDEN]


class WrongState(Exception):
    """The petition is not in a state from which this can be done."""
