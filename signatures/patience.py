"""How long the database may take over one statement."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

PATIENCE = "30min"


@contextmanager
def patience() -> Iterator[None]:
    """For what reads all signatures of a petition: a request has seconds, else.

    In a transaction of its own; on SQLite a statement has all the time it takes anyway.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
        yield
