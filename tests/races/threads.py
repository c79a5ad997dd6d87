"""Everything at once: real threads, each with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from django.db import connection

Answer = TypeVar("Answer")
Other = TypeVar("Other")
SECONDS_TO_GATHER = 60


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


def in_threads_amid(
    acts: Sequence[Callable[[], Answer]], others: Sequence[Callable[[], Other]]
) -> tuple[list[Answer], list[list[Other]]]:
    """Start all at once, and do the others again and again until all acts are done."""
    busy = set(range(len(acts)))
    all_done = threading.Event()

    def once(number: int) -> Answer:
        try:
            return acts[number]()
        finally:
            busy.discard(number)
            if not busy:
                all_done.set()

    def again_and_again(act: Callable[[], Other]) -> list[Other]:
        answers = [act()]
        while not all_done.is_set():
            answers.append(act())
        return answers

    answers = in_threads(
        [
            *(partial(once, number) for number in busy),
            *(partial(again_and_again, act) for act in others),
        ]
    )
    return answers[: len(acts)], answers[len(acts) :]
