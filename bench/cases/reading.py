"""Pages: out of the store against bare bytes, and made by Django."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

import psycopg

from bench.bare_answers import keep
from bench.figures import Bar, Row, Spread, at_least, at_most, written
from bench.load import Tally, closed_loop
from bench.rounds import against, errors_of, in_turns, joined, repeating, warm
from bench.stage import Site, Stage, ask
from bench.wire import get


def page(stage: Stage) -> Iterator[Row]:
    """The store, warm, against a bare application that gives the same bytes."""
    path = f"/petitions/{stage.facts['hot']['slug']}/"
    with stage.database("page") as url, stage.site(url) as site:
        etag = ask(site.address, get(path)).header("etag")
        for what, request, expected, bar in (
            ("petition page, gzip", get(path), 200, 0.90),
            ("petition page, as it is", get(path, gzip=False), 200, 0.90),
            ("304 of the page", get(path, if_none_match=etag), 304, 0.95),
            ("count.json", get(f"{path}count.json"), 200, 0.95),
        ):
            answer = ask(site.address, request)
            size = f"{len(answer.body):,} bytes"
            kept = keep(answer, stage.home / "answer.json")
            with stage.bare(url, "page", BARE_ANSWER=str(kept)) as bare:
                seconds = stage.seconds(2, 0.5)
                measures = [
                    repeating(one.address, request, seconds=seconds, expected=expected)
                    for one in (site, bare)
                ]
                for measure in measures:
                    measure()  # warm
                ours, theirs = in_turns(stage, *measures)
            yield against(
                "page",
                f"{what}, of bare WSGI",
                ours,
                theirs,
                yardstick="bare WSGI",
                bar=at_least(bar),
                note=size,
            )


def django(stage: Stage) -> Iterator[Row]:
    """The page without the store: CPU of the workers and queries."""
    hot = stage.facts["hot"]
    path = f"/petitions/{hot['slug']}/"
    with stage.database("django") as url:
        told = stage.run(url, "-m", "bench.queries", path, STORE_SECONDS="0")
        queries = json.loads(told)
        with stage.site(url, STORE_SECONDS="0") as site:
            warm(site.address, iter([get(path)] * 200))
            yield _bare_row(stage, url, site, path)
            for what, taken in (
                ("unchanged", _unchanged(stage, site, path)),
                ("changed", _changed(stage, site, path, url, hot["id"])),
                ("cold", _cold(stage, site)),
            ):
                yield _cpu_row(WORDS[what], taken)
                yield Row(
                    "django",
                    f"queries, {WORDS[what]}",
                    Spread.of([queries[what]]),
                    bar=at_most(8),
                )


MOST_CPU = at_most(3)  # milliseconds
WORDS = {
    "unchanged": "nothing changed since",
    "changed": "the count changes each time",
    "cold": "a petition's first page",
}
Taken = list[tuple[Tally, float]]  # with the CPU seconds that it cost


def _unchanged(stage: Stage, site: Site, path: str) -> Taken:
    measure = repeating(
        site.address, get(path), seconds=stage.seconds(3, 0.6), connections=2
    )
    return [_with_cpu(site, measure) for _ in range(stage.rounds)]


def _bare_row(stage: Stage, url: str, site: Site, path: str) -> Row:
    """What gunicorn itself costs on this machine, to hold the prices against."""
    kept = keep(ask(site.address, get(path)), stage.home / "answer.json")
    with stage.bare(url, "page", BARE_ANSWER=str(kept)) as bare:
        taken = _unchanged(stage, bare, path)
    return _cpu_row("bare WSGI, as many bytes", taken, bar=None)


def _changed(stage: Stage, site: Site, path: str, url: str, petition: int) -> Taken:
    """What a fold does to the petition, before each request."""
    seconds = stage.seconds(3, 0.6)
    with psycopg.connect(url, autocommit=True) as connection:

        def requests() -> Iterator[bytes]:
            while True:
                connection.execute(
                    "UPDATE petitions_petition SET signature_count = "
                    "signature_count + 1, changed_at = now() WHERE id = %s",
                    [petition],
                )
                yield get(path)

        def measure() -> Tally:
            return closed_loop(site.address, requests(), connections=1, seconds=seconds)

        return [_with_cpu(site, measure) for _ in range(stage.rounds)]


def _cold(stage: Stage, site: Site) -> Taken:
    """Some petitions a round that nobody has read before."""
    fresh = iter(stage.facts["spread"])
    taken = []
    each = len(stage.facts["spread"]) // stage.rounds
    for _ in range(stage.rounds):
        slugs = [petition["slug"] for petition in islice(fresh, each)]
        requests = [get(f"/petitions/{slug}/") for slug in slugs]

        def measure(requests: list[bytes] = requests) -> Tally:
            return closed_loop(site.address, iter(requests), connections=1, seconds=9)

        taken.append(_with_cpu(site, measure))
    return taken


def _with_cpu(site: Site, measure: object) -> tuple[Tally, float]:
    before = site.cpu_seconds()
    tally: Tally = measure()  # type: ignore[operator]
    return tally, site.cpu_seconds() - before


def _cpu_row(words: str, taken: Taken, *, bar: Bar | None = MOST_CPU) -> Row:
    tallies = [tally for tally, _cpu in taken]
    prices = [cpu * 1000 / max(len(tally.latencies), 1) for tally, cpu in taken]
    p50 = written(Spread.of([one.milliseconds(50) for one in tallies]).median)
    return Row(
        "django",
        f"CPU of a page, {words}",
        Spread.of(prices),
        unit=" ms",
        bar=bar,
        note=joined(f"p50 {p50} ms", errors_of("ours", tallies)),
    )
