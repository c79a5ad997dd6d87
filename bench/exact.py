"""Whether the database holds what was acknowledged: nothing lost, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import psycopg

from bench.statements import CHANGE, SIGNATURE


@dataclass
class Acknowledged:
    """What the site has told signers."""

    signed: set[str] = field(default_factory=set)  # keys, as hex
    confirmed: set[str] = field(default_factory=set)
    unanswered: int = 0  # requests without an answer: what they did is not known


@dataclass(frozen=True)
class Found:
    """What the database holds of one petition, but for what was there before."""

    rows: list[tuple[str, str, str]]  # key, address, state
    count: int  # by how much the petition's count has grown
    waiting_changes: int = 0


def faults(acknowledged: Acknowledged, found: Found) -> list[str]:
    """What is wrong, in words; nothing if all is well."""
    keys = {key for key, _address, _state in found.rows}
    confirmed = [key for key, _address, state in found.rows if state == "confirmed"]
    wrong = {
        "signatures lost": len(acknowledged.signed - keys),
        "confirmations lost": len(acknowledged.confirmed - set(confirmed)),
        "signatures twice": _twice(address for _key, address, _state in found.rows),
        "changes never folded": found.waiting_changes,
    }
    if not acknowledged.unanswered:
        wrong["rows that nobody was told of"] = len(keys - acknowledged.signed)
        wrong["confirmed without a press"] = len(
            set(confirmed) - acknowledged.confirmed
        )
    words = [f"{number} {what}" for what, number in wrong.items() if number]
    if found.count != len(confirmed):
        words.append(f"the count grew by {found.count}, not by {len(confirmed)}")
    return words


def _twice(addresses: Iterable[str]) -> int:
    return sum(number - 1 for number in Counter(addresses).values())


@dataclass(frozen=True)
class Before:
    """Where one petition stands before a load; `found` says what has come since."""

    url: str
    petition: int
    last_id: int
    count: int

    @classmethod
    def of(cls, url: str, petition: int) -> Before:
        with psycopg.connect(url) as connection:
            last_id = connection.execute(f"SELECT max(id) FROM {SIGNATURE}").fetchone()
            return cls(
                url, petition, (last_id or [0])[0] or 0, _count(connection, petition)
            )

    def found(self) -> Found:
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(
                f"SELECT key, email, state FROM {SIGNATURE} "
                "WHERE petition_id = %s AND id > %s",
                [self.petition, self.last_id],
            ).fetchall()
            waiting = connection.execute(
                f"SELECT count(*) FROM {CHANGE} WHERE petition_id = %s", [self.petition]
            ).fetchone()
            grown = _count(connection, self.petition) - self.count
        named = [(_hex(key), email, state) for key, email, state in rows]
        return Found(named, grown, waiting[0] if waiting else 0)


def _count(connection: psycopg.Connection, petition: int) -> int:
    row = connection.execute(
        "SELECT signature_count FROM petitions_petition WHERE id = %s", [petition]
    ).fetchone()
    assert row
    count: int = row[0]
    return count


def _hex(key: UUID | str) -> str:
    return UUID(str(key)).hex
