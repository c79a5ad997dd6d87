"""What became of each request, and how the site felt meanwhile."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.figures import percentile

POSTS = ("sign", "confirm")
PROBES = ("healthz", "readyz")


class Missed(str):
    """A promise about time that was not kept. It fails no run: machines differ."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and its answer. Moments are those of `time.perf_counter`."""

    kind: str
    due: float
    ended: float
    status: int  # 0: no answer
    says_when: bool = False  # by Retry-After
    is_old: bool = False  # a page that was kept, and says of when it is
    keeps_form: bool = False  # what was typed stands in the answer

    @property
    def seconds(self) -> float:
        return self.ended - self.due

    @property
    def is_right(self) -> bool:
        return self.status == (303 if self.kind in POSTS else 200)

    @property
    def is_failed(self) -> bool:
        return self.status == 0 or self.status >= 500

    @property
    def is_away(self) -> bool:
        """Asked, with a page that helps, to come back in a moment."""
        return self.status == 503 and self.says_when

    @property
    def is_plain_error(self) -> bool:
        is_error = self.status >= 500 and self.kind not in PROBES
        return is_error and not self.is_away

    @property
    def is_refusal(self) -> bool:
        """What no signer of ours deserves: 4xx, or a form shown again."""
        return not self.is_right and not self.is_failed and self.kind not in PROBES


@dataclass(frozen=True)
class Times:
    """Of a load: its begin and end; between them, those of the fault."""

    began: float
    fault_began: float
    fault_ended: float
    over: float
    quiet: float = 0.0  # when the last signer had confirmed

    def is_within_fault(self, one: Asked) -> bool:
        return self.fault_began <= one.due <= self.fault_ended


@dataclass(frozen=True)
class Service:
    """How it felt to those who signed and read."""

    requests: int
    failed: int
    without_answer: int
    p95_ms: float  # of the forms that were taken
    longest_pause: float  # seconds in which no form was taken
    back_after: float  # seconds after the fault's end

    @classmethod
    def of(cls, asked: Sequence[Asked], times: Times) -> Service:
        people = [one for one in asked if one.kind not in PROBES]
        taken = [one for one in people if one.kind in POSTS and one.status == 303]
        loaded = [one for one in taken if one.ended <= times.over]
        return cls(
            requests=len(people),
            failed=sum(1 for one in people if one.is_failed),
            without_answer=sum(1 for one in people if one.status == 0),
            p95_ms=percentile([one.seconds for one in loaded], 95) * 1000,
            longest_pause=_longest_gap(
                [times.began, *(one.ended for one in loaded), times.over]
            ),
            back_after=back_after(people, times.fault_ended),
        )

    @property
    def failed_percent(self) -> float:
        return 100 * self.failed / self.requests if self.requests else math.nan


def back_after(asked: Sequence[Asked], ended_at: float) -> float:
    """Until the first form is taken and the last request has failed; inf: never."""
    taken = [
        one.ended
        for one in asked
        if one.kind in POSTS and one.status == 303 and one.ended > ended_at
    ]
    failed = [one.ended for one in asked if one.is_failed and one.ended > ended_at]
    if not taken:
        return math.inf
    return max(min(taken), max(failed, default=0)) - ended_at


def until(
    asked: Sequence[Asked], kind: str, since: float, is_so: Callable[[Asked], bool]
) -> float:
    """Seconds until a probe sent after that moment says so; inf: never."""
    found = [
        one.ended
        for one in asked
        if one.kind == kind and one.due >= since and is_so(one)
    ]
    return min(found, default=math.inf) - since


def _longest_gap(moments: Sequence[float]) -> float:
    ordered = sorted(moments)
    gaps = [later - one for one, later in pairwise(ordered)]
    return max(gaps, default=math.inf)
