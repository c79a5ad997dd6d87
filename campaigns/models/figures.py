"""Figures that the tally keeps, so that no page ever counts rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from petitions.goals import thresholds_between
from petitions.models import Petition
from petitions.sharing import LONGEST_CHANNEL

AT_ONCE = 1000  # rows in a statement: databases take so many parameters and no more


def as_values(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, list[Any]]]:
    """Many rows for few statements: SQL's VALUES and its parameters, in batches."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        places = f"({', '.join(['%s'] * len(some[0]))})"
        parameters = [value for row in some for value in row]
        yield f"VALUES {', '.join([places] * len(some))}", parameters


class MilestoneManager(models.Manager["Milestone"]):
    def follow(self, moves: Mapping[int, tuple[int, int]]) -> None:
        """Record what counts have just passed, or take back what they fell below.

        `moves` holds the count before and after, for each petition's number.
        """
        self.bulk_create(
            [
                Milestone(petition_id=petition, threshold=number)
                for petition, (before, after) in moves.items()
                for number in thresholds_between(before, after)
            ],
            ignore_conflicts=True,
        )
        for petition, (before, after) in moves.items():
            if after < before:
                self.filter(petition_id=petition, threshold__gt=after).delete()


class Milestone(models.Model):
    """That a petition has reached a round number, and when. Once each."""

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    threshold = models.PositiveIntegerField()
    reached_at = models.DateTimeField(default=timezone.now)
    reached_as_written = models.CharField(max_length=7, blank=True)

    objects = MilestoneManager()

    class Meta:
        ordering = ["-threshold"]
        constraints = [
            models.UniqueConstraint(
                name="milestone_reached_once", fields=["petition", "threshold"]
            ),
            models.CheckConstraint(
                name="milestone_threshold_is_positive", condition=Q(threshold__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.threshold} on petition {self.petition_id}"


FigureType = TypeVar("FigureType", bound="Figure")


class FigureManager(models.Manager[FigureType]):
    """Numbers kept for each petition and each day, country or channel."""

    @property
    def _per(self) -> str:
        return self.model.PER

    def add(self, totals: Mapping[tuple[int, Any], int]) -> None:
        """Add to figures of (petition, day, country or channel), or begin them."""
        table = self.model._meta.db_table
        per = self.model._meta.get_field(self._per)
        assert isinstance(per, models.Field)
        rows = [
            (petition, per.get_db_prep_save(where, connection), total)
            for (petition, where), total in sorted(totals.items())
        ]
        with connection.cursor() as cursor:
            for values, parameters in as_values(rows):
                cursor.execute(
                    f"INSERT INTO {table} (petition_id, {self._per}, count) "
                    f"{values} ON CONFLICT (petition_id, {self._per}) "
                    f"DO UPDATE SET count = {table}.count + excluded.count",
                    parameters,
                )

    def mend(self, petition: Petition, expected: Mapping[Any, int]) -> bool:
        """Make one petition's figures what they should be; False if they were."""
        figures = self.filter(petition=petition)
        expected = {where: number for where, number in expected.items() if number}
        if dict(figures.exclude(count=0).values_list(self._per, "count")) == expected:
            return False
        figures.delete()
        self.bulk_create(
            self.model(petition=petition, count=number, **{self._per: where})
            for where, number in expected.items()
        )
        return True


class Figure(models.Model):
    PER: ClassVar[str]

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    count = models.IntegerField(default=0)

    class Meta:
        abstract = True


class DailyCount(Figure):
    """How many of a petition's counted signatures were confirmed on a day."""

    PER = "day"

    day = models.DateField()

    objects = FigureManager["DailyCount"]()

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(
                name="daily_count_once_a_day", fields=["petition", "day"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} on {self.day} for petition {self.petition_id}"


class PlaceCount(Figure):
    """How many of a petition's counted signatures come from a country ("" unknown)."""

    PER = "country"

    country = models.CharField(max_length=2, blank=True)

    objects = FigureManager["PlaceCount"]()

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(
                name="place_count_once_a_country", fields=["petition", "country"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} from {self.country} for petition {self.petition_id}"


class HourlyCount(Figure):
    """By how many a petition's count moved in an hour, up and down, when it did.

    `hour_at` is its beginning. In sum over all hours it is the count of what was signed
    here; a signature that is taken back lowers the hour in which that was.
    """

    PER = "hour_at"

    hour_at = models.DateTimeField()

    objects = FigureManager["HourlyCount"]()

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(
                name="hourly_count_once_an_hour", fields=["petition", "hour_at"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} at {self.hour_at} for petition {self.petition_id}"


class TownCount(Figure):
    """How many counted signers wrote the same place. Fewer than five are not kept.

    A worker gathers them anew now and then, in the commonest spelling of each. None of
    a sensitive petition.
    """

    PER = "place"
    FEWEST_KEPT = 5

    place = models.CharField(max_length=100)

    objects = FigureManager["TownCount"]()

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(
                name="town_count_once_a_place", fields=["petition", "place"]
            ),
            models.CheckConstraint(
                name="town_count_is_not_of_few", condition=Q(count__gte=5)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} from a place for petition {self.petition_id}"


class GatheringManager(models.Manager["Gathering"]):
    def claim(self, petition: Petition, *, not_since: datetime) -> bool:
        """Begin to gather; False if that has been done since, or by another now."""
        never = datetime.fromtimestamp(0, UTC)
        first = self.model(petition=petition, gathered_at=never)
        self.bulk_create([first], ignore_conflicts=True)
        old = self.filter(petition=petition, gathered_at__lte=not_since)
        return bool(old.update(gathered_at=timezone.now()))


class Gathering(models.Model):
    """When a worker last gathered the places of a petition's signers."""

    petition = models.OneToOneField(
        Petition, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    gathered_at = models.DateTimeField()

    objects = GatheringManager()

    def __str__(self) -> str:
        return f"Places of petition {self.petition_id}"


class ChannelCount(Figure):
    """How many signers came by a channel, at the time when they confirmed.

    A signature forgets its channel when it counts, so that withdrawing one cannot lower
    this and recounting cannot mend it. Anybody may also write a channel into a link.
    """

    PER = "via"

    via = models.CharField(max_length=LONGEST_CHANNEL)

    objects = FigureManager["ChannelCount"]()

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(
                name="channel_count_once_a_channel", fields=["petition", "via"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} by {self.via} for petition {self.petition_id}"
