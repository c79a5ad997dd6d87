"""How long to wait for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def quick_commits() -> Iterator[None]:
    """Commit on this connection without waiting for the disk, as long as it lasts.

    Only for book-keeping of which a power cut may take back the last half second: a
    mail whose stamp is lost goes out twice. Never for what somebody signed or counts.
    """
    if connection.vendor == "postgresql":
        quick = "SET synchronous_commit TO off"
        as_before = "RESET synchronous_commit"
    else:
        quick, as_before = "PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL"
        if connection.in_atomic_block:  # SQLite cannot change it there
            yield
            return
    _execute(quick)
    try:
        yield
    finally:
        _execute(as_before)


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
