"""What is counted of a database when it is dumped, and again when it is loaded."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple

from django.db import connection

from campaigns.archive import Counted

# In plain SQL, which reads a restored database before it has been migrated.
COUNTS = """
SELECT petition.slug, petition.signature_count, COALESCE(signed.confirmed, 0),
  COALESCE(signed.pending, 0), COALESCE(changed.waiting, 0)
FROM petitions_petition AS petition
LEFT JOIN (
  SELECT petition_id, SUM(CASE WHEN state = 'confirmed' THEN 1 ELSE 0 END) AS confirmed,
    SUM(CASE WHEN state = 'pending' THEN 1 ELSE 0 END) AS pending
  FROM signatures_signature GROUP BY petition_id
) AS signed ON signed.petition_id = petition.id
LEFT JOIN (
  SELECT petition_id, COUNT(*) AS waiting
  FROM signatures_countchange GROUP BY petition_id
) AS changed ON changed.petition_id = petition.id
ORDER BY petition.slug
"""
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"


class Dump(NamedTuple):
    """A copy of the database as it was at one moment, and what stood in it then."""

    content: IO[bytes]
    version: str
    petitions: list[Counted]
    migrations: list[str]


def as_counted(rows: Iterable[tuple[Any, ...]]) -> list[Counted]:
    names = ["slug", "shown", "confirmed", "pending", "waiting"]
    return [Counted(**dict(zip(names, row, strict=True))) for row in rows]


def as_migrations(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    return [f"{app}.{name}" for app, name in rows]


def counted() -> list[Counted]:
    """What stands in the database that this process works on."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        return as_counted(cursor.fetchall())


@contextmanager
def working_on(database: str) -> Iterator[None]:
    """Let this thread's connection be one to another database of the same server."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
