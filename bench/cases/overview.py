"""Two pages of the admin with a thousand signatures and with a million.

The first page, and that of the petition which has them all. Each size has a database
and a site of its own. What the pages ask is explained by the database: how many rows it
reads must not grow.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import psycopg

from bench.cases import growing
from bench.figures import Row, Spread, at_most, written
from bench.load import Tally, closed_loop
from bench.rounds import errors_of, joined
from bench.stage import ROOT, Site, Stage
from bench.wire import get

SIZES = (1_000, 1_000_000)
MOST_QUERIES = 12
ALIKE = 1.15
# Nothing is counted further than ten thousand; the rest is how indexes are packed.
ROWS_ALIKE = 10_400
GATHER = "import django; django.setup(); from campaigns import towns; towns.gather()"
ASKED = """
    INSERT INTO signatures_askedcount (petition_id, day, count)
    SELECT petition_id, day, count * 5 / 4 FROM campaigns_dailycount
    ON CONFLICT DO NOTHING
"""
CHANNELS = """
    INSERT INTO campaigns_channelcount (petition_id, via, count)
    SELECT %s, via, 1000 FROM unnest(ARRAY['wa', 'em', 'fb', 'qr']) via
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Size:
    count: int
    site: Site
    plans: dict[str, list[dict[str, Any]]]


def overview(stage: Stage) -> Iterator[Row]:
    """Medians of the larger against those of the smaller, and what is asked."""
    hot, cookie = stage.facts["hot"], str(stage.facts["staff_cookie"])
    paths = {
        "first page": "/admin/",
        "petition's page": f"/admin/petitions/petition/{hot['id']}/overview/",
    }
    counts = (SIZES[0], 100_000) if stage.is_quick else SIZES
    with ExitStack() as stack:
        sizes = [
            _size(stage, stack, count, cookie, [*paths.values()]) for count in counts
        ]
        _write_plans(sizes)
        taken: dict[tuple[str, int], list[Tally]] = {}
        for number in range(stage.rounds + 1):
            for what, path in paths.items():
                for size in sizes:
                    tally = _ask(stage, size, path, cookie)
                    if number:  # the first warms
                        taken.setdefault((what, size.count), []).append(tally)
    small, large = sizes
    for what, path in paths.items():
        yield _time(
            what, taken[what, large.count], taken[what, small.count], large.count
        )
        yield _queries(what, large.plans[path])
        yield _rows(what, large.plans[path], small.plans[path], large.count)


def _size(
    stage: Stage, stack: ExitStack, count: int, cookie: str, paths: list[str]
) -> Size:
    hot = stage.facts["hot"]
    url = growing.filled(stage, stack, count)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE petitions_petition SET opened_at = now() - interval '30 days' "
            "WHERE id = %s",
            [hot["id"]],
        )
        connection.execute(ASKED)
        connection.execute(CHANNELS, [hot["id"]])
    began = time.monotonic()
    stage.run(url, "-c", GATHER)
    stage.say(f"gathering the places took {time.monotonic() - began:.1f} s")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    plans = json.loads(stage.run(url, "-m", "bench.plans", cookie, *paths))
    more = {"STORE_SECONDS": "0", "WORKERS": "1"}
    site = stack.enter_context(stage.site(url, name=f"overview-{count}", **more))
    return Size(count, site, plans)


def _ask(stage: Stage, size: Size, path: str, cookie: str) -> Tally:
    return closed_loop(
        size.site.address,
        repeat(get(path, gzip=False, cookie=cookie)),
        connections=1,
        seconds=stage.seconds(2, 0.6),
        expected=200,
    )


def _time(what: str, large: list[Tally], small: list[Tally], count: int) -> Row:
    medians = [[one.milliseconds(50) for one in tallies] for tallies in (large, small)]
    ours, theirs = (f"{written(Spread.of(one).median)} ms" for one in medians)
    return Row(
        "overview",
        f"{what}, p50 at {count:,} of that at {SIZES[0]:,}",
        Spread.of_ratios(*medians),
        ours=ours,
        yardstick=theirs,
        bar=at_most(ALIKE),
        note=joined(errors_of("large", large), errors_of("small", small)),
    )


def _queries(what: str, plans: list[dict[str, Any]]) -> Row:
    number = Spread.of([float(len(plans))])
    return Row("overview", f"{what}, queries", number, bar=at_most(MOST_QUERIES))


def _rows(
    what: str, large: list[dict[str, Any]], small: list[dict[str, Any]], count: int
) -> Row:
    """Of the query that reads most, against what it reads with few signatures."""
    more = [big["rows_read"] for big in large]
    less = [little["rows_read"] for little in small]
    return Row(
        "overview",
        f"{what}, rows read by its greediest query at {count:,}",
        Spread.of([float(max(more))]),
        bar=at_most(ROWS_ALIKE + max(less)),
        note=f"in all {sum(more):,}, with {SIZES[0]:,} signatures {sum(less):,}",
    )


def _write_plans(sizes: list[Size]) -> None:
    """var/bench/overview-plans.txt: each query with what it read and its plan."""
    parts = []
    for size in sizes:
        for path, plans in size.plans.items():
            parts.append(
                f"=== {path} with {size.count:,} signatures, {len(plans)} queries"
            )
            for place, plan in enumerate(plans, 1):
                sql = re.sub(r"\s+", " ", plan["sql"])[:400]
                parts.append(f"--- {place}. rows read: {plan['rows_read']}\n{sql}")
                parts += plan["lines"]
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "overview-plans.txt").write_text("\n".join(parts) + "\n")
