"""What is brought up for a run, and taken down after it however it ends."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg

from bench import seed
from bench.wire import HOST, Reader, get
from tests import postgres

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
SECRET = "a secret of the bench, long enough to sign what it signs, and no other"
BASE = "undersigned_bench"
# What docs/operations.md advises for a busy site.
POSTGRES = (
    " -c max_wal_size=4GB -c checkpoint_timeout=30min -c shared_buffers=256MB"
    " -c autovacuum_naptime=30s"
)
Child = subprocess.Popen[bytes]


@dataclass
class Site:
    """A running gunicorn."""

    name: str
    address: tuple[str, int]
    child: Child
    started_at: float

    @property
    def workers(self) -> list[int]:
        pid = self.child.pid
        return [
            int(number)
            for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]

    def cpu_seconds(self) -> float:
        """What the workers have spent so far."""
        ticks = 0
        for pid in self.workers:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def megabytes(self, what: str = "Rss") -> list[float]:
        """Each worker's resident memory, or with "Pss" its share of what is shared."""
        found = []
        for pid in self.workers:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            line = next(one for one in rollup.splitlines() if one.startswith(what))
            found.append(int(line.split()[1]) / 1024)
        return found


@dataclass
class Stage:
    """One run's folder, server and children."""

    is_quick: bool
    home: Path
    server: str  # the URL of PostgreSQL
    facts: dict[str, Any] = field(default_factory=dict)  # what stands in the base
    rounds: int = 5
    minutes: float | None = None
    journeys_per_minute: int = 12_600
    reads_per_second: int = 2_200
    steps: tuple[str, ...] = ()
    largest: int = 10_000_000

    def take(self, options: argparse.Namespace) -> None:
        """Have what was asked for on the command line."""
        self.rounds, self.minutes = options.rounds, options.minutes
        self.journeys_per_minute = options.rate
        self.reads_per_second = options.reads
        self.steps, self.largest = tuple(options.steps.split(",")), options.largest

    def seconds(self, full: float, quick: float) -> float:
        return quick if self.is_quick else full

    def say(self, words: str) -> None:
        print(f"  … {words}", file=sys.stderr, flush=True)

    # Databases

    @contextlib.contextmanager
    def database(
        self, name: str, *, is_delayed: bool = False, template: str = BASE
    ) -> Iterator[str]:
        """A copy of the base, removed at the end. Delayed: each commit takes 1 ms more.

        That is what a disk in a data centre adds.
        """
        name = f"{BASE}_{name}"
        with self.admin() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            if is_delayed:
                for setting in ("commit_delay = 1000", "commit_siblings = 0"):
                    connection.execute(f"ALTER DATABASE {name} SET {setting}")
        try:
            yield self.url(name)
        finally:
            with self.admin() as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def admin(self) -> psycopg.Connection:
        return psycopg.connect(self.server, autocommit=True)

    def url(self, name: str) -> str:
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()

    def prepare(self, url: str, *, spread: int) -> dict[str, Any]:
        """Migrate, and make petitions by the site's own verbs; say what there is."""
        self.run(url, "manage.py", "migrate", "-v0")
        told = self.run(url, "-m", "bench.prepare", str(spread))
        facts: dict[str, Any] = json.loads(told)
        return facts

    # Programs

    def environment(self, url: str, **more: str) -> dict[str, str]:
        unwanted = {"DEBUG", "WORKERS", "THREADS", "BIND", "ACCESS_LOG"}
        kept = {name: os.environ[name] for name in os.environ if name not in unwanted}
        return kept | {
            "DEBUG": "",
            "SECRET_KEY": SECRET,
            "ADDRESS_KEY": SECRET,
            "SITE_URL": f"https://{HOST}",
            "ALLOWED_HOSTS": HOST,
            "TRUSTED_PROXIES": "1",
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "DATABASE_URL": url,
            "TIME_ZONE": "UTC",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "BENCH_HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
            **more,
        }

    def run(self, url: str, *command: str, **more: str) -> str:
        """Run a step to its end and return what it printed."""
        done = subprocess.run(
            [PYTHON, *command],
            env=self.environment(url, **more),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}:\n{done.stderr[-3000:]}")
        return done.stdout

    @contextlib.contextmanager
    def child(
        self, name: str, command: list[str], environment: dict[str, str]
    ) -> Iterator[Child]:
        """A program that runs until the block ends."""
        with (self.home / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                command,
                env=environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            yield child
        finally:
            _end(child)

    @contextlib.contextmanager
    def gunicorn(
        self, name: str, application: str, url: str, **more: str
    ) -> Iterator[Site]:
        """An application under the site's own gunicorn settings."""
        address = ("127.0.0.1", free_port())
        bind = f"{address[0]}:{address[1]}"
        command = [PYTHON, "-m", "gunicorn", "--config", "config/gunicorn.py"]
        environment = self.environment(url, BIND=bind, **more)
        started_at = time.perf_counter()
        with self.child(name, [*command, application], environment) as child:
            site = Site(name, address, child, started_at)
            try:
                wait_for(lambda: _answers(address), child)
            except RuntimeError as error:
                log = (self.home / f"{name}.log").read_text()
                raise RuntimeError(f"{error}\n{log[-3000:]}") from error
            yield site

    def site(
        self, url: str, *, name: str = "site", **more: str
    ) -> contextlib.AbstractContextManager[Site]:
        return self.gunicorn(name, "config.wsgi", url, **more)

    def bare(
        self, url: str, kind: str, **more: str
    ) -> contextlib.AbstractContextManager[Site]:
        """A yardstick: `bench/bare.py` says which there are."""
        module = "bench.bare_writes" if kind in WRITES else "bench.bare"
        return self.gunicorn(f"bare-{kind}", f"{module}:{kind}", url, **more)

    @contextlib.contextmanager
    def worker(self, url: str, smtp_port: int) -> Iterator[Child]:
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}"}
        environment = self.environment(url, **mail)
        command = [PYTHON, "manage.py", "work"]
        with self.child("worker", command, environment) as child:
            yield child


WRITES = {"sign_two", "sign_one", "confirm", "mixed"}


@contextlib.contextmanager
def set_up(*, is_quick: bool) -> Iterator[Stage]:
    """Start PostgreSQL and make the base: the site's tables and some petitions."""
    home = Path(tempfile.mkdtemp(prefix="undersigned-bench-"))
    try:
        home.chmod(0o755)
        postgres.OPTIONS += POSTGRES
        stage = Stage(is_quick, home, postgres.server_url())
        stage.say("making the base database")
        with stage.admin() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {BASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {BASE}")
        try:
            url = stage.url(BASE)
            stage.run(url, "manage.py", "collectstatic", "--noinput", "-v0")
            stage.facts = stage.prepare(url, spread=60 if is_quick else 200)
            hot = stage.facts["hot"]
            seed.confirmed(url, hot["id"], hot["version"], 1_000)
            yield stage
        finally:
            with contextlib.suppress(psycopg.Error), stage.admin() as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {BASE} WITH (FORCE)")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def postgres_program(name: str) -> str:
    """The path of pgbench, for instance, of the server that we run."""
    return str(postgres._programs(Path(), copied=False) / name)


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def host_of(url: str) -> str:
    """The socket folder, or the host, that a database's URL names."""
    parts = urlsplit(url)
    return parse_qs(parts.query).get("host", [parts.hostname or ""])[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(is_so: Callable[[], bool], child: Child, *, seconds: float = 30) -> None:
    """Wait until it is so; raise if the child ends first."""
    until = time.monotonic() + seconds
    while not is_so():
        if child.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"did not come up (exit code {child.returncode})")
        time.sleep(0.02)


def _answers(address: tuple[str, int]) -> bool:
    try:
        ask(address, get("/healthz"))
    except OSError:
        return False
    return True


def ask(address: tuple[str, int], request: bytes) -> Any:
    """One request on a connection of its own, and its whole answer."""
    reader = Reader()
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(request)
        while piece := connection.recv(65536):
            if answer := reader.feed(piece):
                return answer
        answer = reader.end()
        if answer is None:
            raise ConnectionError("closed without an answer")
        return answer


def _end(child: Child) -> None:
    for number, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=patience)
            break
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)  # what it has left behind
