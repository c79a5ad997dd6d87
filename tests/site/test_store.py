"""One page for a crowd, and never one reader's answer for another."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import store as store_module
from config.settings import BASE_DIR
from config.store import PageStore
from config.stored_page import MOST_BYTES
from tests.site.wsgi import Clock, Counting, ask, make_store

# How long a page will do


def test_within_a_second_everybody_gets_the_same_page(
    store: PageStore, django: Counting, clock: Clock
) -> None:
    first = ask(store)
    clock.move_on(0.9)
    second = ask(store)

    assert first.body == second.body == b"page 1"
    assert len(django.asked) == django.closed == 1


def test_after_a_second_there_is_a_new_one(store: PageStore, clock: Clock) -> None:
    ask(store)
    clock.move_on(1)

    assert ask(store).body == b"page 2"


def test_a_clock_that_is_put_back_keeps_no_page_alive(
    store: PageStore, clock: Clock
) -> None:
    ask(store)
    clock.move_on(-3600)

    assert ask(store).body == b"page 2"


def test_a_page_says_how_old_it_is_and_all_that_django_said(
    store: PageStore, django: Counting, clock: Clock
) -> None:
    django.headers |= {"Content-Language": "es", "Content-Security-Policy": "x"}
    store._seconds = 5
    first = ask(store)
    clock.move_on(2.9)

    second = ask(store)

    assert first.headers["Age"] == "0"
    assert second.headers == first.headers | {"Age": "2"}
    assert second.headers["Content-Language"] == "es"
    assert second.headers["Content-Security-Policy"] == "x"


# A crowd


def test_who_comes_while_the_first_page_is_made_waits_for_it(
    store: PageStore, django: Counting
) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def hold(_number: int) -> None:
        has_begun.set()
        may_end.wait(10)

    django.before_answer = hold
    with ThreadPoolExecutor(20) as crowd:
        first = crowd.submit(ask, store)
        has_begun.wait(10)
        others = [crowd.submit(ask, store) for _ in range(19)]
        may_end.set()
        bodies = {one.result().body for one in [first, *others]}

    assert bodies == {b"page 1"}
    assert len(django.asked) == 1


def test_who_comes_while_a_new_page_is_made_gets_the_old_one(
    store: PageStore, django: Counting, clock: Clock
) -> None:
    ask(store)
    clock.move_on(2)
    with ThreadPoolExecutor(1) as other, held(django, number=2) as release:
        renewing = other.submit(ask, store)
        release.has_begun.wait(10)

        bodies = [ask(store).body for _ in range(5)]
        release()

        assert renewing.result().body == b"page 2"
    assert bodies == [b"page 1"] * 5
    assert len(django.asked) == 2


def test_a_page_that_is_long_out_of_date_is_given_to_nobody(
    store: PageStore, django: Counting, clock: Clock
) -> None:
    ask(store)
    clock.move_on(60)
    with ThreadPoolExecutor(5) as crowd, held(django, number=2) as release:
        first = crowd.submit(ask, store)
        release.has_begun.wait(10)
        others = [crowd.submit(ask, store) for _ in range(4)]
        release()

        bodies = {one.result().body for one in [first, *others]}

    assert bodies == {b"page 2"}


def test_nobody_waits_for_ever(
    store: PageStore, django: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "LONGEST_WAIT", 0)
    with ThreadPoolExecutor(1) as other, held(django, number=1) as release:
        slow = other.submit(ask, store)
        release.has_begun.wait(10)

        assert ask(store).body == b"page 2"
        release()
        slow.result()


def test_who_waited_for_what_is_not_public_gets_an_answer_of_their_own(
    store: PageStore, django: Counting
) -> None:
    django.headers = {"Cache-Control": "no-store, private"}
    with ThreadPoolExecutor(6) as crowd, held(django, number=1) as release:
        first = crowd.submit(ask, store)
        release.has_begun.wait(10)
        others = [crowd.submit(ask, store) for _ in range(5)]
        release()

        bodies = {one.result().body for one in [first, *others]}

    assert len(bodies) == len(django.asked) == 6


def test_a_mistake_behind_the_store_keeps_nobody_waiting(
    store: PageStore, django: Counting
) -> None:
    def fail(_number: int) -> None:
        raise ZeroDivisionError

    django.before_answer = fail
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            ask(store)

    assert store._being_made == {}


class held:  # noqa: N801 - reads like a word
    """Holds back one answer of the application until it is released."""

    def __init__(self, django: Counting, *, number: int) -> None:
        self.has_begun, self._may_end = threading.Event(), threading.Event()
        self._number = number
        django.before_answer = self._hold

    def _hold(self, number: int) -> None:
        if number == self._number:
            self.has_begun.set()
            self._may_end.wait(10)

    def __enter__(self) -> "held":
        return self

    def __call__(self) -> None:
        self._may_end.set()

    def __exit__(self, *_error: object) -> None:
        self._may_end.set()


# What is bounded


def test_what_was_not_asked_for_longest_makes_room(
    django: Counting, tmp_path: Path
) -> None:
    django.padding = 20_000
    store = make_store(django, tmp_path, most_bytes=100_000)

    for number in range(50):
        ask(store, f"/{number}/")

    assert [address.path for address in store._stored] == [
        f"/{number}/" for number in range(46, 50)
    ]
    held = sum(one.page.size for one in store._stored.values())
    assert store._bytes == held <= 100_000


def test_a_huge_page_is_passed_on_and_not_stored(
    store: PageStore, django: Counting
) -> None:
    django.padding = MOST_BYTES + 1

    assert len(ask(store).body) == MOST_BYTES + 1
    assert ask(store).body.startswith(b"page 2")
    assert store._bytes == 0


@pytest.mark.slow
def test_a_fork_begins_with_a_store_of_its_own() -> None:
    script = """
import os
from config.wsgi import application as store
store._lock.acquire()  # as a thread does that the fork will not have
child = os.fork()
if child == 0:
    os._exit(0 if store._lock.acquire(timeout=5) else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=BASE_DIR,
        env={**os.environ, "STORE_SECONDS": "1"},
        check=False,
    )

    assert done.returncode == 0
