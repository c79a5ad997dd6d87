"""The same pages with a thousand, a million and ten million signatures.

Each size has a database and a site of its own, with all its signatures on one petition:
so everything grows, the petition's rows, the table and every index. The sites are asked
in turn.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import psycopg

from bench import seed
from bench.figures import Row, Spread, at_most, written
from bench.load import Tally, closed_loop
from bench.rounds import errors_of, joined
from bench.signers import manage_path, presses, seeded_key, signings
from bench.stage import Site, Stage
from bench.wire import get

ALIKE = 1.15
SIZES = (1_000, 1_000_000)
PENDING = 40_000


@dataclass(frozen=True)
class Size:
    count: int
    site: Site
    requests: dict[str, Iterator[bytes]]


def growth(stage: Stage) -> Iterator[Row]:
    """Medians of the largest against those of the smallest."""
    most = min(stage.largest, 100_000) if stage.is_quick else stage.largest
    counts = sorted({count for count in SIZES if count < most} | {most})
    with ExitStack() as stack:
        sizes = [_size(stage, stack, count) for count in counts]
        taken: dict[tuple[str, int], list[Tally]] = {}
        for number in range(stage.rounds + 1):
            for what in sizes[0].requests:
                for size in sizes:
                    tally = _ask(stage, size, what)
                    if number:  # the first warms
                        taken.setdefault((what, size.count), []).append(tally)
    for what in sizes[0].requests:
        small = taken[what, counts[0]]
        for count in counts[1:]:
            yield _row(what, small, taken[what, count], counts[0], count)


def _size(stage: Stage, stack: ExitStack, count: int) -> Size:
    hot = stage.facts["hot"]
    url = filled(stage, stack, count)
    seed.pending(url, hot["id"], hot["version"], PENDING, since=0)
    more = {"STORE_SECONDS": "0", "WORKERS": "1"}
    site = stack.enter_context(stage.site(url, name=f"site-{count}", **more))
    return Size(count, site, _requests(hot, count, str(stage.facts["staff_cookie"])))


def filled(stage: Stage, stack: ExitStack, count: int) -> str:
    """A database with so many confirmed signatures, all on one petition."""
    hot = stage.facts["hot"]
    stage.say(f"seeding {count:,} signatures")
    began = time.monotonic()
    url = stack.enter_context(stage.database(f"of_{count}"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE signatures_signature CASCADE")
        connection.execute(
            "TRUNCATE campaigns_dailycount, campaigns_placecount, campaigns_hourlycount"
        )
        connection.execute("DELETE FROM campaigns_milestone")
    seed.confirmed(url, hot["id"], hot["version"], count)
    stage.say(f"… took {time.monotonic() - began:.0f} s")
    return url


def _requests(
    hot: dict[str, Any], count: int, cookie: str
) -> dict[str, Iterator[bytes]]:
    middle = seeded_key(count // 2)
    page = f"/petitions/{hot['slug']}/"
    return {
        "page": repeat(get(page)),
        "sign": signings([hot]),
        "confirm": iter(presses(0, PENDING)),
        "admin list": repeat(
            get("/admin/signatures/signature/", gzip=False, cookie=cookie)
        ),
        "my signature": repeat(get(manage_path(middle), gzip=False)),
    }


def _ask(stage: Stage, size: Size, what: str) -> Tally:
    return closed_loop(
        size.site.address,
        size.requests[what],
        connections=1,
        seconds=stage.seconds(1, 0.4),
        expected=303 if what in ("sign", "confirm") else 200,
    )


def _row(
    what: str, small: list[Tally], large: list[Tally], fewest: int, count: int
) -> Row:
    medians = [[one.milliseconds(50) for one in tallies] for tallies in (large, small)]
    ours, theirs = (f"{written(Spread.of(one).median)} ms" for one in medians)
    return Row(
        "growth",
        f"{what}, p50 at {count:,} of that at {fewest:,}",
        Spread.of_ratios(*medians),
        ours=ours,
        yardstick=theirs,
        bar=at_most(ALIKE),
        note=joined(errors_of("large", large), errors_of("small", small)),
    )
