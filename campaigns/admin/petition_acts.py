"""What is done to a petition from its first draft to its end, as buttons."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from campaigns import corrections, lifecycle
from campaigns.admin.acts import Act, ReasonForm, SureForm
from campaigns.admin.endings import (
    ClosingForm,
    OutcomeCorrectionForm,
    OutcomeForm,
    VictoryCorrectionForm,
    VictoryForm,
)
from campaigns.models import Amendment
from petitions.models import Petition, PetitionState


def _is_in(*states: PetitionState) -> Any:
    return lambda petition: petition.state in states


def _is_told(petition: Petition) -> bool:
    """How it ended, in a word and in a sentence."""
    return bool(petition.outcome and petition.words_of_ending)


CORRECT = gettext_lazy("Correct how it ended")
HOW_IT_IS_CORRECTED = gettext_lazy(
    "For a slip of the pen, or for what is known only now. The timeline says that it "
    "was corrected, and why; nobody gets a mail."
)
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
        lambda petition: (
            petition.state == PetitionState.CLOSED and not _is_told(petition)
        ),
        lifecycle.tell_outcome,
        OutcomeForm,
    ),
    "correct-outcome": Act(
        CORRECT,
        HOW_IT_IS_CORRECTED,
        lambda petition: petition.state == PetitionState.CLOSED and _is_told(petition),
        corrections.correct,
        OutcomeCorrectionForm,
    ),
    "correct-victory": Act(
        CORRECT,
        HOW_IT_IS_CORRECTED,
        _is_in(PetitionState.WON),
        corrections.correct,
        VictoryCorrectionForm,
    ),
    "restore": Act(
        gettext_lazy("Restore"),
        gettext_lazy("It becomes again what it was before it was hidden."),
        _is_in(PetitionState.HIDDEN),
        lifecycle.restore,
        ReasonForm,
        moderators_may=True,
    ),
    "review-again": Act(
        gettext_lazy("Back to review"),
        gettext_lazy(
            "It waits for a decision again, as if it had not been rejected. Its "
            "organizers get a mail."
        ),
        _is_in(PetitionState.REJECTED),
        lifecycle.review_again,
        ReasonForm,
        moderators_may=True,
    ),
}
