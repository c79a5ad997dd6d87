"""The site as it ships: gunicorn, the worker under a supervisor, a mail server."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.faults import databases
from bench.faults.databases import Database, Sqlite
from bench.faults.people import Telling
from bench.load import Address
from bench.stage import PYTHON, ROOT, Child, Site, Stage, wait_for

REST = 0.1  # seconds until the supervisor starts it again, as systemd's RestartSec


@dataclass
class Worker:
    """`manage.py work`, started again whenever it ends."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    starts: int = 0
    child: Child | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Worker:
        self._thread = threading.Thread(target=self._supervise, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self.child:
            self.child.terminate()
        self._thread.join(30)
        self.kill()

    def kill(self) -> None:
        if self.child and self.child.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)

    @property
    def is_up(self) -> bool:
        return self.log.read_text().count("worker started") >= self.starts

    def _supervise(self) -> None:
        while not self._stopping.is_set():
            self.starts += 1
            with self.log.open("ab") as log:
                self.child = subprocess.Popen(
                    self.command,
                    env=self.environment,
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            self.child.wait()
            self._stopping.wait(REST)


@dataclass
class Ground:
    """One database with everything that runs on it."""

    stage: Stage
    database: Database
    petition: dict[str, Any]
    pages: list[str]
    site: Site
    worker: Worker
    smtp_port: int
    telling: Telling
    disk: Path | None = None  # the small one, where the database lies

    @property
    def doors(self) -> list[Address]:
        return [self.site.address]

    @property
    def is_quick(self) -> bool:
        return self.stage.is_quick

    def recount(self) -> str:
        """What the site's own command says of its counts."""
        return self.stage.run(self.database.url, "manage.py", "recount")


@contextlib.contextmanager
def home(*, is_quick: bool) -> Iterator[Stage]:
    """A folder for everything, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="undersigned-faults-"))
    try:
        folder.chmod(0o755)
        yield Stage(is_quick, folder, server="")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def ground(stage: Stage, kind: str, disk: Path | None = None) -> Iterator[Ground]:
    """The site on a new database; with `disk`, that and var/ lie there."""
    with ExitStack() as stack:
        stage.say(f"bringing up the site on {kind}{' on a small disk' if disk else ''}")
        database = stack.enter_context(_database(stage, kind, disk))
        is_beside = disk and kind == "SQLite"
        place = {"BENCH_VAR": str(disk)} if is_beside else {}
        stage.run(database.url, "manage.py", "collectstatic", "--noinput", "-v0")
        facts = stage.prepare(database.url, spread=2)
        smtp, telling = stack.enter_context(_sink(stage))
        site = stack.enter_context(
            stage.site(database.url, name=f"site-{kind}", **place)
        )
        worker = stack.enter_context(_worker(stage, database.url, smtp))
        yield Ground(
            stage=stage,
            database=database,
            petition=facts["hot"],
            pages=_pages(facts),
            site=site,
            worker=worker,
            smtp_port=smtp,
            telling=stack.enter_context(Telling(telling)),
            disk=disk,
        )


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A tmpfs of that size; None where we may not mount one."""
    folder = Path(tempfile.mkdtemp(prefix="undersigned-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs"]
    done = subprocess.run([*mount, folder], capture_output=True, check=False)
    if done.returncode:
        folder.rmdir()
        yield None
        return
    script = 'read -r _; sleep 3; umount -l "$1" 2>/dev/null; rmdir "$1" 2>/dev/null'
    keeper = subprocess.Popen(  # it ends with us, however we end
        ["sh", "-c", script, "sh", folder],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield folder
    finally:
        keeper.communicate()


def _pages(facts: dict[str, Any]) -> list[str]:
    spread = [f"/petitions/{one['slug']}/" for one in facts["spread"]]
    hot = f"/petitions/{facts['hot']['slug']}/"
    return [hot, "/", hot, "/petitions/", hot, "/privacy/", *spread]


@contextlib.contextmanager
def _database(stage: Stage, kind: str, disk: Path | None) -> Iterator[Database]:
    if kind == "SQLite":
        yield Sqlite((disk or stage.home) / "site.sqlite3")
        return
    folder = disk or stage.home / "postgres"
    folder.mkdir(exist_ok=True)
    programs = databases.programs_in(stage.home / "programs")
    with databases.postgres_server(folder, programs) as server:
        yield server


@contextlib.contextmanager
def _sink(stage: Stage) -> Iterator[tuple[int, int]]:
    log = stage.home / "sink.log"
    log.unlink(missing_ok=True)
    command = [PYTHON, "-m", "bench.faults.sink"]
    with stage.child("sink", command, stage.environment("")) as child:
        wait_for(lambda: log.read_text().endswith("\n"), child)
        smtp, telling = log.read_text().split()
        yield int(smtp), int(telling)


@contextlib.contextmanager
def _worker(stage: Stage, url: str, smtp_port: int) -> Iterator[Worker]:
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}"}
    if stage.is_quick:
        mail["MAIL_LEASE"] = "5"
    log = stage.home / "worker.log"
    log.unlink(missing_ok=True)
    log.touch()
    command = [PYTHON, "manage.py", "work"]
    with Worker(command, stage.environment(url, **mail), log) as worker:
        until = time.monotonic() + 60
        while not worker.is_up:
            if time.monotonic() > until:
                raise RuntimeError(f"the worker did not come up\n{log.read_text()}")
            time.sleep(0.1)
        yield worker
