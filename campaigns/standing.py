"""How a petition stands, for those who run it.

All that its own page in the admin shows, in one statement: made of what the tally, the
mail and the worker keep. No signature is read and no mail is counted, so the page is as
fast with a million signatures as with one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from campaigns.cells import FEWEST_SHOWN, Cells, cells
from campaigns.first_hours import FIRST_HOURS, FirstHours, first_hours
from campaigns.growth import Chart, chart_of
from campaigns.models import (
    Amendment,
    ChannelCount,
    DailyCount,
    Ending,
    HourlyCount,
    Mailing,
    Milestone,
    PlaceCount,
    Promise,
    TownCount,
    Update,
)
from campaigns.next_steps import Facts, with_facts
from campaigns.rows import Rows
from campaigns.timeline import TimelineItem, timeline
from petitions.goals import FEWEST_TOLD
from petitions.models import Petition, PetitionTarget, SigningPause
from petitions.sharing import Channel
from signatures.countries import country_name
from signatures.models import AskedCount, ExclusionCount

DAY = timedelta(hours=24)
ITEMS = 10  # on the timeline
OF_IT = {"petition": OuterRef("pk")}
BEFORE_ALL = datetime(1900, 1, 1, tzinfo=UTC)
COUNTS = ["signature_count", "paper_count"]


@dataclass(frozen=True)
class Standing:
    petition: Petition
    facts: Facts
    rows: dict[str, list[Any]]

    @classmethod
    def of(cls, petition: Petition) -> Standing:
        """Its counts are asked anew, for all numbers to be of the same moment."""
        rows = _rows(petition)
        texts = {f"{name}_rows": some for name, some in rows.items()}
        asked = with_facts(Petition.objects.filter(pk=petition.pk)).annotate(**texts)
        found = asked.values(*texts, *COUNTS, *Facts.__annotations__).get()
        standing = cls(
            petition,
            Facts(**{name: found[name] for name in Facts.__annotations__}),
            {name: rows[name].as_models(found[f"{name}_rows"]) for name in rows},
        )
        vars(petition).update({name: found[name] for name in COUNTS})
        vars(petition)["delivery_list"] = standing.rows["deliveries"]
        return standing

    # Numbers

    @cached_property
    def days(self) -> dict[date, int]:
        return {one.day: one.count for one in self.rows["days"]}

    @cached_property
    def hours(self) -> dict[datetime, int]:
        return {one.hour_at: one.count for one in self.rows["hours"]}

    @property
    def last_day(self) -> int:
        """By how many the count moved in the last 24 hours, the running one among them.

        What was taken back counts too: it may be below nothing.
        """
        since = _hour_of(timezone.now()) - DAY
        return sum(count for hour, count in self.hours.items() if hour > since)

    @property
    def asked(self) -> int:
        """How many were mailed a link to confirm."""
        return sum(one.count for one in self.rows["asked"])

    @property
    def asked_since(self) -> date | None:
        """The first day of which that is known, if anybody signed online before."""
        first = min((one.day for one in self.rows["asked"]), default=None)
        if first is None:
            return None
        before = sum(count for day, count in self.days.items() if day < first)
        return first if before > self.petition.paper_count else None

    @property
    def unconfirmed(self) -> int:
        return max(self.asked - self._confirmed_of_asked, 0)

    @property
    def confirmation_rate(self) -> int | None:
        """Of a hundred who were asked, how many count; None before the first.

        Who was asked before that was written down may count too: never above hundred.
        """
        if not self.asked:
            return None
        return min(100 * self._confirmed_of_asked // self.asked, 100)

    @property
    def _confirmed_of_asked(self) -> int:
        """Those of the days since anybody was asked, less what came on paper."""
        since = self.asked_since
        of_days = [
            count for day, count in self.days.items() if not since or day >= since
        ]
        return max(sum(of_days) - self.petition.paper_count, 0)

    # Charts

    @property
    def chart(self) -> Chart | None:
        """Day by day; also of a sensitive petition, which has none in public."""
        until = timezone.localdate(self.petition.closed_at)
        return chart_of(self.days, until=until)

    @property
    def first_hours(self) -> FirstHours | None:
        """On a sensitive petition no more than the day is anybody's business."""
        if self.petition.sensitive:
            return None
        return first_hours(self.petition, self.hours)

    # Where they come from

    @property
    def fewest_shown(self) -> int:
        return FEWEST_TOLD if self.petition.sensitive else FEWEST_SHOWN

    @property
    def by_country(self) -> Cells:
        counts = {one.country: one.count for one in self.rows["countries"]}
        unknown = counts.pop("", 0)
        named = {country_name(code): count for code, count in counts.items()}
        total = unknown + sum(named.values())
        return cells(named, total=total, fewest=self.fewest_shown)

    @property
    def by_place(self) -> Cells:
        """As they were gathered last: the count may have grown since."""
        if self.petition.sensitive:
            return Cells([], 0)
        towns = {one.place: one.count for one in self.rows["towns"]}
        return cells(towns, total=sum(self.days.values()))

    @property
    def by_channel(self) -> Cells:
        channels = self.rows["channels"]
        return cells({str(Channel(one.via).label): one.count for one in channels})

    # What happened

    @property
    def pause(self) -> SigningPause | None:
        return next(iter(self.rows["pauses"]), None)

    @property
    def mailings(self) -> Sequence[Mailing]:
        """Those by mail, the newest first."""
        all_of_them = [
            *self.rows["endings"],
            *self.rows["amendments"],
            *self.rows["updates"],
        ]
        by_mail = [one for one in all_of_them if one.mail_due_at]
        return sorted(by_mail, key=lambda one: one.mail_due_at, reverse=True)

    @property
    def timeline(self) -> list[TimelineItem]:
        for update in self.rows["updates"]:
            update.petition = self.petition
        return timeline(
            self.petition,
            updates=self.rows["updates"],
            milestones=self.rows["milestones"],
            exclusions=self.rows["removals"],
            most=ITEMS,
        )


def _rows(petition: Petition) -> dict[str, Rows]:
    return {
        "days": Rows(DailyCount.objects.filter(**OF_IT), ["day", "count"]),
        "hours": Rows(_hours(petition), ["hour_at", "count"]),
        "asked": Rows(AskedCount.objects.filter(**OF_IT), ["day", "count"]),
        "countries": Rows(PlaceCount.objects.filter(**OF_IT), ["country", "count"]),
        "towns": Rows(TownCount.objects.filter(**OF_IT), ["place", "count"]),
        "channels": Rows(ChannelCount.objects.filter(**OF_IT), ["via", "count"]),
        "deliveries": Rows(
            PetitionTarget.objects.filter(**OF_IT),
            joined="target",
            joined_fields=["name", "office", "organization"],
        ),
        "updates": Rows(Update.objects.filter(**OF_IT)[:ITEMS], joined="organizer"),
        "endings": Rows(Ending.objects.filter(**OF_IT)),
        "amendments": Rows(Amendment.objects.filter(**OF_IT).order_by("-pk")[:ITEMS]),
        "milestones": Rows(Milestone.objects.filter(**OF_IT)),
        "removals": Rows(
            ExclusionCount.objects.shown_to_all().filter(**OF_IT),
            ["counted"],
            joined="exclusion",
            joined_fields=["made_at"],
        ),
        "pauses": Rows(SigningPause.objects.meeting(OuterRef("pk"))[:1]),
        "promises": Rows(Promise.objects.filter(**OF_IT), ["text", "due_on", "answer"]),
    }


def _hours(petition: Petition) -> QuerySet[HourlyCount]:
    """The first two days, and the last one; not those of the years between."""
    first = _hour_of(petition.opened_at or BEFORE_ALL)
    return HourlyCount.objects.filter(
        Q(hour_at__gte=first, hour_at__lt=first + FIRST_HOURS)
        | Q(hour_at__gte=_hour_of(timezone.now()) - DAY),
        **OF_IT,
    )


def _hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
