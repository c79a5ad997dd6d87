"""Measures the site against its yardsticks: python3 dev.py bench [--quick] [case …]"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from bench import figures
from bench.cases import (
    exporting,
    folding,
    growing,
    news,
    others,
    overview,
    reading,
    revoke,
    searching,
    writing,
)
from bench.figures import Row
from bench.journeys import NEEDED, STEPS
from bench.stage import ROOT, Stage, set_up

CASES: dict[str, Callable[[Stage], Iterator[Row]]] = {
    "generator": others.generator,
    "page": reading.page,
    "django": reading.django,
    "sign": writing.sign,
    "confirm": writing.confirm,
    "mixed": writing.mixed,
    "revoke": revoke.revoke,
    "peak": revoke.peak,
    "news": news.news,
    "fold": folding.fold,
    "sqlite": others.sqlite,
    "slow": others.slow,
    "start": others.start,
    "export": exporting.export,
    "search": searching.search,
    "growth": growing.growth,
    "overview": overview.overview,
}
NOT_QUICK = ("search", "growth", "news", "overview")  # their seeding takes too long


def main(arguments: list[str]) -> int:
    """Run the cases; 1 if one of them found a signature lost, twice or miscounted."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    options = parsed(arguments)
    chosen = options.cases or [
        case for case in CASES if not (options.quick and case in NOT_QUICK)
    ]
    left_out = [case for case in CASES if case not in chosen]
    rows: list[Row] = []
    began = time.monotonic()
    try:
        with set_up(is_quick=options.quick) as stage:
            stage.take(options)
            about = about_this_run(stage, options)
            for case in chosen:
                print(f"\n{case}: {CASES[case].__doc__ or ''}".rstrip(), flush=True)
                for row in measured(stage, case):
                    print(figures.as_text(row), flush=True)
                    rows.append(row)
    except KeyboardInterrupt:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        print("\nStopped.")
        return 130
    about["took"] = f"{(time.monotonic() - began) / 60:.1f} minutes"
    write(rows, about, left_out, options.write)
    return report(rows, left_out)


def measured(stage: Stage, case: str) -> Iterator[Row]:
    """The rows of a case; one that breaks off says so and leaves the others alone."""
    try:
        yield from CASES[case](stage)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told in the table
        traceback.print_exc()
        yield Row(case, "the whole case", faults=[f"broke off: {type(error).__name__}"])


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="case", help=", ".join(CASES))
    parser.add_argument(
        "--quick", action="store_true", help="smaller and shorter: under three minutes"
    )
    parser.add_argument(
        "--write", type=Path, metavar="PAGE", help="also put the table into this page"
    )
    parser.add_argument("--rounds", type=int, help="of each case: 5, with --quick 3")
    parser.add_argument("--minutes", type=float, help="for the cases revoke and news")
    parser.add_argument(
        "--rate", type=int, default=12_600, help="journeys begun a minute (revoke)"
    )
    parser.add_argument(
        "--reads", type=int, default=2_200, help="of the page, a second (revoke)"
    )
    parser.add_argument(
        "--steps", default=",".join(STEPS), help="of a journey (revoke): %(default)s"
    )
    parser.add_argument(
        "--largest", type=int, default=10_000_000, help="signatures (growth)"
    )
    options = parser.parse_args(arguments)
    if unknown := [case for case in options.cases if case not in CASES]:
        parser.error(f"no such case: {', '.join(unknown)}")
    options.rounds = options.rounds or (3 if options.quick else 5)
    steps = options.steps.split(",")
    if not NEEDED <= set(steps) <= set(STEPS):
        parser.error(f"steps are among {', '.join(STEPS)}; sign must be")
    return options


def about_this_run(stage: Stage, options: argparse.Namespace) -> dict[str, str]:
    """The machine, the versions, and how to repeat it."""
    with psycopg.connect(stage.server) as connection:
        server = connection.execute("SHOW server_version").fetchone()
    names = ("django", "psycopg", "gunicorn")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "machine": f"{os.cpu_count()} cores ({_processor()}), {_memory()} of memory, "
        f"{platform.system()} {platform.release()}",
        "versions": f"Python {platform.python_version()}, {versions}, "
        f"PostgreSQL {server[0] if server else '?'}",
        "repeat with": " ".join(["python3 dev.py bench", *sys.argv[1:]]),
        "read it so": "medians, and between which values they lie, of "
        f"{options.rounds} rounds in which ours and the yardstick take turns; "
        "load generator, PostgreSQL and mail sink share the cores with the site",
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(": ", 1)[1]
    return platform.machine()


def _memory() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / 2**30:.0f} GB"


def write(
    rows: list[Row], about: dict[str, str], left_out: list[str], page: Path | None
) -> None:
    """var/bench/<date>.json and .md; and the table in a page, if one is named."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y-%m-%d-%H%M}"
    told = figures.as_json(rows, about, left_out)
    (folder / f"{name}.json").write_text(json.dumps(told, indent=1))
    part = figures.as_markdown(rows, about, left_out)
    (folder / f"{name}.md").write_text(f"{part}\n")
    print(f"\nWritten: var/bench/{name}.json and .md")
    if page:
        words = page.read_text() if page.exists() else "# Performance\n"
        page.write_text(figures.put_between_markers(words, part))
        print(f"Written: {page}")


def report(rows: list[Row], left_out: list[str]) -> int:
    missed = [row for row in rows if row.verdict.endswith("missed")]
    wrong = [row for row in rows if row.faults]
    if left_out:
        print(f"Left out: {', '.join(left_out)}")
    for row in missed:
        print(f"Missed: {row.case}: {row.what}: {row.verdict}")
    for row in wrong:
        print(f"WRONG: {row.case}: {'; '.join(row.faults)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
