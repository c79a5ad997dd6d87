"""Everything at once: real threads, each with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Answer = TypeVar("Answer")
SECONDS_TO_GATHER = 20


def in_threads(acts: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Start all acts at the same moment; give their answers in order.

    Whatever an act raises is raised here.
    """
    barrier = threading.Barrier(len(acts), timeout=SECONDS_TO_GATHER)

    def run(act: Callable[[], Answer]) -> Answer:
        try:
            connection.ensure_connection()  # so that nobody waits for it at the start
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        futures = [pool.submit(run, act) for act in acts]
    return [future.result() for future in futures]
