"""Petitions in from a file, in the format of `bundle_format`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import bundle_format as parts
from campaigns.joining import free_slug
from campaigns.models import Event, EventKind, Milestone, Update
from petitions import dates
from petitions.models import (
    Organizer,
    Petition,
    PetitionOrganizer,
    PetitionState,
    PetitionTarget,
    PetitionTranslation,
    PetitionVersion,
    Target,
    Topic,
)
from petitions.models.states import ENDED
from signatures.models import Origin, ReasonState, Signature, SignatureState

Progress = Callable[[int, int], None]


def import_bundle(
    bundle: parts.Bundle, *, progress: Progress = lambda done, of: None
) -> list[Petition]:
    """Bring in the petitions whose address is still free; all of them or none.

    One that is here already is left as it is: people may have signed it since.
    Gives those that are new.
    """
    known = set(Petition.objects.values_list("slug", flat=True))
    new = [part for part in bundle.petitions if part.slug not in known]
    petitions = []
    with transaction.atomic():
        # From last to first: of two with the same day the first listed is newest.
        for done, part in enumerate(reversed(new), 1):
            petitions.append(_bring_in(part))
            progress(done, len(new))
    return petitions[::-1]


def _bring_in(part: parts.PetitionPart) -> Petition:
    carried = part.carried_over or _carried_by(part.signatures)
    count = carried.count if carried else 0
    petition = Petition.objects.create(
        slug=part.slug,
        language=part.language,
        **part.words(),
        goal=part.goal,
        sensitive=part.sensitive,
        closes_at=dates.read_last_moment(part.closes_on) if part.closes_on else None,
        outcome_summary=part.outcome.summary,
        outcome_story=part.outcome.story,
        closing_message=part.closing.message,
        next_action_label=part.closing.next_action.label
        if part.closing.next_action
        else "",
        next_action_url=part.closing.next_action.url
        if part.closing.next_action
        else "",
        carried_over_count=count,
        carried_over_source=carried.source if carried else "",
        carried_over_as_of=(carried.as_of or "") if carried else "",
        signature_count=count,
    )
    _attach_people(petition, part)
    version = _first_version(petition, part)
    _attach_translations(petition, part, version)
    _set_state(petition, part, version)
    _attach_signatures(petition, part, version)
    _attach_history(petition, part)
    Event.objects.record(EventKind.IMPORTED, petition, by=None)
    return petition


def _attach_people(petition: Petition, part: parts.PetitionPart) -> None:
    for position, organizer in enumerate(part.organizers):
        PetitionOrganizer.objects.create(
            petition=petition, organizer=_organizer(organizer), position=position
        )
    for position, target in enumerate(part.targets):
        PetitionTarget.objects.create(
            petition=petition,
            target=_target(target),
            position=position,
            delivered_at=_moment(target.delivered_on),
            delivered_as_written=_partial(target.delivered_on),
        )
    for name in part.topics:
        topic = Topic.objects.filter(name=name).first() or Topic.objects.create(
            name=name, slug=free_slug(Topic, name)
        )
        petition.topics.add(topic)


def _organizer(part: parts.OrganizerPart) -> Organizer:
    """The one of that name, kind and place, who may be here already."""
    who = {"name": part.name, "kind": part.kind, "place": part.place}
    found = Organizer.objects.filter(**who).first()
    return found or Organizer.objects.create(
        **who, slug=free_slug(Organizer, part.name)
    )


def _target(part: parts.TargetPart) -> Target:
    who = {
        "name": part.name,
        "office": part.office,
        "organization": part.organization,
    }
    name = part.name or part.office or part.organization
    found = Target.objects.filter(**who).first()
    return found or Target.objects.create(**who, slug=free_slug(Target, name))


def _first_version(
    petition: Petition, part: parts.PetitionPart
) -> PetitionVersion | None:
    """The words that were signed; a petition that was never open has none yet."""
    if part.state in parts.NEVER_OPENED:
        return None
    return PetitionVersion.objects.create(
        petition=petition,
        number=1,
        made_at=_moment(part.opened_on) or timezone.now(),
        translations={words.language: words.words() for words in part.translations},
        **part.words(),
    )


def _attach_translations(
    petition: Petition, part: parts.PetitionPart, version: PetitionVersion | None
) -> None:
    for words in part.translations:
        PetitionTranslation.objects.create(
            petition=petition,
            language=words.language,
            version=version,
            **words.words(),
        )


def _set_state(
    petition: Petition, part: parts.PetitionPart, version: PetitionVersion | None
) -> None:
    """Put the petition where it was, with its days as they were written."""
    now = timezone.now()
    state: dict[str, object] = {"state": part.state}
    if version:
        state["current_version"] = version
        state["opened_at"] = _moment(part.opened_on) or now
        state["opened_as_written"] = _partial(part.opened_on)
    if part.state_when_shown in ENDED:
        state["closed_at"] = _moment(part.closed_on) or now
        state["closed_as_written"] = _partial(part.closed_on)
        state["outcome"] = part.kind_of_outcome
        state["outcome_url"] = part.outcome.proof_url
    if part.state_when_shown == PetitionState.WON:
        state["won_at"] = state["closed_at"]
    if part.state in (PetitionState.HIDDEN, PetitionState.REJECTED):
        state["withheld_reason"] = _(
            "It came from another site, where it was not shown."
        )
        state["is_rejected_in_public"] = False
    if part.state == PetitionState.HIDDEN:
        state["hidden_from"] = part.state_when_shown
    Petition.objects.filter(pk=petition.pk).update(**state)
    petition.refresh_from_db()


def _attach_signatures(
    petition: Petition, part: parts.PetitionPart, version: PetitionVersion | None
) -> None:
    if version is None:
        return
    Signature.objects.bulk_create(
        (
            Signature(
                petition=petition,
                version=version,
                name=signature.name,
                place=signature.place,
                country=signature.country,
                reason=signature.reason,
                show_name=signature.show_name,
                language=part.language,
                origin=Origin.CARRIED,
                state=SignatureState.CONFIRMED,
                reason_state=ReasonState.SHOWN,
                confirmed_at=dates.read_moment(signature.signed_on),
                signed_as_written=_partial(signature.signed_on),
            )
            for signature in reversed(part.signatures)
        ),
        batch_size=1000,
    )


def _attach_history(petition: Petition, part: parts.PetitionPart) -> None:
    Milestone.objects.bulk_create(
        Milestone(
            petition=petition,
            threshold=milestone.threshold,
            reached_at=dates.read_moment(milestone.reached_on),
            reached_as_written=_partial(milestone.reached_on),
        )
        for milestone in part.milestones
    )
    by_name = {organizer.name: organizer for organizer in petition.organizers.all()}
    for update in reversed(part.updates):
        Update.objects.create(
            petition=petition,
            kind=update.kind,
            title=update.title,
            body=update.body,
            url=update.url,
            source=update.source,
            language=part.language,
            author=update.author,
            organizer=by_name.get(update.author),
            posted_at=dates.read_moment(update.posted_on),
            posted_as_written=_partial(update.posted_on),
        )


def _carried_by(
    signatures: Sequence[parts.SignaturePart],
) -> parts.CarriedOverPart | None:
    """Listed signatures count, even where the file names no number."""
    if not signatures:
        return None
    source = _("a list that came with the petition")
    return parts.CarriedOverPart(count=len(signatures), source=source)


def _moment(written: str | None) -> datetime | None:
    return dates.read_moment(written) if written else None


def _partial(written: str | None) -> str:
    """What was written, if that is less than a day; else the moment says it all."""
    return written if written and dates.is_partial(written) else ""
