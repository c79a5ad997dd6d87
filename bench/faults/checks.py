"""What must hold after a fault: told, mailed, found and answered must agree.

Nothing holds by default: where nobody signed, or nobody looked, that is a problem too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.faults.measures import Asked

EVERY_COUNT_IS_RIGHT = "Every count is right."  # says `manage.py recount`


@dataclass
class Told:
    """What the site has acknowledged to signers."""

    signed: dict[str, set[str]] = field(default_factory=dict)  # address: keys
    confirmed: set[str] = field(default_factory=set)  # keys

    def acknowledge(self, address: str, key: str) -> None:
        self.signed.setdefault(address, set()).add(key)

    @property
    def keys(self) -> set[str]:
        return {key for keys in self.signed.values() for key in keys}


@dataclass
class Mailed:
    """What has reached the mail server and was kept there."""

    recipients: Counter[str] = field(default_factory=Counter)
    copies: Counter[str] = field(default_factory=Counter)  # of each Message-ID
    kept_at: list[float] = field(default_factory=list)  # by the clock on the wall
    behaved: Counter[str] = field(default_factory=Counter)  # kept, refused, hung …

    @property
    def duplicates(self) -> int:
        return sum(number - 1 for number in self.copies.values())

    def within_a_second_before(self, moments: Sequence[float]) -> int:
        return sum(
            1 for one in self.kept_at if any(0 <= at - one <= 1 for at in moments)
        )


@dataclass(frozen=True)
class Found:
    """What the database holds of one petition, but for what was there before."""

    rows: list[tuple[str, str, str]]  # key, address, state
    count: int  # by how much the petition's count has grown
    waiting_changes: int
    waiting_mails: int
    recounted: str  # what `manage.py recount` said
    integrity: str  # "ok", or what is wrong with the files

    @property
    def confirmed(self) -> list[tuple[str, str]]:
        return [(key, address) for key, address, state in self.rows if state == DONE]


DONE = "confirmed"


@dataclass(frozen=True)
class Outcome:
    """A fault's numbers; `problems` says in words which of them may not be."""

    signed: int
    signed_lost: int
    confirmed: int
    confirmed_lost: int
    counted_twice: int
    count_off_by: int
    plain_500s: int
    refused: Counter[int]
    duplicates: int
    duplicates_allowed: int
    unmailed: int
    left_waiting: int
    recounted: str
    integrity: str

    @classmethod
    def of(
        cls,
        told: Told,
        mailed: Mailed,
        found: Found,
        asked: Sequence[Asked],
        *,
        duplicates_allowed: int,
    ) -> Outcome:
        there = {key for key, _address, _state in found.rows}
        confirmed = {key for key, _address in found.confirmed}
        by_address = Counter(address for _key, address in found.confirmed)
        return cls(
            signed=len(told.keys),
            signed_lost=len(told.keys - there),
            confirmed=len(told.confirmed),
            confirmed_lost=len(told.confirmed - confirmed),
            counted_twice=sum(number - 1 for number in by_address.values()),
            count_off_by=found.count - len(found.confirmed),
            plain_500s=sum(1 for one in asked if one.is_plain_error),
            refused=Counter(one.status for one in asked if one.is_refusal),
            duplicates=mailed.duplicates,
            duplicates_allowed=duplicates_allowed,
            unmailed=len(told.signed.keys() - mailed.recipients.keys()),
            left_waiting=found.waiting_changes + found.waiting_mails,
            recounted=found.recounted,
            integrity=found.integrity,
        )

    @property
    def lost(self) -> int:
        return self.signed_lost + self.confirmed_lost

    @property
    def problems(self) -> list[str]:
        return list(self._problems())

    def _problems(self) -> Iterator[str]:
        for number, what in (
            (self.signed_lost, "signatures lost"),
            (self.confirmed_lost, "confirmations lost"),
            (self.counted_twice, "counted twice"),
            (self.plain_500s, "plain errors of the server"),
            (self.unmailed, "signers without a mail"),
            (self.left_waiting, "mails or changes left waiting"),
        ):
            if number:
                yield f"{number} {what}"
        for status, number in self.refused.items():
            yield f"{number} answers of status {status}"
        if self.count_off_by:
            yield f"the count is off by {self.count_off_by:+}"
        if self.duplicates > self.duplicates_allowed:
            yield f"{self.duplicates} mails twice, {self.duplicates_allowed} allowed"
        if self.recounted.strip() != EVERY_COUNT_IS_RIGHT:
            yield f"recount said: {self.recounted.strip() or 'nothing'}"
        if self.integrity != "ok":
            yield f"integrity: {self.integrity or 'nobody looked'}"
        if not (self.signed and self.confirmed):
            yield f"tried too little: {self.signed} signed, {self.confirmed} confirmed"
