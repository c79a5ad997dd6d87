"""The load generator: many connections, one thread, no waiting but for the kernel.

It shares the cores with the server that it measures, so it does little for each
request: bytes made before, one send, one or two reads, one number kept. Nothing that
went wrong is left out: each error stands in `Tally.errors` under its name.
"""

from __future__ import annotations

import contextlib
import math
import select
import socket
import time
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from bench.figures import percentile
from bench.wire import Answer, NotHttp, Reader

Address = tuple[str, int]
Then = Callable[[Answer, float], None]

PATIENCE = 10.0  # seconds that we wait for what is on its way when time is over
PIECE = 64 * 1024  # larger ones cost the kernel a mapping each
ANY_SUCCESS = 0  # expected of a mixed load: 200 for a page, 303 for a form


class HasNumber(Protocol):
    """A socket or a pipe."""

    def fileno(self) -> int: ...


@dataclass
class Tally:
    """What came of one kind of request."""

    seconds: float = 0.0  # for how long we counted
    counted: int = 0  # how many were answered within that time
    latencies: array[float] = field(default_factory=lambda: array("d"))
    ended_at: array[float] = field(default_factory=lambda: array("d"))
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return self.counted / self.seconds if self.seconds else 0.0

    @property
    def error_count(self) -> int:
        return self.errors.total()

    def milliseconds(self, percent: float) -> float:
        return percentile(self.latencies, percent) * 1000


class Task:
    """One request, from when it should be sent."""

    __slots__ = ("due", "expected", "request", "tally", "then")

    def __init__(
        self,
        request: bytes,
        tally: Tally,
        *,
        expected: int = 200,
        due: float = 0.0,
        then: Then | None = None,
    ) -> None:
        self.request = request
        self.tally = tally
        self.expected = expected
        self.due = due
        self.then = then


class Connection:
    """Kept open; opened anew when the server has closed it."""

    __slots__ = ("lane", "reader", "rests_since", "socket", "task")

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.rests_since = 0.0
        self.socket: socket.socket | None = None
        self.reader = Reader()
        self.task: Task | None = None


class Lane:
    """Some connections to one server, and the tasks that wait for one to be free.

    One that has rested for longer than `longest_rest` seconds is opened anew, as by a
    proxy: the server may be closing it in this moment.
    """

    def __init__(
        self, address: Address, connections: int, *, longest_rest: float = math.inf
    ) -> None:
        self.address = address
        self.longest_rest = longest_rest
        self.waiting: deque[Task] = deque()
        self.idle = [Connection(self) for _ in range(connections)]
        self.size = connections


class Engine:
    """Drives lanes until the time is over, then waits for what is on its way."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._open: dict[int, Connection] = {}
        self._listeners: dict[int, Callable[[], None]] = {}
        self._timers: list[Timer] = []
        self._lanes: set[Lane] = set()
        self._failed: list[Task] = []  # whose sender is still to be told
        self.is_over = False

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in list(self._open.values()):
            self._close(connection)
        self._poll.close()

    def listen(self, listener: HasNumber, ready: Callable[[], None]) -> None:
        """Call `ready` whenever something has come on another socket."""
        self._listeners[listener.fileno()] = ready
        self._poll.register(listener, select.EPOLLIN)

    def at_rate(self, rate: float, make: Callable[[float], None]) -> None:
        """Call `make` with the moment at which each task should be sent."""
        self._timers.append(Timer(make, 1 / rate))

    def put(self, lane: Lane, task: Task) -> None:
        """Send it as soon as a connection is free."""
        self._lanes.add(lane)
        if not task.due:
            task.due = time.perf_counter()
        if lane.idle:
            connection = lane.idle.pop()
            rested = time.perf_counter() - connection.rests_since
            if rested > lane.longest_rest:
                self._close(connection)
            self._send(connection, task)
        else:
            lane.waiting.append(task)

    def run(
        self,
        seconds: float,
        *,
        tallies: list[Tally],
        until: Callable[[], bool] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Work for so long; then until nothing is on its way and `until` says so.

        What ends after the time keeps its latency but is not part of the rate.
        """
        began = time.perf_counter()
        ends = began + seconds
        for timer in self._timers:
            timer.next = began
        while (now := time.perf_counter()) < ends and not self.is_over:
            self._turn(min(ends, self._fire(now)) - now)
        self.is_over = True
        for tally in tallies:
            tally.seconds = time.perf_counter() - began
            tally.counted = len(tally.latencies)
        is_done = until or (lambda: True)
        gives_up = time.perf_counter() + patience
        while self._is_busy() or not is_done():
            if time.perf_counter() > gives_up:
                self._give_up()
                break
            self._turn(0.05)

    def _fire(self, now: float) -> float:
        """Make what is due; return when the next is."""
        for timer in self._timers:
            while timer.next <= now:
                timer.make(timer.next)
                timer.next += timer.apart
        return min((timer.next for timer in self._timers), default=now + 1)

    def _turn(self, timeout: float) -> None:
        if self._failed:
            self._tell_failed()
            timeout = 0
        opened = self._open
        for number, _events in self._poll.poll(max(timeout, 0)):
            if connection := opened.get(number):
                self._read(connection)
            elif ready := self._listeners.get(number):
                ready()

    def _tell_failed(self) -> None:
        """Later, not at once: its sender may send again, and fail again."""
        failed, self._failed = self._failed, []
        for task in failed:
            assert task.then
            task.then(Answer(0, b"", b"", closes=True), time.perf_counter())

    def _is_busy(self) -> bool:
        is_waiting = any(connection.task for connection in self._open.values())
        return is_waiting or bool(self._failed)

    def _give_up(self) -> None:
        """Count what is on its way, and what never was, as errors; tell its senders."""
        for lane in self._lanes:
            for task in lane.waiting:
                task.tally.errors["never sent"] += 1
            lane.waiting.clear()
        for connection in list(self._open.values()):
            if connection.task:
                self._fail(connection, "no answer")
        self._tell_failed()

    def _send(self, connection: Connection, task: Task) -> None:
        connection.task = task
        try:
            opened = connection.socket or self._connect(connection)
            opened.send(task.request)  # small: it fits or it fails
        except OSError as error:
            self._fail(connection, type(error).__name__)

    def _connect(self, connection: Connection) -> socket.socket:
        made = socket.create_connection(connection.lane.address, timeout=5)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setblocking(False)  # noqa: FBT003 - its only way to say so
        connection.socket = made
        connection.reader = Reader()
        self._open[made.fileno()] = connection
        self._poll.register(made, select.EPOLLIN)
        return made

    def _read(self, connection: Connection) -> None:
        assert connection.socket is not None
        try:
            piece = connection.socket.recv(PIECE)
            reader = connection.reader
            answer = reader.feed(piece) if piece else reader.end()
        except (OSError, NotHttp, ValueError) as error:
            self._fail(connection, type(error).__name__)
            return
        if answer:
            self._done(connection, answer, is_closed=not piece or answer.closes)
        elif not piece:
            self._closed(connection)

    def _done(self, connection: Connection, answer: Answer, *, is_closed: bool) -> None:
        now = time.perf_counter()
        task, connection.task = connection.task, None
        if is_closed:
            self._close(connection)
        if task is None:
            return  # an answer that nobody asked for: gunicorn's to a slow client
        status, expected = answer.status, task.expected
        if status == expected or (expected == ANY_SUCCESS and status in (200, 303)):
            task.tally.latencies.append(now - task.due)
            task.tally.ended_at.append(now)
        else:
            task.tally.errors[f"status {answer.status}"] += 1
        self._next(connection)
        if task.then:
            task.then(answer, now)

    def _closed(self, connection: Connection) -> None:
        """Without an answer. A connection that rested may close at any time."""
        if connection.task is None:
            self._close(connection)
            return
        self._fail(connection, "closed without an answer")

    def _fail(self, connection: Connection, name: str) -> None:
        task, connection.task = connection.task, None
        self._close(connection)
        if task:
            task.tally.errors[name] += 1
            if task.then:
                self._failed.append(task)
        self._next(connection)

    def _next(self, connection: Connection) -> None:
        waiting = connection.lane.waiting
        while waiting and connection.task is None:
            self._send(connection, waiting.popleft())
        if connection.task is None:
            connection.rests_since = time.perf_counter()
            connection.lane.idle.append(connection)

    def _close(self, connection: Connection) -> None:
        if connection.socket is not None:
            with contextlib.suppress(OSError, KeyError):
                self._poll.unregister(connection.socket)
            self._open.pop(connection.socket.fileno(), None)
            connection.socket.close()
            connection.socket = None


class Timer:
    __slots__ = ("apart", "make", "next")

    def __init__(self, make: Callable[[float], None], apart: float) -> None:
        self.make = make
        self.apart = apart
        self.next = 0.0


def closed_loop(
    address: Address,
    requests: Iterator[bytes],
    *,
    connections: int,
    seconds: float,
    expected: int = 200,
    then: Then | None = None,
) -> Tally:
    """Each connection sends its next request when the last was answered."""
    tally = Tally()
    with Engine() as engine:
        lane = Lane(address, connections)

        def again(answer: Answer, now: float) -> None:
            if then and answer.status:
                then(answer, now)
            if engine.is_over:
                return
            if request := next(requests, None):
                put(request)
            else:
                engine.is_over = True  # all are sent: there is nothing to wait for

        def put(request: bytes) -> None:
            engine.put(lane, Task(request, tally, expected=expected, then=again))

        for _ in range(connections):
            if request := next(requests, None):
                put(request)
        engine.run(seconds, tallies=[tally])
    return tally
