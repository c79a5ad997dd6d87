from django.db import models
from django.utils.translation import gettext_lazy as _


class PetitionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    OPEN = "open", _("Open")
    WON = "won", _("Won")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Rejected")
    HIDDEN = "hidden", _("Hidden")


UNOPENED = [PetitionState.DRAFT, PetitionState.REVIEW]
ENDED = [PetitionState.WON, PetitionState.CLOSED]
PUBLIC = [PetitionState.OPEN, *ENDED]
WITHHELD = [PetitionState.REJECTED, PetitionState.HIDDEN]


class WrongState(Exception):
    """The petition is not in a state from which this can be done."""
