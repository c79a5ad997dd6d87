"""A hundred thousand changes folded while people sign."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from math import inf

import psycopg

from bench import seed
from bench.figures import Row, Spread, at_most, percentile, written
from bench.load import Engine, Lane, Tally, Task
from bench.rounds import errors_of, joined, warm
from bench.signers import signings
from bench.stage import PYTHON, ROOT, Site, Stage
from bench.statements import CHANGE

CHANGES = 100_000
SIGNINGS = 200  # a second: what two busy cores still do with ease
ALIKE = 1.15


@dataclass
class Round:
    tally: Tally
    seconds: float
    began: float
    ended: float

    def answered(self, since: float, until: float) -> list[float]:
        """The latencies of what was answered in this time."""
        answered = zip(self.tally.latencies, self.tally.ended_at, strict=True)
        return [one for one, at in answered if since <= at <= until]


def fold(stage: Stage) -> Iterator[Row]:
    hot = stage.facts["hot"]
    with stage.database("fold", is_delayed=True) as url, stage.site(url) as site:
        warm(site.address, signings([hot]), expected=303)
        rounds = []
        for _ in range(stage.rounds):
            seed.changes(url, hot["id"], CHANGES)
            rounds.append(_round(stage, url, site))
            _insist_on_empty(url)
    calm = [one.answered(-inf, one.began) for one in rounds]
    busy = [one.answered(one.began, one.ended + 0.05) for one in rounds]
    each = Spread.of_ratios([_p95(one) for one in busy], [_p95(one) for one in calm])
    all_calm, all_busy = _p95([*chain(*calm)]), _p95([*chain(*busy)])
    yield Row(
        "fold",
        f"fold of {CHANGES:,} changes",
        Spread.of([one.seconds for one in rounds]),
        unit=" s",
        bar=at_most(1),
    )
    yield Row(
        "fold",
        "signers' p95 meanwhile, of that before",
        replace(each, median=all_busy / all_calm),
        ours=f"{written(all_busy)} ms",
        yardstick=f"{written(all_calm)} ms",
        bar=at_most(ALIKE),
        note=joined(
            f"{SIGNINGS} signings a second, all rounds together",
            errors_of("ours", [one.tally for one in rounds]),
        ),
    )


def _p95(latencies: list[float]) -> float:
    return percentile(latencies, 95) * 1000


def _round(stage: Stage, url: str, site: Site) -> Round:
    """Some seconds of signing; then the fold; signing goes on until it has ended."""
    calm = stage.seconds(4, 1.5)
    found = Round(Tally(), 0.0, inf, inf)
    forms = signings([stage.facts["hot"]])
    with _folder(stage, url) as folder, Engine() as engine:
        go, told = folder.stdin, folder.stdout
        assert go
        assert told
        lane = Lane(site.address, 32)

        def sign(due: float) -> None:
            task = Task(next(forms), found.tally, expected=303, due=due)
            engine.put(lane, task)
            if found.began == inf and due > begin_at:
                found.began = time.perf_counter()
                go.write(b"go\n")
                go.flush()

        def folded() -> None:
            words = told.readline().split()
            if found.ended == inf and words:
                found.ended = time.perf_counter()
                found.seconds = float(words[1])

        engine.listen(told, folded)
        engine.at_rate(SIGNINGS, sign)
        begin_at = time.perf_counter() + calm
        engine.run(calm + 2, tallies=[found.tally], until=lambda: found.ended < inf)
    return found


def _folder(stage: Stage, url: str) -> subprocess.Popen[bytes]:
    """The process that folds, ready to."""
    folder = subprocess.Popen(
        [PYTHON, "-m", "bench.fold_once"],
        env=stage.environment(url),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert folder.stdout
    assert folder.stdout.readline() == b"ready\n"
    return folder


def _insist_on_empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {CHANGE}").fetchone()
    assert row == (0,), row
