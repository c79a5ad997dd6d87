"""The load generator against a server of a few lines."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat

import pytest

from bench.load import Engine, Lane, Tally, Task, closed_loop
from bench.wire import Answer, get

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Answering = Callable[[socket.socket, int], bool]  # False: close


@contextmanager
def server(answer: Answering) -> Iterator[tuple[str, int]]:
    """Answers each request of each connection, numbered, until told to close."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(client: socket.socket) -> None:
        with client:
            number = 0
            while client.recv(65536) and answer(client, number):
                number += 1

    def accept() -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[client], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def always_ok(client: socket.socket, _number: int) -> bool:
    client.sendall(OK)
    return True


def requests(number: int) -> Iterator[bytes]:
    return repeat(get("/"), number)


def test_every_request_is_answered_and_counted_once() -> None:
    with server(always_ok) as address:
        tally = closed_loop(address, requests(50), connections=4, seconds=60)

    assert (len(tally.latencies), tally.error_count) == (50, 0)
    assert 0 < tally.counted <= 50
    assert tally.seconds < 60  # it ends with the last answer


@pytest.mark.slow
def test_an_answer_in_two_packets_is_one() -> None:
    def in_two(client: socket.socket, _number: int) -> bool:
        client.sendall(OK[:30])
        time.sleep(0.005)
        client.sendall(OK[30:])
        return True

    with server(in_two) as address:
        tally = closed_loop(address, requests(5), connections=1, seconds=60)

    assert (len(tally.latencies), tally.error_count) == (5, 0)


def test_a_connection_that_is_closed_after_its_answer_is_opened_anew() -> None:
    def once(client: socket.socket, _number: int) -> bool:
        client.sendall(OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        return False

    with server(once) as address:
        tally = closed_loop(address, requests(5), connections=2, seconds=60)

    assert (len(tally.latencies), tally.error_count) == (5, 0)


def test_a_wrong_status_is_an_error_and_no_latency() -> None:
    def refusing(client: socket.socket, _number: int) -> bool:
        client.sendall(OK.replace(b"200 OK", b"503 No"))
        return True

    with server(refusing) as address:
        tally = closed_loop(address, requests(3), connections=1, seconds=60)

    assert (dict(tally.errors), len(tally.latencies)) == ({"status 503": 3}, 0)


def test_a_connection_that_breaks_off_is_an_error() -> None:
    def breaking(client: socket.socket, number: int) -> bool:
        client.sendall(OK[:-1])
        return False

    with server(breaking) as address:
        tally = closed_loop(address, requests(2), connections=1, seconds=60)

    assert (dict(tally.errors), len(tally.latencies)) == ({"NotHttp": 2}, 0)


def test_a_server_that_is_not_there_is_an_error() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = probe.getsockname()

        tally = closed_loop(address, requests(3), connections=1, seconds=60)

    assert dict(tally.errors) == {"ConnectionRefusedError": 3}


def test_a_request_that_is_never_answered_is_an_error() -> None:
    tally = Tally()
    heard: list[int] = []
    with server(lambda *_: True) as address, Engine() as engine:
        lane = Lane(address, 1)
        for _ in range(2):
            then = lambda answer, _now: heard.append(answer.status)  # noqa: E731
            engine.put(lane, Task(get("/"), tally, then=then))
        engine.run(0, tallies=[tally], patience=0.05)

    assert dict(tally.errors) == {"no answer": 1, "never sent": 1}
    assert heard == [0]  # who sent it knows that it is not known


@pytest.mark.slow
def test_at_a_fixed_rate_waiting_for_a_connection_counts() -> None:
    def slowly(client: socket.socket, _number: int) -> bool:
        time.sleep(0.02)
        client.sendall(OK)
        return True

    tally, dues = Tally(), []

    def make(due: float) -> None:
        dues.append(due)
        engine.put(lane, Task(get("/"), tally, due=due))

    with server(slowly) as address, Engine() as engine:
        lane = Lane(address, 1)  # twice as many are due as it can answer
        engine.at_rate(100, make)
        engine.run(0.2, tallies=[tally])

    many = len(dues)
    assert [round(100 * (due - dues[0])) for due in dues] == list(range(many))
    assert len(tally.latencies) == many  # each that was due was sent
    assert tally.milliseconds(100) > 10 * many  # the last waited for all before it


def test_the_sender_hears_of_an_answer_and_of_a_failure() -> None:
    def every_second(client: socket.socket, number: int) -> bool:
        client.sendall(OK if number == 0 else b"nonsense\r\n\r\n")
        return True

    heard: list[int] = []

    def then(answer: Answer, _now: float) -> None:
        heard.append(answer.status)

    tally = Tally()
    with server(every_second) as address, Engine() as engine:
        lane = Lane(address, 1)
        for _ in range(2):
            engine.put(lane, Task(get("/"), tally, then=then))
        engine.run(0.05, tallies=[tally], until=lambda: len(heard) == 2)

    assert heard == [200, 0]


@pytest.mark.parametrize(("longest_rest", "connections"), [(60.0, 1), (0.0, 2)])
def test_a_connection_that_has_rested_too_long_is_opened_anew(
    longest_rest: float, connections: int
) -> None:
    opened: list[int] = []

    def count(client: socket.socket, number: int) -> bool:
        opened.append(number)  # 0: the first on its connection
        return always_ok(client, number)

    with server(count) as address, Engine() as engine:
        lane, tally = Lane(address, 1, longest_rest=longest_rest), Tally()

        def again(_answer: Answer, _now: float) -> None:
            engine.put(lane, Task(get("/"), tally))

        engine.put(lane, Task(get("/"), tally, then=again))
        engine.run(0.05, tallies=[tally])

    assert len(tally.latencies) == 2
    assert opened.count(0) == connections
