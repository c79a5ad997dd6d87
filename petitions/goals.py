"""The number beside the count, and the numbers worth a line on the timeline."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

# Up to each bound, the next goal is the next multiple of the step above the count.
STEPS = [(500, 100), (1_000, 200), (10_000, 1_000), (50_000, 5_000), (100_000, 25_000)]
LAST_STEP = 100_000

FEWEST_FOR_A_BAR = 5
FEWEST_TOLD = 40  # of a sensitive petition: who signed is easily found among few


def next_goal(count: int) -> int:
    """The goal that a petition shows when its organizer has set none."""
    step = next((step for bound, step in STEPS if count < bound), LAST_STEP)
    return (count // step + 1) * step


def thresholds_between(low: int, high: int) -> list[int]:
    """The milestones above `low`, up to and including `high`."""
    reached = takewhile(lambda threshold: threshold <= high, _thresholds())
    return [threshold for threshold in reached if threshold > low]


def _thresholds() -> Iterator[int]:
    """10, 50, 100, 250, 500, 1,000, 2,500, 5,000, and so on for ever."""
    yield 10
    yield 50
    power = 100
    while True:
        yield power
        yield power * 5 // 2
        yield power * 5
        power *= 10


@dataclass(frozen=True)
class Meter:
    """A count and what it is held against; `goal` is None where nothing is.

    Where the count must not be told, `is_below` is a number that it is below.
    """

    count: int
    goal: int | None
    is_own_goal: bool
    is_below: int | None = None

    @property
    def is_reached(self) -> bool:
        is_told = self.is_own_goal and not self.is_below
        return is_told and self.goal is not None and self.count >= self.goal

    @property
    def percent(self) -> int:
        return min(100, self.count * 100 // self.goal) if self.goal else 100

    @property
    def has_bar(self) -> bool:
        enough = self.count >= FEWEST_FOR_A_BAR and not self.is_below
        return self.goal is not None and enough
