"""The format "undersigned/1": what a file of petitions may hold, checked whole.

Days may be given as months or years ("2012-06") and keep that form.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from django.conf import settings
from django_countries import countries
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from campaigns.models import UpdateKind
from petitions.dates import read_day
from petitions.models import Outcome, PetitionState
from petitions.models.organizers import OrganizerKind
from petitions.models.states import ENDED, UNOPENED, WINS
from petitions.models.texts import FIELDS_OF_WORDS

FORMAT = "undersigned/1"
NEVER_OPENED = [*UNOPENED, PetitionState.REJECTED]


class BadBundle(ValueError):
    """The file cannot be taken. Each problem says which petition, which field, why."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def _is_day(text: str) -> str:
    read_day(text)
    return text


def _is_one_of(allowed: list[str], what: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in allowed:
            msg = f"{value!r} is not {what}"
            raise ValueError(msg)
        return value

    return AfterValidator(check)


def _can_be_stored(text: str) -> str:
    if "\0" in text:
        msg = "holds a NUL character, which no database takes"
        raise ValueError(msg)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        msg = "holds half a character, which no database takes"
        raise ValueError(msg)
    return text


STORABLE = AfterValidator(_can_be_stored)
Text = Annotated[str, STORABLE]
Line = Annotated[str, StringConstraints(max_length=200), STORABLE]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100), STORABLE]
Short = Annotated[str, StringConstraints(max_length=150), STORABLE]
Link = Annotated[
    str, StringConstraints(pattern=r"^(https?://\S+)?$", max_length=500), STORABLE
]
Day = Annotated[str, AfterValidator(_is_day)]
Number = Annotated[int, Field(ge=0, le=2_000_000_000)]
Positive = Annotated[int, Field(ge=1, le=2_000_000_000)]
Language = Annotated[
    str, _is_one_of([code for code, _ in settings.LANGUAGES], "a language of this site")
]
Country = Annotated[
    str, _is_one_of(["", *dict(countries)], "the two-letter code of a country")
]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class WordsPart(Part):
    language: Language
    title: Annotated[str, StringConstraints(min_length=1, max_length=150), STORABLE]
    ask: Annotated[str, StringConstraints(min_length=1, max_length=500), STORABLE]
    story: Text
    demands: list[Annotated[str, StringConstraints(min_length=1), STORABLE]] = []

    def words(self) -> dict[str, Any]:
        return self.model_dump(include=set(FIELDS_OF_WORDS))


class TargetPart(Part):
    name: Short = ""
    office: Short = ""
    organization: Annotated[Short, Field(validate_default=True)] = ""
    delivered_on: Day | None = None

    @field_validator("organization")
    @classmethod
    def is_somebody(cls, organization: str, info: ValidationInfo) -> str:
        if not (organization or info.data.get("name") or info.data.get("office")):
            msg = "a target needs a name, an office or an organization"
            raise ValueError(msg)
        return organization


class OrganizerPart(Part):
    name: Name
    place: Annotated[str, StringConstraints(max_length=100), STORABLE] = ""
    kind: Annotated[str, _is_one_of(OrganizerKind.values, "person or group")] = "person"


class OutcomePart(Part):
    kind: Annotated[
        str, _is_one_of(["", *Outcome.values], "a way in which a petition ends")
    ] = ""
    proof_url: Link = ""
    summary: Annotated[str, StringConstraints(max_length=1000), STORABLE] = ""
    story: Text = ""


class NextActionPart(Part):
    label: Annotated[str, StringConstraints(min_length=1, max_length=60), STORABLE]
    url: Annotated[
        str, StringConstraints(pattern=r"^https?://\S+$", max_length=200), STORABLE
    ]


class ClosingPart(Part):
    message: Text = ""
    next_action: NextActionPart | None = None


class CarriedOverPart(Part):
    count: Number
    source: Annotated[str, StringConstraints(min_length=1, max_length=200), STORABLE]
    as_of: Day | None = None


class MilestonePart(Part):
    threshold: Positive
    reached_on: Day


class UpdatePart(Part):
    kind: Annotated[str, _is_one_of(UpdateKind.values, "a kind of update")] = "update"
    title: Annotated[str, StringConstraints(min_length=1, max_length=200), STORABLE]
    body: Text = ""
    url: Link = ""
    source: Line = ""
    author: Annotated[str, StringConstraints(max_length=100), STORABLE] = ""
    posted_on: Day


class SignaturePart(Part):
    show_name: bool = False
    name: Annotated[
        str, StringConstraints(max_length=100), STORABLE, Field(validate_default=True)
    ] = ""
    place: Annotated[str, StringConstraints(max_length=100), STORABLE] = ""
    country: Country = ""
    reason: Annotated[str, StringConstraints(max_length=500), STORABLE] = ""
    signed_on: Day

    @field_validator("name")
    @classmethod
    def is_there_to_show(cls, name: str, info: ValidationInfo) -> str:
        if info.data.get("show_name") and not name.strip():
            msg = "needed where show_name is true"
            raise ValueError(msg)
        return name


class PetitionPart(WordsPart):
    slug: Annotated[
        str,
        StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", min_length=1, max_length=100),
    ]
    targets: list[TargetPart] = []
    organizers: Annotated[list[OrganizerPart], Field(min_length=1)]
    topics: list[
        Annotated[str, StringConstraints(min_length=1, max_length=60), STORABLE]
    ] = []
    state: Annotated[str, _is_one_of(PetitionState.values, "a state of a petition")]
    opened_on: Day | None = None
    closes_on: Day | None = None
    closed_on: Day | None = None
    goal: Positive | None = None
    sensitive: bool = False
    outcome: Annotated[OutcomePart, Field(validate_default=True)] = OutcomePart()
    closing: ClosingPart = ClosingPart()
    milestones: list[MilestonePart] = []
    updates: list[UpdatePart] = []
    signatures: list[SignaturePart] = []
    carried_over: CarriedOverPart | None = None
    translations: list[WordsPart] = []

    @field_validator("outcome")
    @classmethod
    def is_told_when_won(
        cls, outcome: OutcomePart, info: ValidationInfo
    ) -> OutcomePart:
        state, closed_on = info.data.get("state"), info.data.get("closed_on")
        if state == PetitionState.WON and not outcome.summary:
            msg = "a petition that is won needs a summary of its outcome"
            raise ValueError(msg)
        if state == PetitionState.WON and outcome.kind not in ("", *WINS):
            msg = f"a petition that is won has not ended as {outcome.kind!r}"
            raise ValueError(msg)
        is_over = state in ENDED or (state == PetitionState.HIDDEN and closed_on)
        if outcome.kind and not is_over:
            msg = "a petition that has not ended has no kind of outcome"
            raise ValueError(msg)
        if outcome.proof_url and not (outcome.kind or state == PetitionState.WON):
            msg = "a proof needs the kind of outcome that it proves"
            raise ValueError(msg)
        return outcome

    @property
    def state_when_shown(self) -> str:
        """Its state, or that from which it was hidden, as far as the file tells."""
        if self.state != PetitionState.HIDDEN:
            return self.state
        if not self.closed_on:
            return PetitionState.OPEN
        is_won = self.outcome.summary and self.outcome.kind in ("", *WINS)
        return PetitionState.WON if is_won else PetitionState.CLOSED

    @property
    def kind_of_outcome(self) -> str:
        """What was won without more words was won whole."""
        is_won = self.state_when_shown == PetitionState.WON
        return self.outcome.kind or (Outcome.WON if is_won else "")

    @field_validator("signatures")
    @classmethod
    def have_something_to_sign(
        cls, signatures: list[SignaturePart], info: ValidationInfo
    ) -> list[SignaturePart]:
        if signatures and info.data.get("state") in NEVER_OPENED:
            msg = "a petition that was never open has no signatures"
            raise ValueError(msg)
        return signatures

    @field_validator("carried_over")
    @classmethod
    def holds_the_listed(
        cls, carried_over: CarriedOverPart | None, info: ValidationInfo
    ) -> CarriedOverPart | None:
        listed = len(info.data.get("signatures", []))
        if carried_over and carried_over.count < listed:
            msg = f"count {carried_over.count} is less than {listed} listed signatures"
            raise ValueError(msg)
        return carried_over

    @field_validator("milestones")
    @classmethod
    def come_once(cls, milestones: list[MilestonePart]) -> list[MilestonePart]:
        _refuse_doubles([str(milestone.threshold) for milestone in milestones])
        return milestones

    @field_validator("organizers")
    @classmethod
    def stand_once(cls, organizers: list[OrganizerPart]) -> list[OrganizerPart]:
        _refuse_doubles([organizer.name for organizer in organizers])
        return organizers

    @field_validator("targets")
    @classmethod
    def are_asked_once(cls, targets: list[TargetPart]) -> list[TargetPart]:
        _refuse_doubles(
            [f"{one.name}/{one.office}/{one.organization}" for one in targets]
        )
        return targets

    @field_validator("translations")
    @classmethod
    def are_other_languages(
        cls, translations: list[WordsPart], info: ValidationInfo
    ) -> list[WordsPart]:
        own = info.data.get("language", "")
        _refuse_doubles([own, *(words.language for words in translations)])
        return translations


class Bundle(Part):
    format: Literal["undersigned/1"]
    petitions: list[PetitionPart]

    @field_validator("petitions")
    @classmethod
    def have_their_own_addresses(
        cls, petitions: list[PetitionPart]
    ) -> list[PetitionPart]:
        _refuse_doubles([petition.slug for petition in petitions])
        return petitions


def parse(text: str | bytes) -> Bundle:
    """The bundle in a file's text. Raises BadBundle with every problem found."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadBundle([f"This is not JSON: {error}"]) from error
    try:
        return Bundle.model_validate(content)
    except ValidationError as error:
        problems = [
            f"{_where(problem['loc'], content)}: {_why(problem['msg'])}"
            for problem in error.errors()
        ]
        raise BadBundle(problems) from error


def _refuse_doubles(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            msg = f"'{name}' stands there more than once"
            raise ValueError(msg)


def _where(path: tuple[int | str, ...], content: object) -> str:
    """petition "keep-the-library", updates[3].posted_on"""
    match path:
        case ("petitions", int(number), *rest):
            petition = content["petitions"][number]  # type: ignore[index]  # its path
            slug = petition.get("slug") if isinstance(petition, dict) else None
            name = f'petition "{slug}"' if slug else f"petition number {number + 1}"
            return f"{name}, {_field(rest)}" if rest else name
    return _field(list(path)) or "the file"


def _field(path: list[int | str]) -> str:
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(steps).removeprefix(".")


def _why(message: str) -> str:
    message = message.removeprefix("Value error, ")
    if message == "Extra inputs are not permitted":
        return "this key is unknown"
    if message == "Field required":
        return "this is required"
    return message
