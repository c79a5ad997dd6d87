"""What is done to a petition from its first draft to its end, as buttons."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from campaigns import lifecycle
from campaigns.admin.acts import Act, ReasonForm, SureForm
from campaigns.admin.endings import ClosingForm, OutcomeForm, VictoryForm
from campaigns.models import Amendment
from petitions.models import PetitionState


def _is_in(*states: PetitionState) -> Any:
    return lambda petition: petition.state in states


ACTS_OF_LIFE = {
    "submit": Act(
        gettext_lazy("Send for review"),
        gettext_lazy("Staff read it and open it."),
        _is_in(PetitionState.DRAFT),
        lifecycle.submit,
        SureForm,
        organizers_may=True,
    ),
    "take-back": Act(
        gettext_lazy("Take back from review"),
        gettext_lazy("You can edit it again, and send it again."),
        _is_in(PetitionState.REVIEW),
        lifecycle.take_back,
        SureForm,
        organizers_may=True,
    ),
    "tell-signers": Act(
        gettext_lazy("Tell signers of the new words"),
        gettext_lazy(
            "All who signed an earlier version online get one mail: why it was "
            "changed, what was changed, and how they take their name off."
        ),
        lambda petition: petition.is_public and Amendment.objects.is_wanting(petition),
        lifecycle.tell_signers,
        SureForm,
    ),
    "close": Act(
        gettext_lazy("Close"),
        gettext_lazy("Signing stops at once; everything else stays."),
        _is_in(PetitionState.OPEN),
        lifecycle.close,
        ClosingForm,
    ),
    "win": Act(
        gettext_lazy("Declare victory"),
        gettext_lazy("Nobody can sign any more; the page tells how it was won."),
        _is_in(PetitionState.OPEN, PetitionState.CLOSED),
        lifecycle.declare_victory,
        VictoryForm,
    ),
    "outcome": Act(
        gettext_lazy("Say how it ended"),
        gettext_lazy("It stays closed; its page tells what has come of it since."),
        _is_in(PetitionState.CLOSED),
        lifecycle.tell_outcome,
        OutcomeForm,
    ),
    "restore": Act(
        gettext_lazy("Restore"),
        gettext_lazy("It becomes again what it was before it was hidden."),
        _is_in(PetitionState.HIDDEN),
        lifecycle.restore,
        ReasonForm,
        moderators_may=True,
    ),
}
