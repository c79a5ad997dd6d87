import enum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SignatureState(models.TextChoices):
    PENDING = "pending", _("Not confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    EXCLUDED = "excluded", _("Excluded")
    WITHDRAWN = "withdrawn", _("Withdrawn")  # for a day, in which it can be undone


class ReasonState(models.TextChoices):
    HELD = "held", _("Waiting for review")
    SHOWN = "shown", _("Shown")
    HIDDEN = "hidden", pgettext_lazy("reason", "Hidden")


class Origin(models.TextChoices):
    ONLINE = "online", _("Online")
    PAPER = "paper", _("Paper")
    CARRIED = "carried", _("Carried over")


class Confirmation(enum.Enum):
    """What came of pressing the button."""

    COUNTED = enum.auto()
    AGAIN = enum.auto()  # this very signature was confirmed before
    COUNTED_BEFORE = enum.auto()  # this address had confirmed another one
    TOO_LATE = enum.auto()
