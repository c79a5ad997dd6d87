"""What the run says on the terminal and in docs/reliability.md."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from bench.faults.run import Result
from bench.figures import BEGIN, END, written

EXACT = [
    *("fault", "database", "signed", "confirmed", "lost", "counted twice"),
    *("count off by", "signers without a mail", "mails twice (allowed)"),
    *("plain 500s", "verdict"),
]
FELT = [
    *("fault", "database", "what was done", "requests", "failed", "p95 of forms"),
    *("longest pause", "back after", "drained after"),
]


def as_text(result: Result) -> str:
    """Some lines for the terminal."""
    lines = [f"{result.fault.name} on {result.database}: {result.verdict}"]
    if result.outcome:
        pairs = zip(EXACT[2:-1], _exact(result)[2:-1], strict=True)
        lines.append(", ".join(f"{name} {words}" for name, words in pairs))
    if result.service:
        pairs = zip(FELT[2:], _felt(result)[2:], strict=True)
        lines.append(", ".join(f"{name}: {words}" for name, words in pairs))
    return "\n    ".join(lines)


def as_markdown(results: Sequence[Result], about: dict[str, str]) -> str:
    """The part of the page between our two markers, markers included."""
    lines = [BEGIN, "", *(f"- {name}: {words}" for name, words in about.items())]
    lines += ["", *_table(EXACT, [_exact(one) for one in results])]
    run = [one for one in results if one.service]
    lines += ["", *_table(FELT, [_felt(one) for one in run])]
    return "\n".join([*lines, "", END])


def as_json(results: Sequence[Result], about: dict[str, str]) -> dict[str, Any]:
    rows = [
        dict(zip(EXACT, _exact(one), strict=True))
        | (dict(zip(FELT, _felt(one), strict=True)) if one.service else {})
        for one in results
    ]
    return {"about": about, "rows": rows}


def _exact(result: Result) -> list[str]:
    name, found = [result.fault.name, result.database], result.outcome
    if found is None:
        return [*name, *[""] * (len(EXACT) - 3), result.verdict]
    numbers = [
        *(found.signed, found.confirmed, found.lost, found.counted_twice),
        *(found.count_off_by, found.unmailed),
    ]
    return [
        *name,
        *(f"{number:,}" for number in numbers),
        f"{found.duplicates} ({found.duplicates_allowed})",
        f"{found.plain_500s:,}",
        result.verdict,
    ]


def _felt(result: Result) -> list[str]:
    service = result.service
    assert service
    done = ", ".join(f"{number:,} {what}" for what, number in result.done.items())
    return [
        *(result.fault.name, result.database, done),
        f"{service.requests:,}",
        f"{service.failed:,} ({written(service.failed_percent)} %)"
        f" of them {service.without_answer:,} without an answer",
        f"{written(service.p95_ms)} ms",
        _seconds(service.longest_pause),
        _seconds(service.back_after),
        _seconds(result.drained_in),
    ]


def _seconds(number: float) -> str:
    return "never" if math.isinf(number) else f"{number:.1f} s"


def _table(headings: list[str], rows: list[list[str]]) -> list[str]:
    lines = [headings, ["---"] * len(headings), *rows]
    return ["| " + " | ".join(_safe(cell) for cell in line) + " |" for line in lines]


def _safe(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
