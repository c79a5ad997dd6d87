"""Signing and confirming, durably, against functions that do nothing else."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from threading import Event, Thread
from typing import Any

import psycopg

from bench import seed
from bench.bare_answers import keep
from bench.figures import Row, Spread, at_least, at_most, written
from bench.load import ANY_SUCCESS, Tally
from bench.rounds import (
    Measure,
    against,
    errors_of,
    in_turns,
    joined,
    looping,
    percentiles_of,
    warm,
    worst_p99,
)
from bench.signers import presses, signings
from bench.stage import Stage, ask, host_of, postgres_program
from bench.statements import pgbench_script
from bench.wire import get

CLIENTS = 32


def sign(stage: Stage) -> Iterator[Row]:
    """One hot petition against bare functions, pgbench, and many petitions."""
    hot, spread = stage.facts["hot"], stage.facts["spread"]
    seconds = stage.seconds(4, 1)
    with ExitStack() as stack:
        url = stack.enter_context(stage.database("sign", is_delayed=True))
        known = {"BARE_PETITIONS": petitions_for_bare(stage)}
        site = stack.enter_context(stage.site(url))
        two = stack.enter_context(stage.bare(url, "sign_two", **known))
        one = stack.enter_context(stage.bare(url, "sign_one", **known))
        measures = [
            looping(where.address, signings(whose), seconds=seconds)
            for where, whose in (
                *((site, [hot]), (two, [hot]), (one, [hot])),
                (site, spread),
            )
        ]
        for in_one in (False, True):
            measures.append(_pgbench(stage, url, hot, seconds, in_one=in_one))
        for where in (site, two, one):
            warm(where.address, signings([hot]), expected=303)
        ours, bare_two, bare_one, ours_spread, pg_two, pg_one = in_turns(
            stage, *measures
        )
    conditions = f"{CLIENTS} clients, commits + 1 ms"
    for what, theirs, bar, note in (
        ("bare WSGI, two INSERTs", bare_two, at_least(0.50), percentiles_of(ours)),
        ("bare WSGI, one statement", bare_one, None, ""),
        ("pgbench, two INSERTs", pg_two, at_least(0.15), ""),
        ("pgbench, one statement", pg_one, None, ""),
        (f"ours over {len(spread)} petitions", ours_spread, at_least(0.85), ""),
    ):
        yield against(
            "sign",
            f"sign one hot petition, of {what}",
            ours,
            theirs,
            yardstick=what,
            bar=bar,
            note=joined(conditions, note),
        )


def petitions_for_bare(stage: Stage) -> str:
    every = [stage.facts["hot"], *stage.facts["spread"]]
    return ",".join(f"{one['slug']}:{one['id']}:{one['version']}" for one in every)


def _pgbench(
    stage: Stage, url: str, petition: dict[str, Any], seconds: float, *, in_one: bool
) -> Measure:
    """The same statements from a program that does nothing else."""
    words = pgbench_script(url, petition["id"], petition["version"], in_one=in_one)
    script = stage.home / f"pgbench-{in_one}.sql"
    script.write_text(words)
    options = f"-n -M prepared -c {CLIENTS} -j 2 -T {max(round(seconds), 1)}".split()
    name = url.split("?")[0].rsplit("/", 1)[1]
    command = [postgres_program("pgbench"), *options, "-f", str(script)]
    command += ["-h", host_of(url), "-U", "postgres", name]

    def measure() -> Tally:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=stage.home
        )
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        if not found:
            raise RuntimeError(f"pgbench: {done.stderr[-2000:]}")
        return Tally(seconds=1.0, counted=round(float(found.group(1))))

    return measure


def confirm(stage: Stage) -> Iterator[Row]:
    """Pressing the button, one hot petition; nobody holds the petition's row."""
    hot = stage.facts["hot"]
    seconds = stage.seconds(3, 1)
    each = int(seconds * 5_000)  # more than can be pressed in a round
    with ExitStack() as stack:
        url = stack.enter_context(stage.database("confirm", is_delayed=True))
        count = each * (stage.rounds + 1) * 2
        seed.pending(url, hot["id"], hot["version"], count, since=0)
        known = {"BARE_PETITIONS": petitions_for_bare(stage)}
        site = stack.enter_context(stage.site(url))
        bare = stack.enter_context(stage.bare(url, "confirm", **known))
        batches = iter([presses(start, each) for start in range(0, count, each)])
        watch = stack.enter_context(RowWatch(url, hot["id"]))

        def press(address: tuple[str, int]) -> Measure:
            return lambda: looping(address, iter(next(batches)), seconds=seconds)()

        for where in (site, bare):
            warm(where.address, iter(next(batches)), expected=303)
        ours, theirs = in_turns(stage, press(site.address), press(bare.address))
    yield against(
        "confirm",
        "confirm, hot petition, of bare WSGI",
        ours,
        theirs,
        yardstick="bare, the same statements",
        bar=at_least(0.40),
        note=percentiles_of(ours),
    )
    yield Row(
        "confirm",
        "petition's row found locked meanwhile",
        Spread.of([watch.locked]),
        bar=at_most(0),
        note=f"of {watch.looks} looks (FOR NO KEY UPDATE NOWAIT)",
    )


class RowWatch:
    """Looks again and again whether anybody holds a petition's row."""

    def __init__(self, url: str, petition: int) -> None:
        self.looks = self.locked = 0
        self._url, self._petition = url, petition
        self._stopping = Event()
        self._thread = Thread(target=self._watch)

    def __enter__(self) -> RowWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._stopping.wait(0.02):
                self.looks += 1
                try:
                    connection.execute(
                        "SELECT id FROM petitions_petition WHERE id = %s "
                        "FOR NO KEY UPDATE NOWAIT",
                        [self._petition],
                    )
                except psycopg.errors.LockNotAvailable:
                    self.locked += 1


def mixed(stage: Stage) -> Iterator[Row]:
    """Nineteen readers for each signer, 64 clients, against bare functions."""
    hot = stage.facts["hot"]
    request = get(f"/petitions/{hot['slug']}/")
    seconds = stage.seconds(4, 1)
    with ExitStack() as stack:
        url = stack.enter_context(stage.database("mixed", is_delayed=True))
        site = stack.enter_context(stage.site(url))
        kept = keep(ask(site.address, request), stage.home / "mixed.json")
        known = {
            "BARE_PETITIONS": petitions_for_bare(stage),
            "BARE_ANSWER": str(kept),
        }
        bare = stack.enter_context(stage.bare(url, "mixed", **known))
        measures = [_mixing(one.address, request, hot, seconds) for one in (site, bare)]
        for measure in measures:
            measure()
        ours, theirs = in_turns(stage, *measures)
    yield against(
        "mixed",
        "95 % pages, 5 % signings, 64 clients, of bare WSGI",
        ours,
        theirs,
        yardstick="bare WSGI",
        bar=at_least(0.75),
        note=percentiles_of(ours),
    )
    yield Row(
        "mixed",
        "p99 of all requests",
        worst_p99(ours),
        unit=" ms",
        yardstick=f"{written(worst_p99(theirs).median)} ms",
        bar=at_most(50),
        note=joined(errors_of("ours", ours)),
    )


def _mixing(
    address: tuple[str, int], page: bytes, petition: dict[str, Any], seconds: float
) -> Measure:
    forms = signings([petition])
    turns = cycle([True] + [False] * 19)
    requests = (next(forms) if is_signing else page for is_signing in turns)
    return looping(
        address, requests, seconds=seconds, connections=64, expected=ANY_SUCCESS
    )
