"""The site as its server sees it, with an eye on what each request does to it."""

from __future__ import annotations

import re
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import (
    got_request_exception,
    request_finished,
    request_started,
)
from django.db import close_old_connections, connection, transaction

from config.kept_pages import KeptPages
from config.store import PageStore
from tests.attacks.bad_requests import Reply

WRITES = re.compile(
    r"(?<!FOR )(?<!KEY )(?<!DO )"
    r"\b(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+\"?(\w+)"
)


@dataclass
class Deed:
    """What became of one request."""

    reply: Reply
    seconds: float
    failures: list[str]
    changed: set[str]  # tables


@dataclass
class SiteUnderAttack:
    """Page store and Django, in this process. What a request changes is undone."""

    folder: Path
    made: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.django = WSGIHandler()
        self.store = PageStore(
            self._watched,
            seconds=0.000_001,
            most_bytes=100_000,
            kept=KeptPages(self.folder),
            besides=("/static/", "/media/"),
        )
        self.rows = {table: _rows(table) for table in _tables()}

    def ask(self, environ: dict[str, Any]) -> Reply:
        return self.try_out(environ).reply

    def try_out(self, environ: dict[str, Any]) -> Deed:
        self.made, self.failures, self.written = [], [], Counter()
        started = time.thread_time()
        with transaction.atomic(), self._watching():
            reply = self._answer(environ)
            seconds = time.thread_time() - started
            changed = {table for table in self.written if self._has_changed(table)}
            if changed:
                connection.check_constraints()  # as a commit would
            transaction.set_rollback(True)
        failures = [*self.failures, *(str(one) for one in self.made if one >= 500)]
        return Deed(reply, seconds, failures, changed)

    def _answer(self, environ: dict[str, Any]) -> Reply:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _error: object = None
        ) -> Callable[[bytes], object]:
            started.append((status, headers))
            return lambda _chunk: None

        answer = self.store(environ, start_response)
        body = b"".join(answer)
        if close := getattr(answer, "close", None):
            close()
        [(status, headers)] = started
        return Reply(int(status.split()[0]), body, dict(headers))

    def _watched(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """A kept page may stand in for a failure: see what Django itself says."""

        def start(status: str, headers: Any, error: object = None) -> Any:
            self.made.append(int(status.split()[0]))
            return start_response(status, headers, error)

        return self.django(environ, start)

    @contextmanager
    def _watching(self) -> Iterator[None]:
        got_request_exception.connect(self._note_failure)
        try:
            with one_connection(), connection.execute_wrapper(self._note_writes):
                yield
        finally:
            got_request_exception.disconnect(self._note_failure)

    def _note_failure(self, **_named: object) -> None:
        self.failures.append(traceback.format_exc(limit=-6))

    def _note_writes(
        self, execute: Any, sql: str, values: Any, many: bool, context: Any
    ) -> Any:
        result = execute(sql, values, many, context)
        for what, table in WRITES.findall(sql):
            is_update = what == "UPDATE"
            if not is_update or context["cursor"].cursor.rowcount:
                self.written[table] += 1 if is_update else 0
        return result

    def _has_changed(self, table: str) -> bool:
        """By an UPDATE that found a row, or by the number of its rows."""
        return bool(self.written[table]) or _rows(table) != self.rows[table]


@contextmanager
def one_connection() -> Iterator[None]:
    """Let a request stay within the test's own transaction."""
    signals = [request_started, request_finished]
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def _tables() -> list[str]:
    names = connection.introspection.table_names()
    return [name for name in names if "words" not in name]


def _rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])
