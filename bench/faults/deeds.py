"""The faults. Each is a function that does the damage and says what it did."""

from __future__ import annotations

import contextlib
import math
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path

import psycopg

from bench.faults.databases import Postgres
from bench.faults.ground import Ground
from bench.faults.measures import POSTS, PROBES, Asked, Missed, Times, until
from bench.faults.people import People
from bench.load import Address
from bench.stage import ROOT, ask
from bench.wire import get

FAKETIME = Path("/usr/lib")
SKEW = 3600
CONNECTIONS = 4  # MAIL_CONNECTIONS: mails that one worker has in hand
BOTH = ("PostgreSQL", "SQLite")


@dataclass
class Scene:
    """What a deed may touch, and its notes."""

    ground: Ground
    people: People
    kills: int = 0  # of the mail's worker: each may send a mail twice
    done: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def number(self, full: int, quick: int) -> int:
        return quick if self.ground.is_quick else full


Deed = Callable[[Scene], None]
Look = Callable[[Scene, Sequence[Asked], Times], Iterator[str]]


def web_killed(scene: Scene) -> None:
    """A worker of gunicorn killed with -9 each second, either of the two."""
    for _ in range(scene.number(60, 4)):
        if workers := scene.ground.site.workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(workers), signal.SIGKILL)
                scene.done["kills"] += 1
        time.sleep(1)


def worker_killed(scene: Scene) -> None:
    """The worker killed with -9 while it sends, and started again."""
    worker = scene.ground.worker
    for _ in range(scene.number(20, 2)):
        seen = scene.people.mailed.behaved.total()
        wait_until(
            lambda: worker.is_up and scene.people.mailed.behaved.total() > seen,  # noqa: B023 - called at once
            seconds=15,
        )
        time.sleep(random.uniform(0, 0.5))
        worker.kill()
        scene.kills += 1
        scene.done["kills"] += 1
        wait_until(lambda: worker.child is not None and worker.child.poll() is None)


def database_stopped(scene: Scene) -> None:
    """PostgreSQL stopped with -m immediate, and started after 20 seconds."""
    database = scene.ground.database
    assert isinstance(database, Postgres)
    database.stop("immediate")
    scene.done["stop of the server"] += 1
    time.sleep(scene.number(20, 4))
    database.start()


def reloaded(scene: Scene) -> None:
    """gunicorn reloaded with HUP every three seconds."""
    for _ in range(scene.number(20, 2)):
        os.kill(scene.ground.site.child.pid, signal.SIGHUP)
        scene.done["reloads"] += 1
        time.sleep(3)


def mail_bad(scene: Scene) -> None:
    """The mail server refuses 30 % for now, hangs at 5 %, drops the line at 5 %."""
    scene.ground.telling.say("bad 30 5 5")
    time.sleep(scene.number(60, 4))
    scene.ground.telling.say("bad 0 0 0")
    for behaviour, number in scene.people.mailed.behaved.items():
        if behaviour != "kept":
            scene.done[behaviour] += number


def mail_away(scene: Scene) -> None:
    """The mail server closes all connections and takes none."""
    scene.ground.telling.say("away")
    scene.done["time away"] += 1
    time.sleep(scene.number(20, 3))
    scene.ground.telling.say("back")


def disk_full(scene: Scene) -> None:
    """A file takes all that is free where the database lies; 20 s later it goes."""
    disk, database = scene.ground.disk, scene.ground.database
    assert disk
    filler = disk / "filler"
    ends = time.monotonic() + scene.number(20, 4)
    is_switched = False
    while time.monotonic() < ends:
        _fill(filler)
        half_time = time.monotonic() > ends - scene.number(10, 2)
        if half_time and not is_switched and isinstance(database, Postgres):
            is_switched = True
            with contextlib.suppress(psycopg.Error):  # also the log finds no room then
                database.do("SELECT pg_switch_wal()")
        time.sleep(0.2)
    scene.done["time full"] += 1
    filler.unlink()
    if database.ensure_runs():
        scene.done["start of the server, which had ended itself"] += 1


def clock_off(scene: Scene) -> None:
    """One of two web workers an hour ahead of the other, and of the worker."""
    dates = [_date_at(door) for door in scene.people.doors]
    skew = (dates[1] - dates[0]) if len(dates) == 2 else 0.0
    scene.done["seconds apart"] = round(skew)
    if abs(skew - SKEW) > 60:
        scene.problems.append(f"the clocks are {skew:.0f} s apart, not {SKEW}")
    readiness = ask(scene.people.doors[1], get("/readyz", connection="close"))
    scene.done["says /readyz where it is ahead"] = readiness.status
    time.sleep(scene.number(30, 4))


@contextlib.contextmanager
def one_door(ground: Ground) -> Iterator[list[Address]]:
    yield ground.doors


@contextlib.contextmanager
def a_door_ahead(ground: Ground) -> Iterator[list[Address]]:
    """A second gunicorn whose clock is an hour ahead."""
    library = fake_clock()
    assert library
    ahead = {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"+{SKEW}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
        "WORKERS": "1",
        "PYTHONPATH": f"{Path(__file__).parent / 'ahead'}:{ROOT}",
    }
    with ground.stage.site(ground.database.url, name="site-ahead", **ahead) as site:
        yield [*ground.doors, site.address]


def fake_clock() -> Path | None:
    """libfaketime, where it is installed."""
    return next(FAKETIME.glob("*/faketime/libfaketimeMT.so.1"), None)


def may_sign_soon(scene: Scene, asked: Sequence[Asked], times: Times) -> Iterator[str]:
    """What must hold after every fault: back to normal within ten seconds."""
    ready = until(asked, "readyz", times.fault_ended, lambda one: one.status == 200)
    if ready > 10:
        yield Missed(f"/readyz was not back within 10 s ({ready:.0f} s)")
    if dead := [one for one in asked if one.kind == "healthz" and one.status == 503]:
        yield f"/healthz said 503 {len(dead)} times"


def answers_while_away(
    scene: Scene, asked: Sequence[Asked], times: Times
) -> Iterator[str]:
    """Pages stay, forms are asked back at once, the probes tell."""
    meanwhile = [one for one in asked if times.is_within_fault(one)]
    pages = [one for one in meanwhile if one.kind == "page"]
    there = sum(1 for one in pages if one.status == 200)
    old = sum(1 for one in pages if one.is_old)
    scene.done["pages read meanwhile"] = len(pages)
    scene.done["of them 200"] = there
    scene.done["of them marked as old"] = old
    if there < 0.99 * len(pages) or not pages:
        yield f"only {there} of {len(pages)} pages were 200"
    yield from forms_asked_back(scene, asked, times)
    yield from readiness_tells(scene, asked, times)
    alive = [one for one in meanwhile if one.kind == "healthz"]
    if not alive or any(one.status != 200 for one in alive):
        yield "/healthz was not 200 all the time"


def readiness_tells(
    scene: Scene, asked: Sequence[Asked], times: Times
) -> Iterator[str]:
    flipped = until(asked, "readyz", times.fault_began, lambda one: one.status == 503)
    if flipped > min(10, times.fault_ended - times.fault_began):
        yield Missed("/readyz did not say 503 within 10 s")
    else:
        scene.done["ms until /readyz said 503"] = round(flipped * 1000)


def forms_asked_back(
    scene: Scene, asked: Sequence[Asked], times: Times
) -> Iterator[str]:
    away = [one for one in asked if one.kind in POSTS and one.is_away]
    slowest = max(
        (one.ended - max(one.due, times.fault_began) for one in away), default=math.nan
    )
    forms = [one for one in away if one.kind == "sign"]
    kept = sum(1 for one in forms if one.keeps_form)
    scene.done["posts answered 503"] = len(away)
    scene.done["ms for the slowest of them"] = round(slowest * 1000) if away else 0
    scene.done["forms of signing kept"] = kept
    if not away:
        yield "no post was answered 503: the fault was not felt"
    elif slowest >= 3:
        yield Missed(f"a post was answered 503 only after {slowest:.1f} s")
    if kept < len(forms):
        yield f"only {kept} of {len(forms)} forms were kept in the 503"


def few_fail(scene: Scene, asked: Sequence[Asked], times: Times) -> Iterator[str]:
    people = [one for one in asked if one.kind not in PROBES]
    failed = sum(1 for one in people if one.is_failed)
    if failed > 0.02 * len(people):
        percent = 100 * failed / len(people)
        yield Missed(f"{percent:.1f} % of requests failed, not under 2 %")


def reloads_lose_nothing(
    scene: Scene, asked: Sequence[Asked], times: Times
) -> Iterator[str]:
    if failed := sum(1 for one in asked if one.is_failed):
        yield f"{failed} requests failed while gunicorn was reloaded"


def wait_until(
    is_so: Callable[[], bool], *, seconds: float = 10, pause: float = 0.02
) -> bool:
    ends = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > ends:
            return False
        time.sleep(pause)
    return True


def _fill(filler: Path) -> None:
    """Take what is free, to the last byte."""
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    if file.write(b"\0" * size) < size:
                        break


def _date_at(door: Address) -> float:
    answer = ask(door, get("/healthz", gzip=False, connection="close"))
    return parsedate_to_datetime(answer.header("date")).timestamp()


@dataclass(frozen=True)
class Fault:
    name: str
    deed: Deed
    databases: tuple[str, ...] = BOTH
    looks: tuple[Look, ...] = ()
    doors: Callable[[Ground], contextlib.AbstractContextManager[list[Address]]] = (
        one_door
    )
    needs_small_disk: bool = False
    in_hand: int = 0  # mails that it may send twice beside what is counted elsewhere
    why_not: str = ""  # on the other database

    @property
    def what(self) -> str:
        return (self.deed.__doc__ or "").strip()


FAULTS = [
    Fault("web-killed", web_killed, looks=(few_fail,)),
    Fault("worker-killed", worker_killed),
    Fault(
        "database-stopped",
        database_stopped,
        databases=("PostgreSQL",),
        looks=(answers_while_away,),
        in_hand=CONNECTIONS,
        why_not="SQLite has no server that could stop",
    ),
    Fault("reloaded", reloaded, looks=(reloads_lose_nothing,)),
    Fault("mail-bad", mail_bad),
    Fault("mail-away", mail_away),
    Fault(
        "clock-off",
        clock_off,
        databases=("PostgreSQL",),
        doors=a_door_ahead,
        why_not="with SQLite site and worker share one machine, and so one clock",
    ),
    Fault(
        "disk-full",
        disk_full,
        looks=(forms_asked_back, readiness_tells),
        needs_small_disk=True,
        in_hand=CONNECTIONS,
    ),
]
