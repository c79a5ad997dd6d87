"""Petitions out to a file, in the format of `bundle_format`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from campaigns.bundle_format import FORMAT
from campaigns.models import Milestone, Update
from petitions import dates
from petitions.models import Petition, PetitionState, PetitionTarget
from signatures.models import Signature

Progress = Callable[[int, int], None]


def export_bundle(
    petitions: Iterable[Petition], *, progress: Progress = lambda done, of: None
) -> dict[str, object]:
    """What `import_bundle` takes. Of the signatures only what everybody may read."""
    petitions = list(petitions)
    exported = []
    for done, petition in enumerate(petitions, 1):
        exported.append(_take_out(petition))
        progress(done, len(petitions))
    return {"format": FORMAT, "petitions": exported}


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
        "summary": petition.words_of_ending
        if petition.state == PetitionState.CLOSED
        else petition.outcome_summary,
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
