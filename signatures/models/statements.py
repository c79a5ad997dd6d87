"""The statements of signing and confirming, as few as each database can do them in.

PostgreSQL does each in one statement and one journey, without BEGIN and COMMIT around
it: they would cost two journeys more. SQLite cannot write within a WITH, and does the
same steps in one transaction. What stands where is said once for both.

No row of a petition is locked: the petition is read by the statement that writes, and
no foreign key of the database leads from what is written to it.
"""

# ruff: noqa: S608  # made of constants: what people typed goes in as a parameter

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from petitions.models.states import ENDED, PetitionState
from signatures.models.states import Origin, ReasonState, SignatureState

Value = str | int | UUID | date | datetime | None
Values = Mapping[str, Value]

# What stands in each column, where that is not simply the value of its name.
SIGNATURE = {
    "petition_id": "petition.id",
    "version_id": "petition.current_version_id",
    **{
        column: f"%({column})s"
        for column in [
            *("name", "email", "address_key", "place", "country", "reason"),
            *("show_name", "wants_updates", "language", "started_at", "key"),
        ]
    },
    # On a sensitive petition no reason is shown at once and no way is counted.
    "reason_state": (
        f"CASE WHEN petition.sensitive THEN '{ReasonState.HELD}' "
        "ELSE %(reason_state)s END"
    ),
    "via": "CASE WHEN petition.sensitive THEN '' ELSE %(via)s END",
    "origin": f"'{Origin.ONLINE}'",
    "state": f"'{SignatureState.PENDING}'",
    "signed_as_written": "''",
}
MAIL = {
    "signature_id": "signature.id",
    "due_at": "%(started_at)s",
    "attempts": "0",
    "last_error": "''",
}
CHANGE = {
    "petition_id": "confirmed.petition_id",
    "change": "1",
    "day": "%(day)s",
    "country": "confirmed.country",
    "via": "confirmed.via",
}


def _insert(table: str, columns: dict[str, str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{table}" ({names}) SELECT {", ".join(columns.values())}'


START = (
    _insert("signatures_signature", SIGNATURE)
    + f"""
    FROM petitions_petition AS petition
    WHERE petition.slug = %(slug)s AND petition.state = '{PetitionState.OPEN}'
      AND (petition.closes_at IS NULL OR petition.closes_at > %(started_at)s)
      AND petition.current_version_id
        = COALESCE(%(version)s, petition.current_version_id)
    """
)
ASK_FOR_MAIL = _insert("signatures_signaturemail", MAIL) + " FROM "

# Has to say the same as Signature.is_confirmable, and a test holds it to that.
CONFIRMABLE = f"""
    signature.key = %(key)s AND signature.state = '{SignatureState.PENDING}'
    AND EXISTS (
        SELECT 1 FROM petitions_petition AS petition
        WHERE petition.id = signature.petition_id
          AND (petition.state = '{PetitionState.OPEN}'
            OR petition.state IN ({", ".join(f"'{state}'" for state in ENDED)})
              AND petition.closed_at > %(closed_after)s
              AND petition.closed_at >= signature.started_at)
    )
"""
FIND_PENDING = f"""
    SELECT id, petition_id, country, via FROM "signatures_signature" AS signature
    WHERE {CONFIRMABLE}
"""
CONFIRM = f"""
    UPDATE "signatures_signature"
    SET state = '{SignatureState.CONFIRMED}', confirmed_at = %(confirmed_at)s, via = ''
"""
WRITE_CHANGE = _insert("signatures_countchange", CHANGE) + " FROM "

# The one that has waited for the row looks at it anew, and finds nothing pending.
CONFIRM_AT_ONCE = f"""
    WITH pending AS ({FIND_PENDING} FOR NO KEY UPDATE OF signature),
    confirmed AS (
        {CONFIRM} FROM pending WHERE "signatures_signature".id = pending.id
        RETURNING pending.petition_id, pending.country, pending.via
    )
    {WRITE_CHANGE} confirmed
"""
START_AT_ONCE = f"""
    WITH signature AS ({START} RETURNING id) {ASK_FOR_MAIL} signature
"""


def start(values: Values) -> bool:
    """Write a pending signature and the wish for its mail; False if it may not be."""
    if connection.vendor == "postgresql":
        return _changes(START_AT_ONCE, values)
    with transaction.atomic():
        return _changes(START, values) and _changes(
            f'{ASK_FOR_MAIL} "signatures_signature" AS signature WHERE key = %(key)s',
            values,
        )


def confirm(values: Values) -> bool:
    """Make a pending signature a confirmed one and write its change down.

    False if there is none to confirm. Raises IntegrityError if its address is counted.
    """
    with _alone():
        if connection.vendor == "postgresql":
            return _changes(CONFIRM_AT_ONCE, values)
        # Writers come one at a time here: nothing moves between these steps.
        change = f"{WRITE_CHANGE} ({FIND_PENDING}) AS confirmed"
        confirm = f"{CONFIRM} WHERE key = %(key)s"
        return _changes(change, values) and _changes(confirm, values)


def _alone() -> AbstractContextManager[object]:
    """A transaction, where one statement is not one by itself.

    Within another one it is a savepoint, for a refusal to undo no more than itself.
    """
    is_enough = connection.vendor == "postgresql" and not connection.in_atomic_block
    return nullcontext() if is_enough else transaction.atomic()


def _changes(statement: str, values: Values) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, _stored(values))
        return bool(cursor.rowcount > 0)


def _stored(values: Values) -> Values:
    """Values as SQLite keeps them; PostgreSQL has all these types itself."""
    if connection.vendor == "postgresql":
        return values
    return {name: _as_text(value) for name, value in values.items()}


def _as_text(value: Value) -> Value:
    match value:
        case datetime():
            return connection.ops.adapt_datetimefield_value(value)
        case UUID():
            return value.hex
    return value
