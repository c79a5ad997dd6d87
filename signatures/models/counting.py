from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from petitions.models import Petition
from petitions.sharing import LONGEST_CHANNEL
from signatures.models.states import Origin

if TYPE_CHECKING:
    from signatures.models.signatures import Signature


class FoldedChange(NamedTuple):
    """What a number of confirmations and withdrawals come to."""

    petition_id: int
    day: date
    country: str
    via: str
    total: int


class CountChangeManager(models.Manager["CountChange"]):
    def write(self, signature: Signature, change: int, *, via: str = "") -> None:
        """Note +1 or −1, inside the transaction that causes it.

        A signature that was carried over is part of the number that came with it.
        """
        if signature.origin == Origin.CARRIED:
            return
        assert signature.confirmed_at is not None  # only those count
        self.create(
            petition_id=signature.petition_id,
            change=change,
            day=timezone.localdate(signature.confirmed_at),
            country=signature.country,
            via=via,
        )

    def take(self, limit: int) -> tuple[int, list[FoldedChange]]:
        """Remove up to `limit` rows; say how many, and what they come to.

        Call it inside the transaction that adds what it gives: both or neither.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM signatures_countchange WHERE id IN "
                "(SELECT id FROM signatures_countchange ORDER BY id LIMIT %s) "
                "RETURNING petition_id, day, country, via, change",
                [limit],
            )
            rows = cursor.fetchall()
        totals: Counter[tuple[int, date, str, str]] = Counter()
        for petition_id, day, country, via, change in rows:
            totals[petition_id, _as_date(day), country, via] += change
        changes = [FoldedChange(*where, total) for where, total in totals.items()]
        return len(rows), sorted(changes)


class CountChange(models.Model):
    """That a petition's count is to move by one. Read and removed by the tally."""

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    change = models.SmallIntegerField()
    day = models.DateField()
    country = models.CharField(max_length=2, blank=True)
    via = models.CharField(
        max_length=LONGEST_CHANNEL, blank=True, default="", db_default=""
    )

    objects = CountChangeManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="count_change_is_one_up_or_down", condition=Q(change__in=[1, -1])
            )
        ]

    def __str__(self) -> str:
        return f"{self.change:+} for petition {self.petition_id}"


def _as_date(day: date | str) -> date:
    """SQLite gives back what it stores, a text, when it is asked without a model."""
    return date.fromisoformat(day) if isinstance(day, str) else day
