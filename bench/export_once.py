"""Writes all signatures of a petition to nowhere, as often as it is told.

A program of its own, so that its memory is its own: `python -m bench.export_once 7`.
It prints "ready"; then, for each line it reads ("ours" or "plain"), rows, seconds and
by how many megabytes its memory has grown at most.
"""

import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the set-up above

from petitions.models import Petition  # noqa: E402
from signatures.as_csv import signature_file  # noqa: E402

PLAIN = """
COPY (
  SELECT confirmed_at, origin, version_id, language, name, place, country, email,
    reason, show_name, wants_updates, name_for_delivery, organizer_may_write, consent
  FROM signatures_signature WHERE petition_id = %s AND state = 'confirmed'
) TO STDOUT
"""


def main(petition: Petition) -> None:
    connection.ensure_connection()
    began_with = _peak()
    print("ready", flush=True)
    for line in sys.stdin:
        pieces = signature_file(petition) if line.strip() == "ours" else plain(petition)
        began = time.perf_counter()
        rows = _written(pieces)
        seconds = time.perf_counter() - began
        print(rows, seconds, _peak() - began_with, flush=True)


def plain(petition: Petition) -> Iterable[bytes]:
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(PLAIN, [petition.pk]) as all_,
    ):
        yield from all_


def _written(pieces: Iterable[bytes]) -> int:
    """Say how many lines there were."""
    rows = 0
    with Path("/dev/null").open("wb") as nowhere:
        for piece in pieces:
            nowhere.write(piece)
            rows += bytes(piece).count(b"\n")
    return rows


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(Petition.objects.get(pk=sys.argv[1]))
