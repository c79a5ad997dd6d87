"""SQLite is copied page by page while others write, and put back as a file."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from campaigns.archive import BackupFailed, Progress
from campaigns.dumps.rows import (
    COUNTS,
    MIGRATIONS,
    Dump,
    as_counted,
    as_migrations,
    working_on,
)

PAGES_AT_ONCE = 2000  # 8 MB


@contextmanager
def dumped(progress: Progress) -> Iterator[Dump]:
    """A copy beside the database, as of when copying began."""
    site = _file()
    try:
        with TemporaryDirectory(prefix=".backup-", dir=site.parent) as folder:
            copy = Path(folder) / site.name
            _copy(site, copy, progress)
            with closing(sqlite3.connect(copy)) as database:
                petitions = as_counted(database.execute(COUNTS))
                migrations = as_migrations(database.execute(MIGRATIONS))
            with copy.open("rb") as content:
                yield Dump(content, sqlite3.sqlite_version, petitions, migrations)
    except sqlite3.Error as error:
        raise BackupFailed(f"{site} cannot be copied: {error}") from error


@contextmanager
def loaded(file: Path, *, keep: bool) -> Iterator[None]:
    """Work on the restored file; in the end, in one step, it becomes the site's."""
    site = _file()
    with closing(sqlite3.connect(file)) as database:
        try:
            [(answer,)] = database.execute("PRAGMA quick_check(1)")
        except sqlite3.DatabaseError as error:
            answer = str(error)
    if answer != "ok":
        raise BackupFailed(f"The database in the backup is damaged: {answer}")
    with working_on(str(file)):
        yield
        with connection.cursor() as cursor:  # nothing may stay beside the file
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if keep:
        connection.close()
        _put_into_place(file, site)


def empty() -> None:
    """Nothing to do: a file that was not finished has never been the site's."""


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _copy(site: Path, copy: Path, progress: Progress) -> None:
    """As long as it reads in one transaction, no writer makes it begin anew."""

    def show(_status: int, remaining: int, total: int) -> None:
        progress("database", (total - remaining) * page_size)

    copy.touch(mode=0o600)
    with closing(sqlite3.connect(site)) as source, closing(sqlite3.connect(copy)) as to:
        source.execute("BEGIN")
        [(page_size,)] = source.execute("PRAGMA page_size")
        source.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
        source.backup(to, pages=PAGES_AT_ONCE, progress=show)
        source.rollback()


def _put_into_place(file: Path, site: Path) -> None:
    beside = site.with_name(f".{site.name}.{os.getpid()}")
    try:
        shutil.move(file, beside)
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        for rest in ("-wal", "-shm"):
            site.with_name(site.name + rest).unlink(missing_ok=True)
        beside.replace(site)
    finally:
        beside.unlink(missing_ok=True)
