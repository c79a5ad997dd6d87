"""The mail server that behaves as badly as it is told."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bench.faults.sink import Sink, Telling

MAIL = b"Message-ID: <mail-7@example.org>\r\n\r\nhttps://a.example/confirm/abc.def/\r\n"
ADDRESSES = b"MAIL FROM:<a@example.org>\r\nRCPT TO:<ben@example.org>\r\nDATA\r\n"


def with_sink(talk: Callable[[Sink], Awaitable[list[bytes]]]) -> list[bytes]:
    async def run() -> list[bytes]:
        sink = Sink()
        await sink.open()
        try:
            return await talk(sink)
        finally:
            assert sink.smtp
            sink.smtp.close()

    return asyncio.run(run())


async def deliver(sink: Sink, *, patience: float = 60) -> bytes:
    """What the server says to a whole mail; "" if it closes, "…" if it says nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    writer.write(ADDRESSES)
    for _ in range(4):  # greeting, two addresses, go on
        await reader.readline()
    writer.write(MAIL + b".\r\n")
    try:
        return await asyncio.wait_for(reader.readline(), patience)
    except TimeoutError:
        return b"..."
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


class Heard:
    """In place of the connection of somebody who listens."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def write(self, line: bytes) -> None:
        self.lines.append(line)


@pytest.mark.parametrize(
    ("order", "reply", "behaviour"),
    [
        ("bad 0 0 0", b"250 kept\r\n", b"kept"),
        ("bad 100 0 0", b"451 come back later\r\n", b"refused"),
        ("bad 0 100 0", b"...", b"hung"),
        ("bad 0 0 100", b"", b"dropped"),
    ],
)
def test_it_behaves_as_it_is_told_and_says_so(
    order: str, reply: bytes, behaviour: bytes
) -> None:
    heard = Heard()

    async def talk(sink: Sink) -> list[bytes]:
        sink.listeners.add(heard)
        await sink.obey(order)
        return [await deliver(sink, patience=0.05 if behaviour == b"hung" else 60)]

    assert with_sink(talk) == [reply]
    told = behaviour + b" ben@example.org /confirm/abc.def/ <mail-7@example.org>\n"
    assert heard.lines == [told]


def test_it_goes_away_and_comes_back_on_the_same_port() -> None:
    async def talk(sink: Sink) -> list[bytes]:
        port = sink.port
        await sink.obey("away")
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        await sink.obey("back")
        assert sink.port == port
        return [await deliver(sink)]

    assert with_sink(talk) == [b"250 kept\r\n"]


def test_orders_come_over_the_wire() -> None:
    async def talk(sink: Sink) -> list[bytes]:
        telling = Telling(sink)
        telling.data_received(b"bad 10 2")
        telling.data_received(b"0 30\n")
        await asyncio.sleep(0)
        return []

    sinks: list[Sink] = []

    async def keep(sink: Sink) -> list[bytes]:
        sinks.append(sink)
        return await talk(sink)

    with_sink(keep)

    assert sinks[0].per_cent == {"refused": 10, "hung": 20, "dropped": 30}
