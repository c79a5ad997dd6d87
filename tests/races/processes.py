"""The site's own programs, run for real beside a test, on the test's database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from config.settings import BASE_DIR

LONGEST_WAIT = 60  # seconds
BETWEEN_LOOKS = 0.02

WORK_AFTER = """
import django
from django.core.management import execute_from_command_line

django.setup()
{first}
execute_from_command_line(["manage.py", "work"])
"""

Process = subprocess.Popen[bytes]


def wait_until(is_so: Callable[[], object], *, what: str) -> None:
    """Look again and again until it is so; fail, naming it, if it never comes."""
    deadline = time.monotonic() + LONGEST_WAIT
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for: {what}"
        time.sleep(BETWEEN_LOOKS)


def environment(**changes: str) -> dict[str, str]:
    """The environment of a program that is to work on this test's database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        database_url = f"sqlite:///{name}"
    else:
        server, _slash, rest = os.environ["DATABASE_URL"].rpartition("/postgres")
        database_url = f"{server}/{name}{rest}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.races.settings",
        "DATABASE_URL": database_url,
        **changes,
    }


@contextmanager
def worker(log: Path, *, first: str = "", **changes: str) -> Iterator[Process]:
    """A `manage.py work`, ended at the end unless it has been killed before.

    `first` is Python that it runs before it begins.
    """
    command = [sys.executable, str(BASE_DIR / "manage.py"), "work"]
    if first:
        command = [sys.executable, "-c", WORK_AFTER.format(first=first)]
    with _running(command, log, environment(**changes)) as process:
        yield process


@contextmanager
def site(log: Path, **changes: str) -> Iterator[tuple[str, Process]]:
    """A gunicorn as in production; gives its address and its process.

    The test holds the socket, so that no port is guessed and no start waited for.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        settings = environment(
            SITE_URL=url, BIND=f"fd://{listener.fileno()}", **changes
        )
        config = str(BASE_DIR / "config" / "gunicorn.py")
        command = [sys.executable, "-m", "gunicorn", "--config", config, "config.wsgi"]
        descriptors = (listener.fileno(),)
        with _running(command, log, settings, pass_fds=descriptors) as process:
            yield url, process


def children(process: Process) -> list[int]:
    """The numbers of the processes that this one has started."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(number) for number in listed.split()]


@contextmanager
def _running(
    command: list[str],
    log: Path,
    settings: dict[str, str],
    pass_fds: tuple[int, ...] = (),
) -> Iterator[Process]:
    with log.open("ab") as words:
        process = subprocess.Popen(
            command,
            cwd=BASE_DIR,
            env=settings,
            stdout=words,
            stderr=words,
            pass_fds=pass_fds,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=LONGEST_WAIT)
        finally:
            process.kill()
