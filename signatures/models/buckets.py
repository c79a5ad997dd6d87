from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, models
from django.db.models import F


class Window(NamedTuple):
    """A stretch of time in which somebody does something: what a bucket counts."""

    key: str
    ends_at: datetime

    @classmethod
    def running(
        cls, what: str, who: str, length: timedelta, *, secret: str = ""
    ) -> Window:
        """The one that is running now. Without the secret its key tells nothing."""
        seconds = int(length.total_seconds())
        number = int(time.time()) // seconds
        key = hmac.new(
            f"bucket:{secret or settings.SECRET_KEY}".encode(),
            f"{what}:{who}:{number}".encode(),
            hashlib.sha256,
        )
        ends_at = datetime.fromtimestamp((number + 1) * seconds, UTC)
        return cls(key.hexdigest()[:32], ends_at)


class BucketManager(models.Manager["Bucket"]):
    def hit(self, key: str, *, ends_at: datetime) -> int:
        """Add one and give the sum, exactly, however many do it at once."""
        return self.add({Window(key, ends_at): 1})[key]

    def add(self, hits: Mapping[Window, int]) -> dict[str, int]:
        """Add to each and give the sums by key, in one statement.

        Nobody else adds to them before the transaction ends. They are taken in one
        order by all, so that none waits for another that waits for it.
        """
        rows = [
            (key, added, connection.ops.adapt_datetimefield_value(ends_at))
            for (key, ends_at), added in sorted(hits.items())
        ]
        places = ", ".join(["(%s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO signatures_bucket (key, hits, ends_at) VALUES {places} "  # noqa: S608  # no words of others
                "ON CONFLICT (key) "
                "DO UPDATE SET hits = signatures_bucket.hits + excluded.hits "
                "RETURNING key, hits",
                [value for row in rows for value in row],
            )
            return dict(cursor.fetchall())

    def take_back(self, windows: Collection[Window], number: int) -> None:
        """Undo so many hits of each, in the transaction that added them."""
        keys = [window.key for window in windows]
        self.filter(key__in=keys).update(hits=F("hits") - number)


class Bucket(models.Model):
    """How often something was done by somebody in a stretch of time.

    The key is a keyed hash of all three; it dies with the stretch.
    """

    key = models.CharField(max_length=32, primary_key=True)
    hits = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    objects = BucketManager()

    def __str__(self) -> str:
        return f"Bucket until {self.ends_at}"
