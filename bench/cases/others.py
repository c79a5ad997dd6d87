"""SQLite, slow clients behind nginx, and the first moments of a process."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path
from statistics import median

from bench.figures import Row, Spread, at_least, at_most, written
from bench.load import Tally, closed_loop
from bench.proxy import SlowClients, find_nginx, nginx
from bench.rounds import errors_of, in_turns, joined, looping, percentiles_of, warm
from bench.signers import signings
from bench.stage import Stage, sqlite_url
from bench.wire import get

DURABLE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
SLOW = 1_000


def sqlite(stage: Stage) -> Iterator[Row]:
    """The default database: durable signings with two workers, against the disk."""
    path = stage.home / "site.sqlite3"
    url = sqlite_url(path)
    facts = stage.prepare(url, spread=0)
    seconds = stage.seconds(4, 1)
    with stage.site(url, name="sqlite", WORKERS="2") as site:
        warm(site.address, signings([facts["hot"]]), expected=303)
        measure = looping(site.address, signings([facts["hot"]]), seconds=seconds)
        ours, disk = in_turns(
            stage, measure, lambda: _commits(stage.home / "disk.sqlite3", seconds)
        )
    log = (stage.home / "sqlite.log").read_text()
    locked = log.count("database is locked")
    yield Row(
        "sqlite",
        "durable signings a second, 32 clients, 2 workers",
        Spread.of([one.rate for one in ours]),
        bar=at_least(250),
        yardstick=f"{written(median(one.rate for one in disk))}/s bare commits",
        note=joined(percentiles_of(ours), errors_of("ours", ours)),
    )
    yield Row(
        "sqlite",
        "“locked” errors",
        Spread.of([locked + sum(one.error_count for one in ours)]),
        bar=at_most(0),
    )


def _commits(path: Path, seconds: float) -> Tally:
    """What the disk and SQLite can do: one writer, two inserts a commit."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.executescript(
            f"{DURABLE} CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, t TEXT)"
        )
        done, until = 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            connection.execute("BEGIN IMMEDIATE")
            for _ in range(2):
                connection.execute("INSERT INTO row (t) VALUES (?)", ["x" * 200])
            connection.execute("COMMIT")
            done += 1
    connection.close()
    return Tally(seconds=seconds, counted=done)


def slow(stage: Stage) -> Iterator[Row]:
    """A thousand idle and half-sent connections behind the nginx that we ship."""
    what = f"page p95 behind nginx, {SLOW:,} idle and half-sent connections"
    program = find_nginx()
    if program is None:
        yield Row("slow", what, note="not measured: no nginx here")
        return
    page = get(f"/petitions/{stage.facts['hot']['slug']}/")
    seconds = stage.seconds(4, 1)
    with ExitStack() as stack:
        url = stack.enter_context(stage.database("slow"))
        site = stack.enter_context(stage.site(url))
        address = stack.enter_context(nginx(stage, program, site))
        warm(address, repeat(page))

        def alone() -> Tally:
            return closed_loop(address, repeat(page), connections=8, seconds=seconds)

        def beside_slow() -> Tally:
            with SlowClients(address, SLOW) as clients:
                time.sleep(0.3)
                tally = alone()
                held.append(clients.still_open)
                return tally

        held: list[int] = []
        calm, busy = in_turns(stage, alone, beside_slow)
    yield Row(
        "slow",
        what,
        Spread.of([one.milliseconds(95) for one in busy]),
        unit=" ms",
        yardstick=f"{written(median(one.milliseconds(95) for one in calm))} ms without",
        bar=at_most(10),
        note=joined(
            f"{min(held)} still open at the end; 8 readers",
            errors_of("ours", busy),
        ),
    )


def start(stage: Stage) -> Iterator[Row]:
    """How long until a process answers."""
    page = get(f"/petitions/{stage.facts['hot']['slug']}/")
    code = (
        "import time; began = time.perf_counter(); import config.wsgi; "
        "print(time.perf_counter() - began)"
    )
    imports, up, first = [], [], []
    with stage.database("start") as url:
        for _ in range(2 if stage.is_quick else stage.rounds):
            imports.append(float(stage.run(url, "-c", code)))
            with stage.site(url, STORE_SECONDS="0") as site:
                up.append(time.perf_counter() - site.started_at)
                tally = closed_loop(
                    site.address, iter([page]), connections=1, seconds=0.1
                )
                first.append(tally.milliseconds(100) / 1000)
    for what, found in (
        ("import of the application", imports),
        ("gunicorn, from start to its first answer", up),
        ("first page of a fresh process", first),
    ):
        yield Row("start", what, Spread.of(found), unit=" s", bar=at_most(2))


def generator(stage: Stage) -> Iterator[Row]:
    """What the load generator itself can do, against a server that does nothing."""
    from bench.trivial import TrivialServer

    request = get("/")
    with TrivialServer() as server:
        spent, rates = [], []
        for _ in range(stage.rounds):
            began = time.thread_time()
            tally = closed_loop(
                server.address,
                repeat(request),
                connections=32,
                seconds=stage.seconds(2, 0.4),
            )
            spent.append((time.thread_time() - began) / len(tally.latencies) * 1e6)
            rates.append(tally.rate)
    yield Row(
        "generator",
        "CPU that the load generator spends on a request",
        Spread.of(spent),
        unit=" µs",
        note=f"{written(median(rates))} requests/s against a server that only answers; "
        f"{threading.active_count()} thread",
    )
