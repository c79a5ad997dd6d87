"""A million signatures as a file, against a plain COPY of the same rows."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import psycopg

from bench import seed
from bench.figures import Row, Spread, at_least, at_most, written
from bench.stage import PYTHON, ROOT, Stage, sqlite_url
from bench.statements import SIGNATURE

ROWS, FEWER = 1_000_000, 100_000
OF_A_PLAIN_COPY = 0.3
MEGABYTES = 16


@dataclass(frozen=True)
class Taken:
    rows: int
    seconds: float
    grown: float  # megabytes, at most so far

    @property
    def rate(self) -> float:
        return self.rows / self.seconds


def export(stage: Stage) -> Iterator[Row]:
    """A million rows on PostgreSQL, a tenth of that on SQLite."""
    count = FEWER if stage.is_quick else ROWS
    hot = stage.facts["hot"]
    with stage.database("export") as url:
        stage.say(f"seeding {count:,} signatures")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {SIGNATURE} CASCADE")
            connection.execute(
                "TRUNCATE campaigns_dailycount, "
                "campaigns_hourlycount, campaigns_placecount"
            )
        seed.confirmed(url, hot["id"], hot["version"], count)
        with _exporter(stage, url, hot["id"]) as take:
            take("ours")
            grown = take("ours").grown  # before a plain copy has been in this memory
            pairs = [(take("ours"), take("plain")) for _ in range(stage.rounds)]
    ours, plain = [one for one, _ in pairs], [other for _, other in pairs]
    lost = [one.rows for one in ours if one.rows != count + 1]  # and the column names
    yield Row(
        "export",
        f"{count:,} rows, of a plain COPY",
        Spread.of_ratios([one.rate for one in ours], [one.rate for one in plain]),
        ours=f"{written(median(one.rate for one in ours))} rows/s",
        yardstick=f"{written(median(one.rate for one in plain))} rows/s of plain COPY",
        bar=at_least(OF_A_PLAIN_COPY),
        faults=[f"rows were {lost}"] if lost else [],
    )
    yield Row(
        "export",
        f"memory grown by exporting {count:,} rows",
        Spread.of([grown]),
        unit=" MB",
        bar=at_most(MEGABYTES),
    )
    yield _on_sqlite(stage)


def _on_sqlite(stage: Stage) -> Row:
    path = stage.home / "export.sqlite3"
    hot = stage.prepare(sqlite_url(path), spread=0)["hot"]
    _fill(str(path), hot["id"], hot["version"])
    with _exporter(stage, sqlite_url(path), hot["id"]) as take:
        found = [take("ours") for _ in range(stage.rounds)]
    return Row(
        "export",
        f"rows a second on SQLite, of {FEWER:,}",
        Spread.of([one.rate for one in found]),
        note=f"memory grown by {written(found[-1].grown)} MB",
    )


def _fill(path: str, petition: int, version: int) -> None:
    """Signatures as the site leaves them, with what columns have by themselves."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            f"INSERT INTO {SIGNATURE} (petition_id, version_id, name, email, "
            "address_key, place, country, reason, show_name, wants_updates, language, "
            "origin, state, reason_state, started_at, confirmed_at, signed_as_written, "
            "key) WITH RECURSIVE n(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?) "
            "SELECT ?, ?, 'Signer ' || n, 's' || n || '@example.org', "
            "printf('%032d', n), 'Town ' || n % 500, 'DE', 'I cross it each day.', "
            "n % 2, 0, 'en', 'online', 'confirmed', 'shown', datetime('now'), "
            "datetime('now'), '', printf('%032d', n) FROM n",
            [FEWER, petition, version],
        )


@contextmanager
def _exporter(
    stage: Stage, url: str, petition: int
) -> Iterator[Callable[[str], Taken]]:
    """A process that exports when it is told to, in the one way or the other."""
    child = subprocess.Popen(
        [PYTHON, "-m", "bench.export_once", str(petition)],
        env=stage.environment(url),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdin
    assert child.stdout
    assert child.stdout.readline() == "ready\n"

    def take(which: str) -> Taken:
        print(which, file=child.stdin, flush=True)
        assert child.stdout
        rows, seconds, grown = child.stdout.readline().split()
        return Taken(int(rows), float(seconds), float(grown))

    try:
        yield take
    finally:
        child.stdin.close()
        child.wait(10)
