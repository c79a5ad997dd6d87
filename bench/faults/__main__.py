"""Breaks the site while people sign: python3 dev.py faults [--quick] [fault …]"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.__main__ import _memory, _processor
from bench.faults import tables
from bench.faults.deeds import BOTH, FAULTS
from bench.faults.ground import home
from bench.faults.run import Rates, Result, run_all
from bench.figures import put_between_markers
from bench.stage import ROOT, postgres_program

NAMES = {fault.name: fault for fault in FAULTS}


def main(arguments: list[str]) -> int:
    """Run the faults; 1 if something was lost, counted twice or plainly failed."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    options = parsed(arguments)
    results: list[Result] = []
    began = time.monotonic()
    try:
        with home(is_quick=options.quick) as stage:
            chosen = [NAMES[name] for name in options.faults or NAMES]
            rates = Rates(options.rate, options.reads)
            for kind in options.databases:
                for result in run_all(stage, kind, chosen, rates):
                    print(tables.as_text(result), flush=True)
                    results.append(result)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130
    write(results, about_this_run(options, time.monotonic() - began), options.write)
    return report(results)


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py faults", description=__doc__)
    parser.add_argument("faults", nargs="*", metavar="fault", help=", ".join(NAMES))
    parser.add_argument(
        "--quick", action="store_true", help="some seconds of each: a smoke test"
    )
    parser.add_argument(
        "--write", type=Path, metavar="PAGE", help="also put the tables into this page"
    )
    parser.add_argument(
        "--rate", type=float, default=20, help="people who sign a second: %(default)s"
    )
    parser.add_argument(
        "--reads", type=float, default=20, help="pages read a second: %(default)s"
    )
    parser.add_argument(
        "--database",
        dest="databases",
        action="append",
        choices=BOTH,
        help="only on this one",
    )
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.faults if name not in NAMES]:
        parser.error(f"no such fault: {', '.join(unknown)}")
    options.databases = options.databases or list(BOTH)
    return options


def about_this_run(options: argparse.Namespace, seconds: float) -> dict[str, str]:
    """The machine, the versions, and how to repeat it."""
    names = ("django", "psycopg", "gunicorn")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    one, five, _fifteen = os.getloadavg()
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "machine": f"{os.cpu_count()} cores ({_processor()}), {_memory()} of memory, "
        f"{platform.system()}; load at the end {one:.0f}, "
        f"{five:.0f} over five minutes",
        "versions": f"Python {platform.python_version()}, {versions}, "
        f"PostgreSQL {_postgres_version()}, SQLite {sqlite3.sqlite_version}",
        "load": f"{options.rate:g} people who sign and confirm and {options.reads:g} "
        "pages a second, all on one machine with the databases and the mail server",
        "repeat with": " ".join(["python3 dev.py faults", *sys.argv[1:]]),
        "took": f"{seconds / 60:.0f} minutes",
    }


def _postgres_version() -> str:
    said = subprocess.run(
        [postgres_program("postgres"), "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.split()[-1]


def write(results: list[Result], about: dict[str, str], page: Path | None) -> None:
    """var/bench/faults-<date>.json and .md; and the tables in a page, if named."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"faults-{datetime.now(UTC):%Y-%m-%d-%H%M}"
    told = tables.as_json(results, about)
    (folder / f"{name}.json").write_text(json.dumps(told, indent=1))
    part = tables.as_markdown(results, about)
    (folder / f"{name}.md").write_text(f"{part}\n")
    print(f"\nWritten: var/bench/{name}.json and .md")
    if page:
        words = page.read_text() if page.exists() else "# Reliability\n"
        page.write_text(put_between_markers(words, part))
        print(f"Written: {page}")


def report(results: list[Result]) -> int:
    wrong = [one for one in results if one.wrong]
    for one in results:
        if one.not_run:
            print(f"Not run: {one.fault.name} on {one.database}: {one.not_run}")
    for one in wrong:
        print(f"WRONG: {one.fault.name} on {one.database}: {'; '.join(one.wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
