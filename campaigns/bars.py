"""Numbers over time, drawn as bars: one path of an SVG, without a script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Of the drawing: what each bar takes up, how broad it is, and how high the highest.
STEP, BROAD, HIGH = 10, 7, 100


@dataclass(frozen=True)
class Bar:
    label: str
    count: int


@dataclass(frozen=True)
class Bars:
    """At least one of them stands for more than nothing."""

    bars: Sequence[Bar]

    @property
    def highest(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.count)

    @property
    def last_label(self) -> str:
        """What stands at the end of the line."""
        return self.bars[-1].label

    @property
    def path(self) -> str:
        """Each bar from the base line up; one that would hang down is left out."""
        return "".join(
            f"M{place * STEP + 1} {HIGH}v-{height}h{BROAD}v{height}z"
            for place, height in enumerate(self._heights())
            if height
        )

    @property
    def box(self) -> str:
        return f"0 0 {len(self.bars) * STEP} {HIGH}"

    @property
    def width(self) -> str:
        """Few bars do not become walls."""
        return f"{len(self.bars) * 4}em"

    def _heights(self) -> Iterator[int]:
        """In hundredths of the highest; what is there at all can be seen."""
        for bar in self.bars:
            share = HIGH * bar.count // self.highest.count
            yield max(share, 1) if bar.count > 0 else 0
