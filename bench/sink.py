"""A mail server that keeps nothing but who got which link.

A process of its own: `python -m bench.sink`. It prints its two ports: one speaks SMTP;
the other sends, to whoever connects, a line "recipient path" for each mail.
"""

import asyncio
import base64
import contextlib
import quopri
import re
import signal

LINK = re.compile(rb"https?://[^/\s]+(/(?:[a-z-]+/)?confirm/[^/\s\"<]+/)")
END = b"\r\n.\r\n"

listeners: list[asyncio.Transport] = []


def link_in(message: bytes) -> bytes:
    """The path of the link to confirm; of the text part, which comes first."""
    if found := LINK.search(message):
        path = found.group(1)
        if b"=" not in path:
            return path
    for part in re.split(rb"\r\n--[^\r\n]+\r\n", message):
        head, _, body = part.partition(b"\r\n\r\n")
        if found := LINK.search(_decoded(head.lower(), body)):
            return found.group(1)
    return b"-"


def _decoded(head: bytes, body: bytes) -> bytes:
    if b"quoted-printable" in head:
        return quopri.decodestring(body)
    if b"base64" in head:
        with contextlib.suppress(ValueError):
            return base64.b64decode(body)
    return body


class Mailbox(asyncio.Protocol):
    """As much SMTP as a client that sends one mail after another needs."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._data = b""
        self._is_in_message = False
        self._recipients: list[bytes] = []
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._data += data
        while self._take():
            pass

    def _take(self) -> bool:
        """Handle one line, or one message; False if it has not come whole."""
        end = END if self._is_in_message else b"\r\n"
        found = self._data.find(end)
        if found < 0:
            return False
        whole, self._data = self._data[:found], self._data[found + len(end) :]
        if self._is_in_message:
            self._keep(whole)
        else:
            self._obey(whole)
        return True

    def _keep(self, message: bytes) -> None:
        self._is_in_message = False
        path = link_in(message)
        lines = b"".join(b"%s %s\n" % (one, path) for one in self._recipients)
        for listener in listeners:
            listener.write(lines)
        self._transport.write(b"250 kept\r\n")

    def _obey(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._transport.write(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
        elif verb == b"DATA":
            self._is_in_message = True
            self._transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self._transport.write(b"221 bye\r\n")
            self._transport.close()
        else:
            if verb == b"MAIL":
                self._recipients = []
            elif verb == b"RCPT":
                self._recipients.append(line.split(b"<")[1].split(b">")[0])
            self._transport.write(b"250 ok\r\n")


class Telling(asyncio.Protocol):
    """Somebody who wants to hear of each mail."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        listeners.append(transport)

    def connection_lost(self, error: Exception | None) -> None:
        listeners.remove(self._transport)


async def serve() -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    servers = [
        await loop.create_server(protocol, "127.0.0.1", 0)
        for protocol in (Mailbox, Telling)
    ]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await stopping.wait()


if __name__ == "__main__":
    asyncio.run(serve())
