"""How long the database may take over one statement."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

PATIENCE = "30min"


@contextmanager
def patience() -> Iterator[None]:
    """For what reads all signatures of a petition: a request has seconds, else.

    In a transaction of its own; but not on SQLite, where nothing is cut off, and where
    others could not write until it ends.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
        yield
