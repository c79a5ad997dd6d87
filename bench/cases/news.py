"""Many news wait to be mailed while people sign: how long do answers take?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import repeat

from bench import seed
from bench.cases.revoke import mail_sink
from bench.figures import Row, Spread, at_most, written
from bench.journeys import Journeys, Mailbox
from bench.load import Address, Engine, Lane, Tally
from bench.rounds import errors_of, joined, percentiles_of, warm
from bench.stage import Stage
from bench.wire import get

RECIPIENTS = 100_000
SIGNINGS = 10  # a second
STEPS = ("sign", "mail", "confirm")


def news(stage: Stage) -> Iterator[Row]:
    """The same steady signing twice: nothing else to mail, then many news waiting."""
    hot, other = stage.facts["hot"], stage.facts["spread"][0]
    recipients = int(stage.seconds(RECIPIENTS, RECIPIENTS / 10))
    with ExitStack() as stack:
        url = stack.enter_context(stage.database("news"))
        stage.say(f"seeding {recipients:,} who want updates")
        many = (url, other["id"], other["version"], recipients * 3)
        seed.confirmed(*many, since=1_000)  # every third wants them
        smtp, telling = stack.enter_context(mail_sink(stage))
        site = stack.enter_context(stage.site(url))
        mailbox = stack.enter_context(Mailbox(telling))
        warm(site.address, repeat(get(f"/petitions/{hot['slug']}/")))
        with stage.worker(url, smtp):
            alone, _mails = _sign(stage, site.address, mailbox)
        queued = json.loads(stage.run(url, "-m", "bench.write_news", str(other["id"])))
        with stage.worker(url, smtp):
            beside, mails = _sign(stage, site.address, mailbox)
    news_sent = mails - len(beside.latencies)
    yield from _rows(alone, beside, queued["written"], news_sent)
    yield Row(
        "news",
        "longest of the transactions that write them down",
        Spread.of([queued["longest"] * 1000]),
        unit=" ms",
        note=f"{queued['written']:,} in {written(queued['seconds'])} s, 1,000 in each",
    )


def _sign(stage: Stage, address: Address, mailbox: Mailbox) -> tuple[Tally, int]:
    """From signing to the arrival of its mail; and how many mails came in all."""
    _sign_for(1, stage, address, mailbox)  # until the worker is up
    before = mailbox.count
    seconds = stage.minutes * 60 if stage.minutes else stage.seconds(90, 20)
    tally = _sign_for(seconds, stage, address, mailbox)
    return tally, mailbox.count - before


def _sign_for(
    seconds: float, stage: Stage, address: Address, mailbox: Mailbox
) -> Tally:
    with Engine() as engine:
        lane = Lane(address, 16)
        journeys = Journeys(engine, lane, stage.facts["hot"], mailbox, STEPS)
        engine.at_rate(SIGNINGS, journeys.begin)
        engine.run(
            seconds,
            tallies=list(journeys.tallies.values()),
            until=lambda: journeys.open == 0,
            patience=60,
        )
    tally = journeys.tallies["mail"]
    if journeys.open:
        tally.errors["never arrived"] += journeys.open
    return tally


def _rows(alone: Tally, beside: Tally, waiting: int, sent: int) -> Iterator[Row]:
    how = f"{SIGNINGS} signings a second"
    yield Row(
        "news",
        f"mail to confirm, from signing to its arrival, p95, {how}",
        Spread.of([alone.milliseconds(95) / 1000]),
        unit=" s",
        note=joined(percentiles_of([alone]), errors_of("mails", [alone])),
    )
    yield Row(
        "news",
        f"the same while {waiting:,} mails with news wait, p95",
        Spread.of([beside.milliseconds(95) / 1000]),
        unit=" s",
        yardstick=f"{written(alone.milliseconds(95) / 1000)} s without",
        bar=at_most(3),
        note=joined(
            percentiles_of([beside]),
            f"longest {written(max(beside.latencies, default=0))} s",
            f"{sent:,} news went meanwhile",
            errors_of("mails", [beside]),
        ),
    )
    yield Row(
        "news",
        "how many times as long it takes, p95",
        Spread.of_ratios([beside.milliseconds(95)], [alone.milliseconds(95)]),
        note="both in one run, one after the other",
    )
