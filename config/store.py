"""The page store: answers for a second with the page that Django made last.

It stands between the server and Django. Public pages are the same for everybody, so a
crowd costs one page a second. What Django does not call public is passed on as it is.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from config.kept_pages import KEPT_FOR, KeptPages
from config.stored_page import Address, Answer, Page

OLD_FOR = 10  # seconds in which an old page will do, as `stale-while-revalidate` says
LONGEST_WAIT = 5  # seconds for which a reader waits for another's page


@dataclass(frozen=True)
class Stored:
    page: Page
    since: float  # when Django gave it, or could not give a newer one


class PageStore:
    """Wraps a WSGI application. Its threads share one; each process has its own."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        seconds: float,
        most_bytes: int,
        kept: KeptPages,
        besides: tuple[str, ...] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._application = application
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._kept = kept
        self._besides = besides  # paths of files, which others keep better
        self._clock = clock
        self.start_anew()

    def start_anew(self) -> None:
        """Forget all. A fork needs it: the thread that held the lock is not there."""
        self._lock = threading.Lock()
        self._stored: OrderedDict[Address, Stored] = OrderedDict()
        self._bytes = 0
        self._being_made: dict[Address, threading.Event] = {}

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        address = Address.of(environ)
        if address is None or address.path.startswith(self._besides):
            return self._application(environ, start_response)
        found = self._look_up(address)
        if found is None:
            try:
                return self._ask(address, environ, start_response)
            finally:
                self._being_made.pop(address).set()
        if isinstance(found, threading.Event):
            found.wait(LONGEST_WAIT)
            found = self._recent(address)
        if found is None:  # it was not for everybody, or takes too long
            return self._ask(address, environ, start_response)
        return found.answer(environ, start_response, now=self._clock())

    def _look_up(self, address: Address) -> Page | threading.Event | None:
        """The page; or the end of another thread's making it; or None: make it now.

        While one thread makes a new page, the others get the old one.
        """
        with self._lock:
            is_being_made = self._being_made.get(address)
            page = self._recent(address, old_will_do=is_being_made is not None)
            if page is None and is_being_made is None:
                self._being_made[address] = threading.Event()
        return page or is_being_made

    def _recent(self, address: Address, *, old_will_do: bool = True) -> Page | None:
        stored = self._stored.get(address)
        longest = self._seconds + (OLD_FOR if old_will_do else 0)
        if stored is None or abs(self._clock() - stored.since) >= longest:
            return None  # a clock that was put back ends a page too
        return stored.page

    def _ask(
        self,
        address: Address,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Ask Django for the whole page, and store it if everybody may have it."""
        asked_at = self._clock()
        answer = Answer.to(address.whole_page(environ), by=self._application)
        if answer.is_for_everybody:
            page = answer.read(made_at=asked_at)
            self._store(address, page)
            self._kept.keep(address, page)
            return page.answer(environ, start_response, now=self._clock())
        if answer.is_failure and (last := self._last(address)):
            answer.close()
            self._store(address, last)
            return last.answer(environ, start_response, now=self._clock())
        if answer.is_gone:
            self._forget(address)
        return answer.pass_on(environ, start_response)

    def _store(self, address: Address, page: Page) -> None:
        """Have the page in memory; what nobody has asked for longest makes room."""
        with self._lock:
            self._drop(address)
            self._stored[address] = Stored(page, since=self._clock())
            self._bytes += page.size
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._stored)))

    def _last(self, address: Address) -> Page | None:
        """The page of a day at most that is to stand in for a failure."""
        page = self._recent(address) or self._kept.read(address)
        if page is None or self._clock() - page.made_at > KEPT_FOR:
            return None
        return page.dated()

    def _forget(self, address: Address) -> None:
        """It has gone from the site: keep it in no form, for no failure."""
        with self._lock:
            for other in [one for one in self._stored if one.is_beside(address)]:
                self._drop(other)
        self._kept.forget(address)

    def _drop(self, address: Address) -> None:
        if stored := self._stored.pop(address, None):
            self._bytes -= stored.page.size
