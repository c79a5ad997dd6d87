"""Words that few, some and many petitions hold, on both databases."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from bench.figures import Row, Spread, at_most, written
from bench.rounds import errors_of, joined, looping
from bench.stage import Stage, sqlite_url
from bench.wire import get

BARS = {"PostgreSQL": 15, "SQLite": 60}


def search(stage: Stage) -> Iterator[Row]:
    """The first page of hits, from the QuerySet; and the whole page with its counts."""
    count = 5_000 if stage.is_quick else 100_000
    times = 20 if stage.is_quick else 60
    with stage.database("search") as url:
        urls = {"PostgreSQL": url, "SQLite": sqlite_url(stage.home / "search.sqlite3")}
        stage.prepare(urls["SQLite"], spread=0)
        stage.say(f"seeding {count:,} petitions on both databases")
        seeding = ["-m", "bench.searches", "seed", str(count)]
        began = time.monotonic()
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda one: stage.run(one, *seeding), urls.values()))
        stage.say(f"… took {time.monotonic() - began:.0f} s")
        for name, where in urls.items():
            told = stage.run(where, "-m", "bench.searches", "ask", str(times))
            for one in json.loads(told):
                yield Row(
                    "search",
                    f"{count:,} petitions, {one['what']} words, p95, {name}",
                    Spread.of([one["p95"]]),
                    unit=" ms",
                    bar=at_most(BARS[name]),
                    note=f"p50 {written(one['p50'])} ms, {times} searches",
                )
            yield from _pages(stage, where, name)


def _pages(stage: Stage, url: str, name: str) -> Iterator[Row]:
    with stage.site(url, STORE_SECONDS="0") as site:
        for kind, word in (("rare", "rarissimab"), ("common", "communaliab")):
            request = get(f"/petitions/?q={word}")
            seconds = stage.seconds(3, 1)
            tallies = [
                looping(
                    site.address,
                    iter([request] * 200),
                    seconds=seconds,
                    connections=1,
                    expected=200,
                )()
                for _ in range(2)
            ]
            yield Row(
                "search",
                f"whole page without the store, {kind} word, p95, {name}",
                Spread.of([tallies[1].milliseconds(95)]),
                unit=" ms",
                note=joined(
                    f"p50 {written(tallies[1].milliseconds(50))} ms",
                    errors_of("ours", tallies),
                ),
            )
