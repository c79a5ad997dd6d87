"""PostgreSQL is copied out by pg_dump and in by pg_restore, its own programs."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from psycopg.conninfo import make_conninfo

from campaigns.archive import BackupFailed, Progress
from campaigns.dumps.rows import (
    COUNTS,
    MIGRATIONS,
    Dump,
    as_counted,
    as_migrations,
    working_on,
)

Process = subprocess.Popen[bytes]

INSTALLED = Path("/usr/lib/postgresql")  # where Debian has them, a folder a version
PATIENCE = "60s"  # for a table that somebody is altering
NOT_OURS = ["--no-owner", "--no-privileges"]  # docs/grants.sql gives them anew


@contextmanager
def dumped(progress: Progress) -> Iterator[Dump]:
    """What pg_dump writes, as of the moment in which the figures are counted."""
    program = _program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, version = cursor.fetchone()
        cursor.execute(COUNTS)
        petitions = as_counted(cursor.fetchall())
        cursor.execute(MIGRATIONS)
        migrations = as_migrations(cursor.fetchall())
        command = [program, "--format=custom", *NOT_OURS, f"--snapshot={snapshot}"]
        command += [f"--lock-wait-timeout={PATIENCE}", f"--dbname={_address()}"]
        with tempfile.TemporaryFile() as complaints:
            with _started(
                command, stdout=subprocess.PIPE, stderr=complaints
            ) as dumping:
                assert dumping.stdout is not None
                yield Dump(dumping.stdout, version, petitions, migrations)
            _insist(dumping, complaints)


@contextmanager
def loaded(file: Path, *, keep: bool) -> Iterator[None]:
    """Work on the restored database: the site's own, or one that is thrown away."""
    if not keep:
        with _scratch_database() as name, working_on(name):
            _load(file)
            yield
        return
    had_tables = bool(connection.introspection.table_names())
    empty()
    try:
        _load(file)
        yield
    except BaseException:  # all or nothing, whatever stops it
        empty()
        if had_tables:
            call_command("migrate", verbosity=0, interactive=False)
        raise


def empty() -> None:
    """Drop all tables."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")


def _load(file: Path) -> None:
    command = [_program("pg_restore"), "--single-transaction", "--exit-on-error"]
    command += [*NOT_OURS, f"--dbname={_address()}", str(file)]
    with tempfile.TemporaryFile() as complaints:
        with _started(command, stdout=complaints, stderr=complaints) as loading:
            loading.wait()
        _insist(loading, complaints)


@contextmanager
def _scratch_database() -> Iterator[str]:
    name = f"{connection.settings_dict['NAME']}_check_{os.getpid()}"
    quoted = connection.ops.quote_name(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
    except DatabaseError as error:
        raise BackupFailed(
            f"--check needs a database of its own, which cannot be made: {error} "
            "Run it as a role that may create databases."
        ) from error
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


@contextmanager
def _started(
    command: list[str], *, stdout: int | IO[bytes], stderr: IO[bytes]
) -> Iterator[Process]:
    """The program while it runs; it is ended if we are."""
    connection.ensure_connection()
    password = connection.connection.info.password
    secrets = {"PGPASSWORD": password} if password else {}
    process = subprocess.Popen(  # noqa: S603  # our own arguments
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env={**os.environ, **secrets},
    )
    with process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _insist(process: Process, complaints: IO[bytes]) -> None:
    if process.returncode:
        complaints.seek(0)
        words = complaints.read().decode(errors="replace").strip()
        raise BackupFailed(words.splitlines()[0])


def _address() -> str:
    """This connection's database for PostgreSQL's programs; without the password."""
    connection.ensure_connection()
    return make_conninfo("", **connection.connection.info.get_parameters())


def _program(name: str) -> str:
    """The one that knows the server's version.

    One that is older than the server refuses it; a newer one may write what the server
    cannot read. So its own version goes first, and then the next.
    """
    connection.ensure_connection()
    wanted = connection.connection.info.server_version // 10000
    found = {version: place for place in _places(name) if (version := _version(place))}
    fitting = [version for version in sorted(found) if version >= wanted]
    if fitting:
        return str(found[fitting[0]])
    has = ", ".join(str(version) for version in sorted(found))
    raise BackupFailed(
        f"{name} of PostgreSQL {wanted} is needed, and "
        + (f"only that of {has} is here." if has else "there is none here.")
        + f" On Debian: apt install postgresql-client-{wanted}"
    )


def _places(name: str) -> Iterator[Path]:
    """Where it may be: installed by version, beside the server, on the PATH."""
    yield from INSTALLED.glob(f"*/bin/{name}")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
            [(beside_the_server,)] = cursor.fetchall()
        yield Path(beside_the_server) / name
    except DatabaseError:  # an ordinary role may not ask that
        pass
    if on_path := shutil.which(name):
        yield Path(on_path)


def _version(program: Path) -> int | None:
    """Its major version; None if it is not there or does not run."""
    try:
        answer = subprocess.run(  # noqa: S603
            [program, "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    words = re.search(r"\) (\d+)", answer.stdout)
    return int(words[1]) if words else None
