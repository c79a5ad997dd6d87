"""Folds when told to: `python -m bench.fold_once`, then a line on its input.

It prints "ready", and, when it has folded, how many changes there were and the seconds.
"""

import sys
import time

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the set-up above

from campaigns import tally  # noqa: E402


def main() -> None:
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    folded = tally.fold()
    print(folded, time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main()
