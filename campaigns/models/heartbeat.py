from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

APART = timedelta(minutes=1)


class HeartbeatManager(models.Manager["Heartbeat"]):
    def beat(self) -> int:
        """Note that a worker is alive: once a minute, however many there are."""
        now = timezone.now()
        only = self.filter(pk=ONLY)
        is_fresh = only.filter(beat_at__gt=now - APART).exists()
        if not is_fresh and not only.update(beat_at=now):
            first = Heartbeat(pk=ONLY, beat_at=now)
            self.bulk_create([first], ignore_conflicts=True)
        return 0  # nothing is left to do at once


class Heartbeat(models.Model):
    """The one row that says when a worker was last at work."""

    beat_at = models.DateTimeField()

    objects = HeartbeatManager()

    def __str__(self) -> str:
        return f"Heartbeat at {self.beat_at}"


ONLY = 1
