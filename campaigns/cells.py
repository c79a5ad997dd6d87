"""Numbers of signers by where they come from, so that none points at a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.bars import Bar

FEWEST_SHOWN = 5


@dataclass(frozen=True)
class Cells:
    """The largest first; `rest` is what is left over, summed."""

    shown: list[Bar]
    rest: int

    def __bool__(self) -> bool:
        return bool(self.shown)

    @property
    def most(self) -> int:
        return max(cell.count for cell in self.shown)


def cells(
    counts: Mapping[str, int], *, total: int = 0, fewest: int = FEWEST_SHOWN
) -> Cells:
    """Each that is not too few; the others together, up to `total` if that is more.

    A rest of too few would tell as much as a cell of its own: it takes the smallest in.
    """
    order = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    shown = [Bar(label, count) for label, count in order if count >= fewest]
    counted = sum(cell.count for cell in shown)
    rest = max(total, sum(counts.values())) - counted
    if shown and 0 < rest < fewest:
        rest += shown.pop().count
    return Cells(shown, rest)
