"""Many signatures at once, through SQL: as if they had been signed and confirmed.

Rows, tallies and the petition's count agree, as after a fold.
"""

from __future__ import annotations

import psycopg

from bench.statements import SIGNATURE, columns
from petitions.goals import thresholds_between

CONFIRMED = {
    "petition_id": "%(petition)s",
    "version_id": "%(version)s",
    "name": "'Signer ' || n",
    "email": "'seeded' || n || '@example.org'",
    "address_key": "md5('seeded' || n)",
    "place": "'Town ' || n %% 500",
    "country": "(ARRAY['DE','FR','ES','AR','GB','US','PL',''])[1 + n %% 8]",
    "show_name": "n %% 2 = 0",
    "reason": "CASE WHEN n %% 10 = 0 THEN 'I cross it each day.' ELSE '' END",
    "reason_state": "CASE WHEN n %% 20 = 0 THEN 'shown' ELSE 'held' END",
    "wants_updates": "n %% 3 = 0",
    "started_at": "{moment} - interval '5 minutes'",
    "confirmed_at": "{moment}",
    "state": "'confirmed'",
    "key": "md5('key' || n)::uuid",
}
PENDING = {
    "state": "'pending'",
    "confirmed_at": "NULL",
    "started_at": "now()",
    "email": "'pending' || n || '@example.org'",
    "address_key": "md5('pending' || n)",
    "key": "md5('pending key' || n)::uuid",
    "reason": "''",
    "reason_state": "'held'",
}
MOMENT = "now() - interval '30 days' * (1 - n::float / %(count)s) - interval '1 hour'"


def confirmed(
    url: str, petition: int, version: int, count: int, *, since: int = 0
) -> None:
    """So many counted signatures on one petition, of the last thirty days."""
    _insert(url, petition, version, count, CONFIRMED, since=since)
    with psycopg.connect(url, autocommit=True) as connection:
        _tally(connection, petition, count)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def pending(url: str, petition: int, version: int, count: int, *, since: int) -> None:
    """So many signatures that wait to be confirmed; `pending_key` says their keys."""
    _insert(url, petition, version, count, CONFIRMED | PENDING, since=since)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"VACUUM ANALYZE {SIGNATURE}")


def changes(url: str, petition: int, count: int) -> None:
    """So many confirmations that wait to be folded."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO signatures_countchange (petition_id, change, day, country) "
            "SELECT %s, 1, current_date - n %% 2, "
            "(ARRAY['DE','FR','ES','AR',''])[1 + n %% 5] FROM generate_series(1, %s) n",
            [petition, count],
        )


def _insert(
    url: str,
    petition: int,
    version: int,
    count: int,
    values: dict[str, str],
    *,
    since: int = 0,
) -> None:
    """Without foreign keys' triggers, and large ones without indexes meanwhile."""
    with psycopg.connect(url, autocommit=True) as connection:
        filled = columns(connection, SIGNATURE)
        filled |= {name: values[name] for name in values}
        expressions = ", ".join(filled.values()).format(moment=MOMENT)
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '256MB'")
        indexes = _drop_indexes(connection) if count > 200_000 else []
        connection.execute(
            f"INSERT INTO {SIGNATURE} ({', '.join(filled)}) SELECT {expressions} "
            "FROM generate_series(%(since)s + 1, %(since)s + %(count)s) n",
            {"petition": petition, "version": version, "count": count, "since": since},
        )
        for definition in indexes:
            connection.execute(definition)


def _drop_indexes(connection: psycopg.Connection) -> list[str]:
    """Take away the indexes that no constraint needs; return how to make them."""
    rows = connection.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = %s::regclass AND NOT EXISTS "
        "(SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [SIGNATURE],
    ).fetchall()
    for name, _definition in rows:
        connection.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in rows]


def _tally(connection: psycopg.Connection, petition: int, count: int) -> None:
    counted = f"FROM {SIGNATURE} WHERE petition_id = %s AND state = 'confirmed'"
    for table, per, expression in (
        ("campaigns_dailycount", "day", "(confirmed_at AT TIME ZONE 'UTC')::date"),
        ("campaigns_hourlycount", "hour_at", "date_trunc('hour', confirmed_at, 'UTC')"),
        ("campaigns_placecount", "country", "country"),
    ):
        connection.execute(
            f"INSERT INTO {table} (petition_id, {per}, count) "
            f"SELECT petition_id, {expression}, count(*) {counted} GROUP BY 1, 2",
            [petition],
        )
    connection.execute(
        "UPDATE petitions_petition SET signature_count = %s, changed_at = now() "
        "WHERE id = %s",
        [count, petition],
    )
    for threshold in thresholds_between(0, count):
        connection.execute(
            "INSERT INTO campaigns_milestone "
            "(petition_id, threshold, reached_at, reached_as_written) "
            "VALUES (%s, %s, now(), '') ON CONFLICT DO NOTHING",
            [petition, threshold],
        )
