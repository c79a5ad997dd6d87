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
    "consent": (
        "CASE WHEN petition.sensitive THEN %(consent_if_sensitive)s "
        "ELSE %(consent)s END"
    ),
    # On a sensitive petition no reason is shown at once and no way is counted. Where
    # some words are not wanted, somebody looks for them.
    "reason_state": (
        "CASE WHEN petition.sensitive OR CAST(petition.blocked_words AS TEXT) <> '[]' "
        f"THEN '{ReasonState.HELD}' ELSE %(reason_state)s END"
    ),
    "kept_days": (
        "CASE WHEN petition.sensitive THEN %(kept_days_if_sensitive)s "
        "ELSE %(kept_days)s END"
    ),
    "held_at": (
        "CASE WHEN %(must_be_held)s OR {hits} > %(held_above)s THEN %(started_at)s END"
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
TRACE = {
    "signature_id": "signature.id",
    "network_key": "%(network_key)s",
    "domain": "%(domain)s",
    "hits": "{hits}",
    "score": "%(score)s",
    "signs": "%(signs)s",
    "started_at": "%(started_at)s",
}
CHANGE = {
    "petition_id": "confirmed.petition_id",
    "change": "1",
    "day": "%(day)s",
    "country": "confirmed.country",
    "via": "confirmed.via",
    "changed_at": "%(confirmed_at)s",
}


def _insert(table: str, columns: dict[str, str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{table}" ({names}) SELECT {", ".join(columns.values())}'


# Who would have to wait (bucket) or be told (pause, other words) is not written down.
START = (
    _insert("signatures_signature", SIGNATURE)
    + f"""
    FROM petitions_petition AS petition {{counted}}
    WHERE petition.slug = %(slug)s AND petition.state = '{PetitionState.OPEN}'
      AND (petition.closes_at IS NULL OR petition.closes_at > %(started_at)s)
      AND petition.current_version_id
        = COALESCE(%(version)s, petition.current_version_id)
      AND NOT EXISTS (
        SELECT 1 FROM petitions_signingpause AS pause
        WHERE pause.ended_at IS NULL
          AND (pause.petition_id IS NULL OR pause.petition_id = petition.id))
      AND {{hits}} <= %(refused_above)s
    """
)
ASK_FOR_MAIL = _insert("signatures_signaturemail", MAIL) + " FROM "
LEAVE_TRACE = _insert("signatures_trace", TRACE) + " FROM "
COUNT_NETWORK = """
    INSERT INTO signatures_bucket (key, hits, ends_at)
    VALUES (%(window)s, 1, %(window_ends_at)s)
    ON CONFLICT (key) DO UPDATE SET hits = signatures_bucket.hits + 1
    RETURNING hits
"""

# Has to say the same as Signature.is_confirmable, and a test holds it to that.
CONFIRMABLE = f"""
    signature.key = %(key)s AND signature.state = '{SignatureState.PENDING}'
    AND signature.held_at IS NULL
    AND EXISTS (
        SELECT 1 FROM petitions_petition AS petition
        WHERE petition.id = signature.petition_id
          AND (petition.state = '{PetitionState.OPEN}'
            OR petition.state IN ({", ".join(f"'{state}'" for state in ENDED)})
              AND petition.closed_at > %(closed_after)s)
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
# A web server's clock may be ahead of the others: the mail does not wait for it.
ASK_FOR_MAIL_AT_ONCE = ASK_FOR_MAIL.replace(
    "%(started_at)s", "LEAST(%(started_at)s, statement_timestamp())"
)
START_AT_ONCE = f"""
    WITH signature AS ({START} RETURNING id),
    trace AS ({LEAVE_TRACE} signature {{counted}})
    {ASK_FOR_MAIL_AT_ONCE} signature
"""
COUNT_AND_START = START_AT_ONCE.replace("WITH", f"WITH bucket AS ({COUNT_NETWORK}),", 1)
START_UNCOUNTED, START_COUNTED = (
    statement.format(hits=hits, counted=counted)
    for statement, hits, counted in [
        (START_AT_ONCE, "0", ""),
        (COUNT_AND_START, "bucket.hits", ", bucket"),
    ]
)


def start(values: Values) -> bool:
    """Write a pending signature, its trace and the wish for its mail.

    False, and none of them written, if it may not be. The network is counted if
    `window` names its bucket, whatever comes of it.
    """
    if connection.vendor == "postgresql":
        return _changes(START_COUNTED if values["window"] else START_UNCOUNTED, values)
    with transaction.atomic():
        values = {**values, "hits": _counted(values) if values["window"] else 0}
        if not _changes(START.format(hits="%(hits)s", counted=""), values):
            return False
        for step in (LEAVE_TRACE, ASK_FOR_MAIL):
            insert = f'{step} "signatures_signature" AS signature WHERE key = %(key)s'
            _changes(insert.format(hits="%(hits)s"), values)
    return True


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


def _counted(values: Values) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_NETWORK, _stored(values))
        (hits,) = cursor.fetchone()
    return int(hits)


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
