"""The two databases: made, read, stopped, and looked through for damage."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import psycopg

from bench.faults.checks import Found
from bench.stage import sqlite_url
from bench.statements import CHANGE, MAIL, SIGNATURE
from tests import postgres

CRASHES = ("PANIC:", "received immediate shutdown request")
SETTINGS = """
listen_addresses = ''
log_line_prefix = '%n '
max_wal_size = 64MB
min_wal_size = 32MB
"""
WAITING = f"SELECT count(*) FROM {MAIL} WHERE sent_at IS NULL AND dead_at IS NULL"


class Database(Protocol):
    name: str
    url: str

    def ask(self, question: str) -> list[tuple[Any, ...]]: ...

    def do(self, statement: str) -> None: ...

    def crashes(self) -> list[float]:
        """When it fell, by the clock on the wall."""

    def integrity(self) -> str:
        """ "ok", or what is wrong."""

    def ensure_runs(self) -> bool:
        """Start it if it has ended; whether it had."""


@dataclass
class Sqlite:
    path: Path
    name: str = "SQLite"

    @property
    def url(self) -> str:
        return sqlite_url(self.path)

    @property
    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with self._open() as connection:
            return connection.execute(question).fetchall()

    def do(self, statement: str) -> None:
        with self._open() as connection:
            connection.execute(statement)

    def crashes(self) -> list[float]:
        return []

    def integrity(self) -> str:
        return str(self.ask("PRAGMA integrity_check")[0][0])

    def ensure_runs(self) -> bool:
        return False

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        opened = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        with contextlib.closing(opened) as connection:
            yield connection


@dataclass
class Postgres:
    """A server of its own, to be stopped and started at will."""

    home: Path
    programs: Path
    name: str = "PostgreSQL"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def url(self) -> str:
        return f"postgres://postgres@/postgres?host={self.data}"

    @property
    def version(self) -> str:
        return f"PostgreSQL {self.ask('SHOW server_version')[0][0]}"

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(question).fetchall()

    def do(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)

    def crashes(self) -> list[float]:
        lines = (self.home / "log").read_text(errors="replace").splitlines()
        return [
            float(line.split(" ", 1)[0])
            for line in lines
            if any(words in line for words in CRASHES)
        ]

    def integrity(self) -> str:
        """Every row can be read, and none stands twice in an index made anew."""
        try:
            self.do("REINDEX DATABASE")
        except psycopg.Error as error:
            return f"REINDEX: {error}"
        done = self._run("pg_dump", f"--dbname={self.url}", "--file=/dev/null")
        return done.stdout[-300:] if done.returncode else "ok"

    def ensure_runs(self) -> bool:
        with contextlib.suppress(psycopg.Error):
            self.ask("SELECT 1")
            return False
        self.start()
        return True

    def make(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        log = self.home / "log"
        log.touch()
        if self._account:
            shutil.chown(self.data, self._account)
            shutil.chown(log, self._account)
        self._control("initdb", "--username=postgres", "--auth=trust", "--no-sync")
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)

    def start(self) -> None:
        """Start it, also where it is about to end, or was cut off."""
        until = time.monotonic() + 30
        while True:
            try:
                options = f"--options=-k {self.data}"
                self._control(
                    "pg_ctl", "start", "--wait", f"--log={self.home}/log", options
                )
            except RuntimeError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)
            else:
                return

    def stop(self, mode: str = "immediate") -> None:
        self._control("pg_ctl", "stop", "--wait", "-m", mode)

    def _control(self, program: str, *arguments: str) -> None:
        done = self._run(program, f"--pgdata={self.data}", *arguments)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}")

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        with (self.home / "control.log").open("a+") as said:
            begin = said.tell()
            done = subprocess.run(  # a pipe would stay open with the server
                [self.programs / program, *arguments],
                stdout=said,
                stderr=said,
                stdin=subprocess.DEVNULL,
                cwd="/",
                user=self._account,
                check=False,
                text=True,
                start_new_session=True,
            )
            said.seek(begin)
            done.stdout = said.read()
        return done

    @property
    def _account(self) -> str | None:
        return "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses root


@contextlib.contextmanager
def postgres_server(home: Path, programs: Path) -> Iterator[Postgres]:
    """A server in this folder, gone at the end however it comes."""
    server = Postgres(home, programs)
    server.make()
    postgres._end_with_us(home)
    server.start()
    try:
        yield server
    finally:
        with contextlib.suppress(RuntimeError):
            server.stop()


@cache
def programs_in(home: Path) -> Path:
    return postgres._programs(home, copied=os.geteuid() == 0)


@dataclass(frozen=True)
class Before:
    """Where the petition stands before a fault; `found` says what has come since."""

    database: Database
    petition: int
    last_id: int
    count: int

    @classmethod
    def of(cls, database: Database, petition: int) -> Before:
        last_id = database.ask(f"SELECT COALESCE(max(id), 0) FROM {SIGNATURE}")[0][0]
        return cls(database, petition, last_id, _count(database, petition))

    def found(self, recount: Callable[[], str]) -> Found:
        """The recount comes after the count is read: it mends what it finds."""
        rows = self.database.ask(
            f"SELECT key, email, state FROM {SIGNATURE} "
            f"WHERE petition_id = {self.petition} AND id > {self.last_id}"
        )
        return Found(
            rows=[(str(key).replace("-", ""), *rest) for key, *rest in rows],
            count=_count(self.database, self.petition) - self.count,
            waiting_changes=waiting_changes(self.database),
            waiting_mails=waiting_mails(self.database),
            recounted=recount(),
            integrity=self.database.integrity(),
        )


def waiting_changes(database: Database) -> int:
    return int(database.ask(f"SELECT count(*) FROM {CHANGE}")[0][0])


def waiting_mails(database: Database) -> int:
    return int(database.ask(WAITING)[0][0])


def bring_forward(database: Database) -> None:
    """Have mails that were put off go now: `--quick` does not wait for minutes."""
    database.do(
        f"UPDATE {MAIL} SET due_at = CURRENT_TIMESTAMP "
        "WHERE sent_at IS NULL AND dead_at IS NULL AND attempts > 0"
    )


def _count(database: Database, petition: int) -> int:
    number = database.ask(
        f"SELECT signature_count FROM petitions_petition WHERE id = {petition}"
    )[0][0]
    return int(number)
