"""One fault under load, from the calm before it to the last count after it."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from bench.faults import databases
from bench.faults.checks import Outcome
from bench.faults.databases import Before
from bench.faults.deeds import Fault, Scene, fake_clock, may_sign_soon, wait_until
from bench.faults.ground import Ground, ground, small_disk
from bench.faults.measures import Missed, Service, Times
from bench.faults.people import People
from bench.load import Engine
from bench.rounds import warm
from bench.stage import Stage
from bench.wire import get

LONGEST = 600.0  # seconds that one fault may take under load
MEGABYTES = {"PostgreSQL": 320, "SQLite": 128}


@dataclass(frozen=True)
class Rates:
    signers: float
    readers: float


@dataclass
class Result:
    """A line of the table."""

    database: str
    fault: Fault
    outcome: Outcome | None = None
    service: Service | None = None
    done: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    not_run: str = ""  # why
    drained_in: float = 0.0

    @property
    def wrong(self) -> list[str]:
        """What must not be, on any machine."""
        return [one for one in self.problems if not isinstance(one, Missed)]

    @property
    def verdict(self) -> str:
        if self.not_run:
            return f"NOT RUN: {self.not_run}"
        words = "WRONG: " if self.wrong else "kept; slower than meant: "
        return words + "; ".join(self.problems) if self.problems else "kept"


def run_all(
    stage: Stage, kind: str, faults: Sequence[Fault], rates: Rates
) -> Iterator[Result]:
    """First those that share one site, then those that need one of their own."""
    runnable = []
    for fault in faults:
        if reason := _why_not(fault, kind):
            yield Result(kind, fault, not_run=reason)
        elif not fault.needs_small_disk:
            runnable.append(fault)
    if runnable:
        yield from _run_on(stage, kind, runnable, rates)
    for fault in faults:
        if fault.needs_small_disk and kind in fault.databases:
            with small_disk(MEGABYTES[kind]) as disk:
                if disk:
                    yield from _run_on(stage, kind, [fault], rates, disk)
                else:
                    yield Result(kind, fault, not_run="no tmpfs could be mounted here")


def _run_on(
    stage: Stage,
    kind: str,
    faults: Sequence[Fault],
    rates: Rates,
    disk: Path | None = None,
) -> Iterator[Result]:
    """One after the other on one site. What breaks off is told, and ends no run."""
    waiting = list(faults)
    try:
        with ground(stage, kind, disk) as own:
            while waiting:
                yield _guarded(own, waiting.pop(0), rates)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        traceback.print_exc()
        for fault in waiting:
            yield Result(kind, fault, problems=[_broken(error)])


def _why_not(fault: Fault, kind: str) -> str:
    if kind not in fault.databases:
        return fault.why_not
    if fault.name == "clock-off" and fake_clock() is None:
        return "libfaketime is not installed (Debian: apt install faketime)"
    return ""


def _guarded(own: Ground, fault: Fault, rates: Rates) -> Result:
    try:
        return run_one(own, fault, rates)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        traceback.print_exc()
        return Result(own.database.name, fault, problems=[_broken(error)])


def _broken(error: Exception) -> str:
    return f"broke off: {type(error).__name__}: {error}"[:300]


def run_one(own: Ground, fault: Fault, rates: Rates) -> Result:
    own.stage.say(f"{own.database.name}: {fault.name}")
    before = Before.of(own.database, own.petition["id"])
    crashes = len(own.database.crashes())
    with fault.doors(own) as doors, Engine() as engine:
        for door in doors:
            warm(door, repeat(get(own.pages[0])))
        people = People(engine, doors, own.petition, own.pages)
        scene = Scene(own, people)
        times = _load(engine, scene, fault, rates)
    began = time.monotonic()
    _drain(own)
    drained_in = time.monotonic() - began
    fallen = own.database.crashes()[crashes:]
    outcome = Outcome.of(
        people.told,
        people.mailed,
        before.found(own.recount),
        people.asked,
        duplicates_allowed=_duplicates_allowed(scene, fault, fallen),
    )
    problems = [*scene.problems, *outcome.problems]
    for look in (may_sign_soon, *fault.looks):
        problems += look(scene, people.asked, times)
    service = Service.of(people.asked, times)
    if service.back_after > 10:
        words = f"back to normal only after {service.back_after:.0f} s"
        problems.append(Missed(words))
    return Result(
        own.database.name,
        fault,
        outcome,
        service,
        dict(scene.done),
        problems,
        drained_in=times.quiet - times.over + drained_in,
    )


def _load(engine: Engine, scene: Scene, fault: Fault, rates: Rates) -> Times:
    """Calm, fault, calm; then until each signer has had a mail and has confirmed."""
    own, people = scene.ground, scene.people
    calm, tail = scene.number(5, 2), scene.number(15, 8)
    moments: list[float] = []

    def act() -> None:
        time.sleep(calm)
        moments.append(time.perf_counter())
        try:
            fault.deed(scene)
        except Exception as error:  # noqa: BLE001 - it must end the load too
            traceback.print_exc()
            scene.problems.append(f"the deed broke off: {error}"[:300])
        moments.append(time.perf_counter())
        time.sleep(tail)
        if own.is_quick:
            databases.bring_forward(own.database)
        moments.append(time.perf_counter())
        engine.is_over = True

    def hear() -> None:
        for line in own.telling.lines():
            people.hear(line)

    engine.listen(own.telling.socket, hear)
    people.come(rates.signers, rates.readers)
    began = time.perf_counter()
    actor = threading.Thread(target=act, daemon=True)
    actor.start()
    engine.run(
        LONGEST,
        tallies=[],
        until=people.are_done,
        patience=scene.number(420, 30),
    )
    actor.join()
    fault_began, fault_ended, over = moments
    return Times(began, fault_began, fault_ended, over, quiet=time.perf_counter())


def _drain(own: Ground) -> None:
    """Until no mail and no change waits; the checks say if some do for ever."""

    def is_empty() -> bool:
        if own.is_quick:
            databases.bring_forward(own.database)
        waiting = databases.waiting_changes(own.database)
        return not waiting + databases.waiting_mails(own.database)

    wait_until(is_empty, seconds=20 if own.is_quick else 120, pause=0.5)


def _duplicates_allowed(scene: Scene, fault: Fault, fallen: Sequence[float]) -> int:
    """A mail for each kill, hang and drop, and what a fallen database forgot.

    Stamps of mails are committed without waiting for the disk: when PostgreSQL falls,
    those of the last 0.6 seconds may be gone.
    """
    mailed = scene.people.mailed
    cut_off = mailed.behaved["hung"] + mailed.behaved["dropped"]
    forgotten = mailed.within_a_second_before(fallen)
    return scene.kills + cut_off + fault.in_hand + forgotten
