"""The statements of signing and confirming, for those that do nothing else.

They are made from the tables as they are, so that a column more in the site is one
more here: the yardsticks do the same work.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

SIGNATURE = "signatures_signature"
MAIL = "signatures_signaturemail"
CHANGE = "signatures_countchange"

# What a signing or confirming writes; any other column gets its type's nothing.
KNOWN = {
    SIGNATURE: {
        "petition_id": "{petition}",
        "version_id": "{version}",
        "name": "{name}",
        "email": "{email}",
        "address_key": "{address_key}",
        "place": "'Wenna'",
        "country": "'DE'",
        "language": "'en'",
        "origin": "'online'",
        "state": "'pending'",
        "reason_state": "'held'",
        "started_at": "now()",
        "key": "{key}",
        "confirmed_at": "NULL",
        "show_name": "true",
    },
    MAIL: {"due_at": "now()", "signature_id": "{signature}"},
    CHANGE: {
        "petition_id": "{petition}",
        "change": "1",
        "day": "current_date",
        "country": "{country}",
    },
}
NOTHING = {
    "boolean": "false",
    "smallint": "0",
    "integer": "0",
    "bigint": "0",
    "jsonb": "'{}'",
    "timestamp with time zone": "now()",
}
PSYCOPG = {
    name: f"%({name})s"
    for name in ("petition", "version", "name", "email", "address_key", "key")
}
PGBENCH = {
    "petition": ":petition",
    "version": ":version",
    "name": "'Signer ' || :number",
    "email": "'signer' || :number || '@example.org'",
    "address_key": "md5((:number)::text)",
    "key": "gen_random_uuid()",
}

IS_OPEN = "EXISTS (SELECT 1 FROM petitions_petition p WHERE p.id = petition_id AND p.state = 'open')"  # noqa: E501
CONFIRM = (
    f"UPDATE {SIGNATURE} SET state = 'confirmed', confirmed_at = now(), via = '' "
    f"WHERE key = %(key)s AND state = 'pending' AND {IS_OPEN} "
    "RETURNING petition_id, country"
)
FIND = (
    f"SELECT s.*, p.* FROM {SIGNATURE} s "
    "JOIN petitions_petition p ON p.id = s.petition_id WHERE s.key = %(key)s"
)


@dataclass(frozen=True)
class Statements:
    """As text with psycopg's placeholders, or with pgbench's variables."""

    sign: str
    mail: str
    sign_and_mail: str  # both in one
    change: str
    confirm_and_change: str

    @classmethod
    def of(cls, url: str, *, names: dict[str, str] = PSYCOPG) -> Statements:
        with psycopg.connect(url) as connection:
            tables = {table: columns(connection, table) for table in KNOWN}
        own = "%(signature)s" if names is PSYCOPG else ":signature"
        sign = _insert(SIGNATURE, tables, names)
        mail = _insert(MAIL, tables, {"signature": own})
        from_sign = _select(MAIL, tables, {"signature": "id"})
        change = {"petition": "%(petition)s", "country": "%(country)s"}
        from_confirm = _select(CHANGE, tables, {"petition": "petition_id"})
        return cls(
            sign=f"{sign} RETURNING id",
            mail=mail,
            sign_and_mail=f"WITH s AS ({sign} RETURNING id) {from_sign} FROM s",
            change=_insert(CHANGE, tables, change),
            confirm_and_change=f"WITH s AS ({CONFIRM}) {from_confirm} FROM s",
        )


def columns(connection: psycopg.Connection, table: str) -> dict[str, str]:
    """The columns that an INSERT must or does fill, with their expressions."""
    rows = connection.execute(
        "SELECT column_name, data_type, is_nullable, column_default, is_identity "
        "FROM information_schema.columns WHERE table_name = %s ORDER BY 1",
        [table],
    ).fetchall()
    filled = {}
    for name, kind, is_nullable, default, is_identity in rows:
        if name in KNOWN[table]:
            filled[name] = KNOWN[table][name]
        elif is_nullable == "NO" and default is None and is_identity == "NO":
            filled[name] = NOTHING.get(kind, "''")
    return filled


def _insert(
    table: str, tables: dict[str, dict[str, str]], names: dict[str, str]
) -> str:
    values = ", ".join(_fill(value, names) for value in tables[table].values())
    return f"INSERT INTO {table} ({', '.join(tables[table])}) VALUES ({values})"


def _select(
    table: str, tables: dict[str, dict[str, str]], names: dict[str, str]
) -> str:
    names = {"country": "country", **names}
    values = ", ".join(_fill(value, names) for value in tables[table].values())
    return f"INSERT INTO {table} ({', '.join(tables[table])}) SELECT {values}"


def _fill(expression: str, names: dict[str, str]) -> str:
    if expression.startswith("{"):
        return names[expression[1:-1]]
    return expression


def pgbench_script(url: str, petition: int, version: int, *, in_one: bool) -> str:
    """The two inserts as pgbench runs them: in a transaction, or as one statement."""
    statements = Statements.of(url, names=PGBENCH)
    lines = [
        f"\\set petition {petition}",
        f"\\set version {version}",
        "\\set number random(1, 1000000000000)",
    ]
    if in_one:
        lines.append(f"{statements.sign_and_mail};")
    else:
        lines += ["BEGIN;", f"{statements.sign.replace('id', 'id', 1)} \\gset"]
        lines[-1] = lines[-1].replace("RETURNING id", "RETURNING id AS signature")
        lines += [f"{statements.mail};", "COMMIT;"]
    return "\n".join(lines) + "\n"
