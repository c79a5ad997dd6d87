"""What is reckoned from the measurements: percentiles, ratios, the table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

BEGIN = "<!-- the bench writes from here -->"
END = "<!-- to here -->"


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many per cent do not exceed; NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]


@dataclass(frozen=True)
class Spread:
    """A median, and between which values it was found."""

    median: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        known = [value for value in values if not math.isnan(value)]
        if not known:
            return cls(math.nan, math.nan, math.nan, 0)
        return cls(median(known), min(known), max(known), len(known))

    @classmethod
    def of_ratios(cls, ours: Sequence[float], theirs: Sequence[float]) -> Spread:
        """Each round against its neighbour of the same round."""
        pairs = zip(ours, theirs, strict=True)
        return cls.of([one / other if other else math.nan for one, other in pairs])


@dataclass(frozen=True)
class Bar:
    limit: float
    is_least: bool

    def __str__(self) -> str:
        return f"{'≥' if self.is_least else '≤'} {written(self.limit)}"

    def is_met_by(self, measured: float) -> bool:
        return measured >= self.limit if self.is_least else measured <= self.limit


def at_least(limit: float) -> Bar:
    return Bar(limit, is_least=True)


def at_most(limit: float) -> Bar:
    return Bar(limit, is_least=False)


@dataclass
class Row:
    """One line of the table."""

    case: str
    what: str
    measured: Spread | None = None
    unit: str = ""
    ours: str = ""
    yardstick: str = ""
    bar: Bar | None = None
    note: str = ""
    faults: list[str] = field(default_factory=list)  # exactness: these fail the run

    @property
    def verdict(self) -> str:
        if self.faults:
            return "WRONG: " + "; ".join(self.faults)
        if self.measured is None or self.bar is None:
            return ""
        if self.bar.is_met_by(self.measured.median):
            return f"bar {self.bar}: met"
        return f"bar {self.bar}, measured {written(self.measured.median)}: missed"

    @property
    def result(self) -> str:
        if self.measured is None:
            return "not measured"
        found = self.measured
        words = f"{written(found.median)}{self.unit}"
        if found.rounds > 1:
            words += f" ({written(found.low)}–{written(found.high)})"
        return words


def written(number: float) -> str:
    """Three digits that count, and commas in what is large."""
    if math.isnan(number):
        return "—"
    if number == 0 or abs(number) >= 100:
        return f"{number:,.0f}"
    digits = 2 - math.floor(math.log10(abs(number)))
    return f"{number:.{min(max(digits, 1), 4)}f}"


HEADINGS = ["case", "what", "result", "ours", "yardstick", "bar", "note"]


def cells(row: Row) -> list[str]:
    return [
        *(row.case, row.what, row.result, row.ours, row.yardstick),
        *(row.verdict, row.note),
    ]


def as_markdown(rows: list[Row], about: dict[str, str], left_out: list[str]) -> str:
    """The part of a page between our two markers, markers included."""
    lines = [BEGIN, ""]
    lines += [f"- {name}: {words}" for name, words in about.items()]
    if left_out:
        lines.append(f"- left out of this run: {', '.join(left_out)}")
    lines += ["", _line(HEADINGS), _line(["---"] * len(HEADINGS))]
    lines += [_line(cells(row)) for row in rows]
    return "\n".join([*lines, "", END])


def _line(words: list[str]) -> str:
    return "| " + " | ".join(word.replace("|", "\\|") for word in words) + " |"


def as_json(
    rows: list[Row], about: dict[str, str], left_out: list[str]
) -> dict[str, Any]:
    measured = [asdict(row) | {"verdict": row.verdict} for row in rows]
    return {"about": about, "left_out": left_out, "rows": measured}


def as_text(row: Row) -> str:
    """One row for the terminal, on one or two lines."""
    first = f"{row.case:<10} {row.what:<52} {row.result:<26} {row.verdict}"
    against = " vs ".join(word for word in (row.ours, row.yardstick) if word)
    second = "; ".join(word for word in (against, row.note) if word)
    return f"{first.rstrip()}\n{'':<11}{second}" if second else first.rstrip()


def put_between_markers(page: str, part: str) -> str:
    """The page with the part between our markers replaced, or put at its end."""
    if BEGIN not in page or END not in page:
        return f"{page.rstrip()}\n\n{part}\n"
    before, rest = page.split(BEGIN, 1)
    return before + part + rest.split(END, 1)[1]
