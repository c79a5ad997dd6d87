"""A mail server that behaves as badly as it is told.

A process of its own: `python -m bench.faults.sink`. It prints its two ports: one speaks
SMTP; the other sends, to whoever connects, a line for each mail, "behaviour recipient
path message-id", and obeys lines: "bad 30 5 5" (per cent refused for now, hung, dropped
after being kept), "away", "back".
"""

from __future__ import annotations

import asyncio
import random
import re
import signal

from bench.sink import Mailbox, link_in

MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
GOOD = "kept"
BEHAVIOURS = ("refused", "hung", "dropped")

chance = random.Random(42)


class Sink:
    """What its connections share."""

    def __init__(self) -> None:
        self.per_cent = dict.fromkeys(BEHAVIOURS, 0)
        self.listeners: set[asyncio.Transport] = set()
        self.mailboxes: set[asyncio.Transport] = set()
        self.smtp: asyncio.Server | None = None
        self.port = 0

    def behaviour(self) -> str:
        """How to treat the next mail."""
        point = chance.random() * 100
        for name, per_cent in self.per_cent.items():
            if point < per_cent:
                return name
            point -= per_cent
        return GOOD

    def tell(self, *words: bytes) -> None:
        for listener in self.listeners:
            listener.write(b" ".join(words) + b"\n")

    async def obey(self, line: str) -> None:
        verb, *numbers = line.split()
        if verb == "bad":
            values = [int(number) for number in numbers]
            self.per_cent = dict(zip(BEHAVIOURS, values, strict=True))
        elif verb == "away" and self.smtp:
            self.smtp.close()
            for mailbox in list(self.mailboxes):
                mailbox.abort()
        elif verb == "back":
            await self.open()

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self.smtp = await loop.create_server(
            lambda: BadMailbox(self), "127.0.0.1", self.port
        )
        self.port = self.smtp.sockets[0].getsockname()[1]


class BadMailbox(Mailbox):
    """Keeps a mail, refuses it for now, or keeps it and never says so."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._sink.mailboxes.add(self._transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink.mailboxes.discard(self._transport)

    def _keep(self, message: bytes) -> None:
        self._is_in_message = False
        behaviour = self._sink.behaviour()
        found = MESSAGE_ID.search(message)
        number = found.group(1) if found else b"-"
        path = link_in(message)
        for recipient in self._recipients:
            self._sink.tell(behaviour.encode(), recipient, path, number)
        if behaviour == GOOD:
            self._transport.write(b"250 kept\r\n")
        elif behaviour == "refused":
            self._transport.write(b"451 come back later\r\n")
        elif behaviour == "dropped":
            self._transport.abort()


class Telling(asyncio.Protocol):
    """Somebody who hears of each mail, and says how to behave."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._rest = b""
        self._obeying: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._sink.listeners.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink.listeners.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            task = asyncio.ensure_future(self._sink.obey(line.decode()))
            self._obeying.add(task)
            task.add_done_callback(self._obeying.discard)


async def serve() -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    sink = Sink()
    await sink.open()
    telling = await loop.create_server(lambda: Telling(sink), "127.0.0.1", 0)
    print(sink.port, telling.sockets[0].getsockname()[1], flush=True)
    await stopping.wait()


if __name__ == "__main__":
    asyncio.run(serve())
