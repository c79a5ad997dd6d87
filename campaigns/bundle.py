"""Petitions out to a file and in from one, in the format of `bundle_format`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns import bundle_format as parts
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


def export_bundle(
    petitions: Iterable[Petition], *, progress: Progress = lambda done, of: None
) -> dict[str, object]:
    """What `import_bundle` takes. Of the signatures only what everybody may read."""
    petitions = list(petitions)
    exported = []
    for done, petition in enumerate(petitions, 1):
        exported.append(_take_out(petition))
        progress(done, len(petitions))
    return {"format": parts.FORMAT, "petitions": exported}


# In


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
            name=name, slug=_free_slug(Topic, name)
        )
        petition.topics.add(topic)


def _organizer(part: parts.OrganizerPart) -> Organizer:
    """The one of that name, kind and place, who may be here already."""
    who = {"name": part.name, "kind": part.kind, "place": part.place}
    found = Organizer.objects.filter(**who).first()
    return found or Organizer.objects.create(
        **who, slug=_free_slug(Organizer, part.name)
    )


def _target(part: parts.TargetPart) -> Target:
    who = {
        "name": part.name,
        "office": part.office,
        "organization": part.organization,
    }
    name = part.name or part.office or part.organization
    found = Target.objects.filter(**who).first()
    return found or Target.objects.create(**who, slug=_free_slug(Target, name))


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


def _free_slug(model: type[models.Model], name: str) -> str:
    slugs = model._default_manager
    slug = wanted = slugify(name)[:50] or model._meta.model_name or "x"
    number = 1
    while slugs.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _moment(written: str | None) -> datetime | None:
    return dates.read_moment(written) if written else None


def _partial(written: str | None) -> str:
    """What was written, if that is less than a day; else the moment says it all."""
    return written if written and dates.is_partial(written) else ""


# Out


def _take_out(petition: Petition) -> dict[str, object]:
    updates = Update.objects.for_petition(petition).order_by("-posted_at", "-pk")
    milestones = Milestone.objects.filter(petition=petition).order_by("threshold")
    seen = Signature.objects.seen_in_public().for_petition(petition).newest_first()
    signatures = [_signature_part(one, petition) for one in seen.iterator()]
    return {
        "slug": petition.slug,
        "language": petition.language,
        **petition.words(),
        "targets": [_target_part(delivery) for delivery in petition.delivery_list],
        "organizers": [
            {"name": one.name, "place": one.place, "kind": one.kind}
            for one in petition.organizer_list
        ],
        "topics": [topic.name for topic in petition.topic_list],
        "state": petition.state,
        "opened_on": _day(petition.opened_at, petition.opened_as_written),
        "closes_on": _day(petition.closes_at),
        "closed_on": _day(petition.closed_at, petition.closed_as_written),
        "goal": petition.goal,
        "sensitive": petition.sensitive,
        "outcome": _outcome_part(petition),
        "closing": _closing_part(petition),
        "carried_over": _carried_over_part(petition, listed=len(signatures)),
        "milestones": [
            {
                "threshold": one.threshold,
                "reached_on": _day(one.reached_at, one.reached_as_written),
            }
            for one in milestones
        ],
        "updates": [_update_part(update) for update in updates],
        "signatures": signatures,
        "translations": [
            {"language": words.language, **words.words()}
            for words in petition.translations.all()
        ],
    }


def _target_part(delivery: PetitionTarget) -> dict[str, object]:
    return {
        "name": delivery.target.name,
        "office": delivery.target.office,
        "organization": delivery.target.organization,
        "delivered_on": _day(delivery.delivered_at, delivery.delivered_as_written),
    }


def _outcome_part(petition: Petition) -> dict[str, object]:
    """How it ended is told only where that is known."""
    known = {"kind": petition.outcome, "proof_url": petition.outcome_url}
    return {
        **{name: value for name, value in known.items() if value},
        "summary": petition.outcome_summary,
        "story": petition.outcome_story,
    }


def _closing_part(petition: Petition) -> dict[str, object]:
    label, url = petition.next_action_label, petition.next_action_url
    return {
        "message": petition.closing_message,
        "next_action": {"label": label, "url": url} if label else None,
    }


def _carried_over_part(petition: Petition, *, listed: int) -> dict[str, object] | None:
    """The whole count: what was signed here is carried over to where the file goes.

    The tally may be a moment behind the listed signatures.
    """
    count = max(petition.signature_count, listed)
    if not count:
        return None
    source, as_of = petition.carried_over_source, petition.carried_over_as_of
    if count > petition.carried_over_count:
        source = ", ".join(filter(None, [source, settings.SITE_NAME]))[:200]
        as_of = timezone.localdate().isoformat()
    return {
        "count": count,
        "source": source,
        "as_of": as_of or None,
    }


def _update_part(update: Update) -> dict[str, object]:
    return {
        "kind": update.kind,
        "title": update.title,
        "body": update.body,
        "url": update.url,
        "source": update.source,
        "author": update.author,
        "posted_on": _day(update.posted_at, update.posted_as_written),
    }


def _signature_part(signature: Signature, petition: Petition) -> dict[str, object]:
    """What the page shows of a signature, and nothing else."""
    signature.petition = petition
    shows_place = signature.show_name and not petition.sensitive
    return {
        "show_name": signature.show_name,
        "name": signature.public_name,
        "place": signature.public_place,
        "country": signature.country if shows_place else "",
        "reason": signature.public_reason,
        "signed_on": _day(signature.confirmed_at, signature.signed_as_written),
    }


def _day(moment: datetime | None, as_written: str = "") -> str | None:
    return dates.write_day(moment, as_written) if moment else None
