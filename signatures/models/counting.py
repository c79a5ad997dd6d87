from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from petitions.models import Petition
from petitions.sharing import LONGEST_CHANNEL
from signatures.models.states import Origin

if TYPE_CHECKING:
    from signatures.models.signatures import Signature


class Taken(NamedTuple):
    """What a number of confirmations and withdrawals come to, seen from each side."""

    number: int
    by_petition: Counter[int]
    on_paper: Counter[int]
    by_day: Counter[tuple[int, date]]
    by_hour: Counter[tuple[int, datetime]]
    by_country: Counter[tuple[int, str]]
    by_channel: Counter[tuple[int, str]]

    @classmethod
    def nothing(cls) -> Taken:
        return cls(0, *(Counter() for _each in cls._fields[1:]))


class CountChangeManager(models.Manager["CountChange"]):
    def write(self, signature: Signature, change: int) -> None:
        """Note +1 or −1, inside the transaction that causes it.

        A signature that was carried over is part of the number that came with it.
        Confirming notes its own, in the statement that confirms.
        """
        self.write_all([signature], change)

    def write_all(self, signatures: Iterable[Signature], change: int) -> None:
        """The same for many, in one statement."""
        self.bulk_create(
            CountChange(
                petition_id=signature.petition_id,
                change=change,
                day=timezone.localdate(signature.confirmed_at),
                country=signature.country,
                is_paper=signature.origin == Origin.PAPER,
            )
            for signature in signatures
            if signature.origin != Origin.CARRIED
        )

    def move(self, signature: Signature, *, to_country: str) -> None:
        """Note a pair that moves it between countries and leaves the rest as it is.

        The one that adds comes first: no count falls, should a fold end between them.
        """
        moved = copy(signature)
        moved.country = to_country
        self.write(moved, +1)
        self.write(signature, -1)

    def take(self, limit: int) -> Taken:
        """Remove up to `limit` rows; say how many, and what they come to.

        Call it inside the transaction that adds what it gives: both or neither.
        """
        can_add_up = connection.vendor == "postgresql"
        with connection.cursor() as cursor:
            cursor.execute(TAKE_AND_ADD_UP if can_add_up else TAKE, [limit])
            rows = cursor.fetchall()
        return _added_up(rows) if can_add_up else _add_up(rows)


# The oldest, up to a number: not `id IN (...)`, for which PostgreSQL looks up one by
# one. A row with a lower number that is committed later is neither removed nor lost.
TAKE = """
DELETE FROM signatures_countchange WHERE id <= (
  SELECT MAX(id) FROM (SELECT id FROM signatures_countchange ORDER BY id LIMIT %s) first
) RETURNING petition_id, day, country, via, change, is_paper, changed_at
"""
# So that a hundred thousand rows need not travel to be added up here. SQLite cannot
# read from what a DELETE returns. What is alike is summed first: the sums by each side
# are then made of few rows.
TAKE_AND_ADD_UP = f"""
WITH taken AS ({TAKE}),
alike AS (
  SELECT petition_id, day,
    date_bin('1 hour', changed_at, '2000-01-01 00:00+00') AS hour,
    country, via, is_paper, SUM(change) AS change, COUNT(*) AS number
  FROM taken GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT petition_id, day, hour, country, via, SUM(change)::bigint,
  COALESCE(SUM(change) FILTER (WHERE is_paper), 0)::bigint, SUM(number)::bigint
FROM alike GROUP BY GROUPING SETS (
  (petition_id), (petition_id, day), (petition_id, hour), (petition_id, country),
  (petition_id, via)
) HAVING via IS NULL OR via <> ''
"""  # noqa: S608  # no word of anybody's


def _added_up(rows: list[Any]) -> Taken:
    """From one sum in each row: by what is not empty there, or by petition alone."""
    number = 0
    taken = Taken.nothing()
    for petition_id, day, hour, country, via, total, on_paper, rows_of_it in rows:
        if day is not None:
            taken.by_day[petition_id, day] = total
        elif hour is not None:
            taken.by_hour[petition_id, hour] = total
        elif country is not None:
            taken.by_country[petition_id, country] = total
        elif via is not None:
            taken.by_channel[petition_id, via] = total
        else:
            taken.by_petition[petition_id] = total
            taken.on_paper[petition_id] = on_paper
            number += rows_of_it
    return taken._replace(number=number)


def _add_up(rows: list[Any]) -> Taken:
    taken = Taken.nothing()
    for petition_id, day, country, via, change, is_paper, changed_at in rows:
        taken.by_petition[petition_id] += change
        taken.on_paper[petition_id] += change if is_paper else 0
        taken.by_day[petition_id, _as_date(day)] += change
        taken.by_hour[petition_id, _hour_of(changed_at)] += change
        taken.by_country[petition_id, country] += change
        if via:
            taken.by_channel[petition_id, via] += change
    return taken._replace(number=len(rows))


def _as_date(day: date | str) -> date:
    """SQLite may give back what it stores, a text, when it is asked without a model."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def _hour_of(moment: datetime | str) -> datetime:
    """The beginning of its hour, of which SQLite keeps thirteen signs alike."""
    hour = str(moment)[: len("2026-03-09 14")]
    return datetime.fromisoformat(hour).replace(tzinfo=UTC)


class CountChange(models.Model):
    """That a petition's count is to move by one. Read and removed by the tally."""

    # No constraint, for the reason that Signature.petition has none.
    petition = models.ForeignKey(
        Petition,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    change = models.SmallIntegerField()
    day = models.DateField()
    country = models.CharField(max_length=2, blank=True)
    via = models.CharField(
        max_length=LONGEST_CHANNEL, blank=True, default="", db_default=""
    )

    changed_at = models.DateTimeField(default=timezone.now, db_default=Now())
    is_paper = models.BooleanField(default=False, db_default=False)

    objects = CountChangeManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="count_change_is_one_up_or_down", condition=Q(change__in=[1, -1])
            )
        ]

    def __str__(self) -> str:
        return f"{self.change:+} for petition {self.petition_id}"


class AskedCountManager(models.Manager["AskedCount"]):
    def add(self, asked: Mapping[int, int]) -> None:
        """Add to the numbers of today, by petition, in one statement.

        They are taken in one order by all, so that none waits for another that waits
        for it.
        """
        today = connection.ops.adapt_datefield_value(timezone.localdate())
        rows = [(petition, today, number) for petition, number in sorted(asked.items())]
        if not rows:
            return
        places = ", ".join(["(%s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO signatures_askedcount (petition_id, day, count) "  # noqa: S608  # no words of others
                f"VALUES {places} ON CONFLICT (petition_id, day) "
                "DO UPDATE SET count = signatures_askedcount.count + excluded.count",
                [value for row in rows for value in row],
            )


class AskedCount(models.Model):
    """How many were mailed a link to confirm on a day; who sends them adds to it."""

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    objects = AskedCountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="asked_count_once_a_day", fields=["petition", "day"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} asked on {self.day} for petition {self.petition_id}"
