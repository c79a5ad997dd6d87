"""One line of everything that happened to a petition, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from campaigns.exclusions import removals
from campaigns.models import Milestone, Update
from signatures.models import ExclusionCount

if TYPE_CHECKING:
    from petitions.models import Petition


@dataclass(frozen=True)
class TimelineItem:
    """`kind` is update, milestone, opened, delivered, removed, closed or won."""

    kind: str
    at: datetime
    as_written: str = ""
    update: Update | None = None
    threshold: int | None = None
    removed: int | None = None  # how many signatures staff took off the count
    targets: str = ""  # to whom it was delivered that day


# Of what happened at the same moment, this stands higher up.
RANKS = ["won", "closed", "delivered", "update", "removed", "milestone", "opened"]


def timeline(
    petition: Petition,
    *,
    updates: Iterable[Update] | None = None,
    milestones: Iterable[Milestone] | None = None,
    exclusions: Iterable[ExclusionCount] | None = None,
    most: int | None = None,
) -> list[TimelineItem]:
    """All of it, or the newest items, in three queries and the petition's deliveries.

    None but for a caller who has asked for updates and the others already.
    """
    if updates is None:
        updates = _updates(petition, most)
    if milestones is None:
        milestones = Milestone.objects.filter(petition=petition)
    milestones = [one for one in milestones if petition.tells(one.threshold)]
    if exclusions is None:
        counts = ExclusionCount.objects.shown_to_all().filter(petition=petition)
        exclusions = counts.select_related("exclusion")
    items = [
        *(
            TimelineItem("update", update.posted_at, update.posted_as_written, update)
            for update in updates
        ),
        *(
            TimelineItem(
                "milestone",
                milestone.reached_at,
                milestone.reached_as_written,
                threshold=milestone.threshold,
            )
            for milestone in milestones
        ),
        *(
            TimelineItem("removed", removal.at, removed=removal.number)
            for removal in removals(exclusions)
        ),
        *_own_items(petition),
    ]
    items.sort(key=_order, reverse=True)
    return items[:most]


def _updates(petition: Petition, most: int | None) -> list[Update]:
    """Each knows its petition, so that its address asks for nothing."""
    updates = Update.objects.for_petition(petition).select_related("organizer")[:most]
    for update in updates:
        update.petition = petition
    return list(updates)


def _own_items(petition: Petition) -> list[TimelineItem]:
    """What the petition itself remembers."""
    delivered: dict[tuple[datetime, str], list[str]] = {}
    for delivery in petition.delivery_list:
        if delivery.delivered_at:
            day = delivery.delivered_at, delivery.delivered_as_written
            delivered.setdefault(day, []).append(str(delivery.target))
    items = [
        TimelineItem("delivered", *day, targets="; ".join(targets))
        for day, targets in delivered.items()
    ]
    if petition.opened_at:
        items.append(
            TimelineItem("opened", petition.opened_at, petition.opened_as_written)
        )
    if petition.won_at:
        items.append(TimelineItem("won", petition.won_at, petition.won_as_written))
    elif petition.closed_at:
        items.append(
            TimelineItem("closed", petition.closed_at, petition.closed_as_written)
        )
    return items


def _order(item: TimelineItem) -> tuple[datetime, int, int]:
    number = item.update.pk if item.update else item.threshold or 0
    return item.at, -RANKS.index(item.kind), number
