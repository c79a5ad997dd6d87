from petitions.models.accounts import Account, Role
from petitions.models.organizers import Organizer, OrganizerKind, PetitionOrganizer
from petitions.models.pauses import SigningPause
from petitions.models.petitions import Petition
from petitions.models.states import Outcome, PetitionState, RejectionCode, WrongState
from petitions.models.targets import PetitionTarget, Target, Topic
from petitions.models.texts import PetitionTranslation, PetitionVersion

__all__ = [
    "Account",
    "Organizer",
    "OrganizerKind",
    "Outcome",
    "Petition",
    "PetitionOrganizer",
    "PetitionState",
    "PetitionTarget",
    "PetitionTranslation",
    "PetitionVersion",
    "RejectionCode",
    "Role",
    "SigningPause",
    "Target",
    "Topic",
    "WrongState",
]
