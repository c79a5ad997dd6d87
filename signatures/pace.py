"""How fast mail leaves: so many in a minute, and so many to one domain.

What is over it waits for the next minute: nothing is refused, and no attempt counted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.core.mail import EmailMessage

from signatures.models.buckets import Bucket, Window

MINUTE = timedelta(minutes=1)
# So much of each minute is left to mail that somebody waits for.
KEPT_FREE = 0.25


class Minute:
    """The places of the minute that is running, for the batch of one worker.

    Without limits it asks the database nothing.
    """

    def __init__(self, *, can_wait: bool = False) -> None:
        self._share = 1 - KEPT_FREE if can_wait else 1
        self._window = Window.running("mails", "all", MINUTE)
        self._left = 0
        self._full: set[str] = set()

    @property
    def ends_at(self) -> datetime:
        return self._window.ends_at

    @property
    def is_limited(self) -> bool:
        return bool(settings.MAILS_A_MINUTE)

    def take(self, wanted: int) -> int:
        """Take so many places, or as many as there are.

        Call it inside a transaction: then it is exact, however many workers do it.
        """
        hits = Bucket.objects.add({self._window: wanted})[self._window.key]
        over = min(max(hits - self._of(settings.MAILS_A_MINUTE), 0), wanted)
        self._left = wanted
        self.give_back(but=wanted - over)
        return self._left

    def use(self) -> None:
        """One mail leaves."""
        self._left -= 1

    def give_back(self, *, but: int = 0) -> None:
        """All places that were not used, but for so many."""
        surplus = self._left - but
        if surplus > 0:
            Bucket.objects.take_back([self._window], surplus)
            self._left = but

    def has_room_for(self, message: EmailMessage) -> bool:
        """Take a place among those for its domain, if there is one left."""
        if not settings.MAILS_A_MINUTE_PER_DOMAIN:
            return True
        most = self._of(settings.MAILS_A_MINUTE_PER_DOMAIN)
        domain = message.to[0].rpartition("@")[2].lower()
        if domain in self._full:
            return False
        window = Window.running("mails", domain, MINUTE)
        if Bucket.objects.hit(window.key, ends_at=window.ends_at) <= most:
            return True
        Bucket.objects.take_back([window], 1)
        self._full.add(domain)
        return False

    def _of(self, most: int) -> int:
        return ceil(most * self._share)
