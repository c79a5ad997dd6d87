"""One petition that everybody signs, for minutes; then nothing may be missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import repeat

from bench import exact
from bench.figures import Row, Spread, at_least, at_most, written
from bench.journeys import Journeys, Mailbox
from bench.load import Address, Engine, Lane, Tally, Task, closed_loop
from bench.proxy import find_nginx, nginx
from bench.rounds import errors_of, joined, percentiles_of, warm
from bench.signers import signings
from bench.stage import PYTHON, Stage, wait_for
from bench.wire import Answer, get

CONNECTIONS = 64  # of those who sign
READERS = 16
MEGABYTES = 120


def revoke(stage: Stage) -> Iterator[Row]:
    """Readers and journeys at fixed rates, worker and mail beside.

    Behind the nginx that we ship, where there is one: as a site for real stands.
    """
    hot = stage.facts["hot"]
    minutes = stage.minutes or stage.seconds(10, 1)
    with ExitStack() as stack:
        url = stack.enter_context(stage.database("revoke"))
        ports = stack.enter_context(mail_sink(stage))
        program = find_nginx()
        # We stand for a proxy before it, which says from where each signer comes.
        proxies = "2" if program else "1"
        site = stack.enter_context(stage.site(url, TRUSTED_PROXIES=proxies))
        worker = stack.enter_context(stage.worker(url, ports[0]))
        mailbox = stack.enter_context(Mailbox(ports[1]))
        page = get(f"/petitions/{hot['slug']}/")
        door = nginx(stage, program, site) if program else nullcontext(site.address)
        address = stack.enter_context(door)
        warm(address, repeat(page))
        memory = site.megabytes()
        before = exact.Before.of(url, hot["id"])
        journeys, readers = _crowd(stage, address, mailbox, minutes * 60, page)
        grown, shares = site.megabytes(), site.megabytes("Pss")
        worker.terminate()
        worker.wait()
        stage.run(url, "manage.py", "work", "--once", EMAIL_URL=_to(ports[0]))
        faults = exact.faults(journeys.told, before.found())
    where = "behind nginx" if program else "without a proxy: no nginx here"
    yield from _rows(journeys, readers, f"for {written(minutes)} min, {where}", faults)
    served = len(readers.latencies) + sum(
        len(tally.latencies)
        for step, tally in journeys.tallies.items()
        if step not in ("mail", "whole")
    )
    yield _memory_row(memory, grown, shares, served)


def _crowd(
    stage: Stage, address: Address, mailbox: Mailbox, seconds: float, page: bytes
) -> tuple[Journeys, Tally]:
    readers = Tally()
    with Engine() as engine:
        reading = Lane(address, READERS)
        signing = Lane(address, CONNECTIONS)
        journeys = Journeys(engine, signing, stage.facts["hot"], mailbox, stage.steps)

        def read(due: float) -> None:
            if not engine.is_over:
                engine.put(reading, Task(page, readers, due=due))

        engine.at_rate(stage.reads_per_second, read)
        engine.at_rate(stage.journeys_per_minute / 60, journeys.begin)
        engine.run(
            seconds,
            tallies=[readers, *journeys.tallies.values()],
            until=lambda: journeys.open == 0,
            patience=60,
        )
    return journeys, readers


def _rows(
    journeys: Journeys, readers: Tally, how: str, faults: list[str]
) -> Iterator[Row]:
    tallies = journeys.tallies
    told = journeys.told
    yield Row(
        "revoke",
        f"whole journeys a minute, {how}",
        Spread.of([tallies["whole"].rate * 60]),
        bar=at_least(12_000),
        note=joined(
            ", ".join(step for step in tallies if step != "whole"),
            percentiles_of([tallies["whole"]]),
            f"{journeys.open} did not arrive" if journeys.open else "",
            *(errors_of(step, [tally]) for step, tally in tallies.items()),
        ),
    )
    yield Row(
        "revoke",
        "page reads a second meanwhile",
        Spread.of([readers.rate]),
        bar=at_least(2_000),
        note=joined(percentiles_of([readers]), errors_of("readers", [readers])),
    )
    yield Row(
        "revoke",
        "signing, p95",
        Spread.of([tallies["sign"].milliseconds(95)]),
        unit=" ms",
        bar=at_most(250),
        note=percentiles_of([tallies["sign"]]),
    )
    yield Row(
        "revoke",
        "mail, from signing to its arrival, p50",
        Spread.of([tallies["mail"].milliseconds(50) / 1000]),
        unit=" s",
        note=percentiles_of([tallies["mail"]]),
    )
    yield Row(
        "revoke",
        "lost, twice or miscounted",
        Spread.of([len(faults)]),
        bar=at_most(0),
        note=f"{len(told.signed):,} signed, {len(told.confirmed):,} confirmed",
        faults=faults,
    )


def _memory_row(
    before: list[float], after: list[float], shares: list[float], served: int
) -> Row:
    grown = max(after) - max(before)
    return Row(
        "revoke",
        f"largest worker after {served:,} requests",
        Spread.of([max(after)]),
        unit=" MB",
        bar=at_most(MEGABYTES),
        note=f"{written(max(before))} MB at the start, {grown:+.1f}; "
        f"its share (PSS) {written(max(shares))} MB",
    )


def peak(stage: Stage) -> Iterator[Row]:
    """The highest rate of signing alone, over several numbers of clients."""
    hot = stage.facts["hot"]
    seconds = stage.seconds(10, 2)
    with stage.database("peak") as url, stage.site(url) as site:
        before = exact.Before.of(url, hot["id"])
        told = exact.Acknowledged()
        forms = signings([hot])

        def note(answer: Answer, _now: float) -> None:
            if answer.status == 303:
                told.signed.add(answer.path.split("/")[2].replace("-", ""))

        def measure(clients: int) -> Tally:
            return closed_loop(
                site.address,
                forms,
                connections=clients,
                seconds=seconds,
                expected=303,
                then=note,
            )

        measure(32)  # warm
        found = {clients: measure(clients) for clients in (16, 32, 64)}
        for tally in found.values():
            told.unanswered += tally.error_count
        faults = exact.faults(told, before.found())
    best = max(found, key=lambda clients: found[clients].rate)
    rates = [f"{one}: {tally.rate * 60:,.0f}" for one, tally in found.items()]
    yield Row(
        "peak",
        "signings a minute, nothing beside",
        Spread.of([found[best].rate * 60]),
        bar=at_least(60_000),
        note=joined(
            f"with {best} clients ({'; '.join(rates)})",
            percentiles_of([found[best]]),
            f"{len(told.signed):,} checked",
            errors_of("ours", list(found.values())),
        ),
        faults=faults,
    )


@contextmanager
def mail_sink(stage: Stage) -> Iterator[tuple[int, int]]:
    """The two ports of a running sink: SMTP, and who hears of each mail."""
    log = stage.home / "sink.log"
    log.unlink(missing_ok=True)
    command = [PYTHON, "-m", "bench.sink"]
    with stage.child("sink", command, stage.environment("")) as child:
        wait_for(lambda: log.read_text().endswith("\n"), child)
        smtp, telling = log.read_text().split()
        yield int(smtp), int(telling)


def _to(port: int) -> str:
    return f"smtp://127.0.0.1:{port}"
