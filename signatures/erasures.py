"""The list of what was erased, kept apart from backups, which do not know of it.

A line is the number of a signature and when what was personal in it went. Nothing in it
says who that was, so that it may be kept where a backup may not.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from signatures.models import Erasure, Signature, SignatureState

# Transactions that end late write an earlier moment than some that ended before. A line
# that stands twice does no harm.
OVERLAP = timedelta(minutes=2)
TAIL = 4 * 1024 * 1024  # bytes, for what was written down in that time
AT_ONCE = 1000
COUNTED_ONCE = {SignatureState.CONFIRMED, SignatureState.EXCLUDED}


class Erased(NamedTuple):
    number: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.number} {self.at.isoformat()}"

    @classmethod
    def read(cls, line: str) -> Erased:
        """Raises ValueError if it is no such line."""
        number, at = line.split()
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("the time has no zone")
        return cls(int(number), moment)


def known(*, since: datetime | None = None) -> Iterator[Erased]:
    """What the database knows of, the oldest first."""
    rows: QuerySet[Erasure] = Erasure.objects.order_by("erased_at", "pk")
    if since:
        rows = rows.filter(erased_at__gte=since)
    for row in rows.iterator():
        yield Erased(row.signature_number, row.erased_at)


def write_down() -> int:
    """Add what is new to the file that ERASURES_FILE names; say how much that was."""
    if not settings.ERASURES_FILE:
        return 0
    file = Path(settings.ERASURES_FILE)
    number = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(number, "r+b") as lines:
        fcntl.flock(lines, fcntl.LOCK_EX)  # another worker may be about to
        latest = _latest(lines)
        since = max(one.at for one in latest) - OVERLAP if latest else None
        new = [one for one in known(since=since) if one not in latest]
        if new:
            lines.write("".join(f"{one}\n" for one in new).encode())
            lines.flush()
            os.fsync(lines.fileno())
    return len(new)


def read(file: Path) -> list[Erased]:
    """Raises ValueError, naming the line, if the file is no such list."""
    with file.open() as lines:
        return [_named(number, line) for number, line in enumerate(lines, 1)]


def apply(erased: Iterable[Erased]) -> int:
    """Erase again what a restored backup has brought back; say how many came back.

    What was only forgotten when its time was over is forgotten anew by that rule. A
    signature that began after such a moment is another one with the same number.
    """
    latest = {one.number: one.at for one in sorted(erased, key=lambda one: one.at)}
    numbers = sorted(latest)
    came_back = 0
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        rows = Signature.objects.filter(pk__in=some, forgotten_at=None)
        for signature in rows.select_related("petition"):
            at = latest[signature.pk]
            if signature.started_at <= at and not _was_over(signature, at):
                signature.erase()
                came_back += 1
    return came_back


def _latest(lines: IO[bytes]) -> set[Erased]:
    """What stands at the end of the file; a line that was cut off is ended there."""
    size = lines.seek(0, os.SEEK_END)
    lines.seek(max(0, size - TAIL))
    tail = lines.read()
    if tail and not tail.endswith(b"\n"):
        lines.write(b"\n")
    found = set()
    for line in tail.decode(errors="replace").splitlines():
        with suppress(ValueError):
            found.add(Erased.read(line))
    return found


def _named(number: int, line: str) -> Erased:
    try:
        return Erased.read(line)
    except ValueError as error:
        raise ValueError(f"line {number} is no number and time: {line!r}") from error


def _was_over(signature: Signature, at: datetime) -> bool:
    """Whether its time was over by then, so that it was forgotten but still counts."""
    petition = signature.petition
    if petition.closed_at is None or signature.state not in COUNTED_ONCE:
        return False
    usual = settings.SIGNERS_KEPT
    kept = settings.SENSITIVE_SIGNERS_KEPT if petition.sensitive else usual
    shortest = min(timedelta(days=signature.kept_days), kept)
    return max(petition.closed_at, signature.started_at) + shortest <= at
