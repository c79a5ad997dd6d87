"""What is known, while it is sent, of how a signature comes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from signatures.models.buckets import Bucket, Window


@dataclass(frozen=True)
class Source:
    """From which network a form comes, and what speaks against it.

    Its network is counted in `window`; without one it is not counted. Above
    `held_above` in the window a signature is held for staff, above `refused_above` it
    is not taken at all.
    """

    network_key: str = ""
    window: Window | None = None
    held_above: int = 0
    refused_above: int = 0
    score: int = 0
    signs: str = ""
    must_be_held: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether so many have come from its network that no more are taken now."""
        if self.window is None:
            return False
        buckets = Bucket.objects.filter(key=self.window.key)
        return buckets.filter(hits__gt=self.refused_above).exists()

    @property
    def wait(self) -> int:
        """For how many seconds its network is counted on; at least one."""
        ends_at = self.window.ends_at if self.window else timezone.now()
        return max(1, round((ends_at - timezone.now()).total_seconds()))


UNKNOWN = Source()
