"""Measuring in turns: A B A B …, so that what disturbs one disturbs the other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import repeat
from statistics import median

from bench.figures import Bar, Row, Spread, written
from bench.load import Address, Tally, closed_loop
from bench.stage import Stage

Measure = Callable[[], Tally]


def in_turns(stage: Stage, *measures: Measure) -> list[list[Tally]]:
    """Each measure's tallies, one for each round."""
    taken: list[list[Tally]] = [[] for _ in measures]
    for _ in range(stage.rounds):
        for tallies, measure in zip(taken, measures, strict=True):
            tallies.append(measure())
    return taken


def repeating(
    address: Address,
    request: bytes,
    *,
    seconds: float,
    connections: int = 16,
    expected: int = 200,
) -> Measure:
    """The same request again and again, in closed loop."""
    return looping(
        address,
        repeat(request),
        seconds=seconds,
        connections=connections,
        expected=expected,
    )


def looping(
    address: Address,
    requests: Iterator[bytes],
    *,
    seconds: float,
    connections: int = 32,
    expected: int = 303,
) -> Measure:
    return lambda: closed_loop(
        address, requests, connections=connections, seconds=seconds, expected=expected
    )


def warm(address: Address, requests: Iterator[bytes], *, expected: int = 200) -> None:
    """Have every thread of every worker answer some requests before they count."""
    closed_loop(address, requests, connections=32, seconds=0.5, expected=expected)


def against(
    case: str,
    what: str,
    ours: list[Tally],
    theirs: list[Tally],
    *,
    yardstick: str,
    bar: Bar | None = None,
    note: str = "",
) -> Row:
    """Our rate as a part of the yardstick's of the same round."""
    return Row(
        case,
        what,
        Spread.of_ratios([one.rate for one in ours], [one.rate for one in theirs]),
        ours=rate_of(ours),
        yardstick=f"{rate_of(theirs)} {yardstick}",
        bar=bar,
        note=joined(note, errors_of("ours", ours), errors_of("yardstick", theirs)),
    )


def rate_of(tallies: list[Tally]) -> str:
    return f"{written(median(tally.rate for tally in tallies))}/s"


def percentiles_of(tallies: list[Tally]) -> str:
    """p50, p95 and p99 of all rounds together, in milliseconds."""
    together = Tally()
    for tally in tallies:
        together.latencies.extend(tally.latencies)
    numbers = [written(together.milliseconds(percent)) for percent in (50, 95, 99)]
    return f"p50/95/99 {' / '.join(numbers)} ms"


def errors_of(whose: str, tallies: list[Tally]) -> str:
    """Every kind of error and how many there were; "" for none."""
    errors: Counter[str] = Counter()
    for tally in tallies:
        errors.update(tally.errors)
    if not errors:
        return ""
    words = ", ".join(f"{number} × {name}" for name, number in errors.most_common())
    return f"ERRORS of {whose}: {words}"


def joined(*words: str) -> str:
    return "; ".join(word for word in words if word)


def worst_p99(tallies: list[Tally]) -> Spread:
    return Spread.of([tally.milliseconds(99) for tally in tallies])


def is_known(number: float) -> bool:
    return not math.isnan(number)
