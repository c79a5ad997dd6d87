"""HTTP as the load generator speaks it: requests made once, answers barely read."""

from __future__ import annotations

from dataclasses import dataclass

HOST = "petitions.example.org"
# What the proxy in front adds, and what every browser of today sends.
AS_FROM_PROXY = (
    "X-Forwarded-Proto: https\r\n"
    "User-Agent: Mozilla/5.0\r\nAccept: text/html\r\nAccept-Language: en\r\n"
)


def get(path: str, *, gzip: bool = True, **headers: str) -> bytes:
    """A GET as bytes; `if_none_match="…"` becomes the header If-None-Match."""
    if gzip:
        headers["accept_encoding"] = "gzip"
    return f"GET {path} HTTP/1.1\r\n{_head(headers)}\r\n".encode()


def post(path: str, body: bytes = b"", **headers: str) -> bytes:
    """A form posted from the site's own page; `x_forwarded_for` says from where."""
    headers["sec_fetch_site"] = "same-origin"
    headers["content_type"] = "application/x-www-form-urlencoded"
    headers["content_length"] = str(len(body))
    return f"POST {path} HTTP/1.1\r\n{_head(headers)}\r\n".encode() + body


def _head(headers: dict[str, str]) -> str:
    headers = {"x_forwarded_for": "203.0.113.7", **headers}
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"Host: {HOST}\r\n{AS_FROM_PROXY}{lines}"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes
    closes: bool  # the server will take no other request on this connection

    def header(self, name: str) -> str:
        """The value of a header, or ""."""
        found = self.head.lower().find(b"\r\n" + name.lower().encode() + b":")
        if found < 0:
            return ""
        value = self.head[found + len(name) + 3 :].split(b"\r\n", 1)[0]
        return value.decode("latin-1").strip()

    @property
    def path(self) -> str:
        """Where it sends us on to, without scheme and host."""
        location = self.header("location")
        return "/" + location.split("/", 3)[3] if "://" in location else location


class NotHttp(Exception):
    """The server sent what is no answer, or broke off within one."""


class Reader:
    """Puts one connection's answers together from the pieces in which they come."""

    __slots__ = ("_data", "_head_end", "_whole")

    def __init__(self) -> None:
        self._start(b"")

    def _start(self, data: bytes) -> None:
        self._data = data
        self._head_end = -1
        self._whole = -1  # bytes of head and body; -1: not known yet

    def feed(self, piece: bytes) -> Answer | None:
        """The answer that this piece completes, or None."""
        data = self._data = self._data + piece if self._data else piece
        if self._whole < 0:
            self._measure(data)
        if self._whole < 0 or len(data) < self._whole:
            return None
        return self._take(data)

    def end(self) -> Answer | None:
        """The server closed: the answer that ends so, or None if none had begun."""
        data = self._data
        if not data:
            return None
        if self._head_end < 0 or _length(data[: self._head_end].lower()) is not None:
            raise NotHttp("broken off")
        self._whole = len(data)
        return self._take(data)

    def _measure(self, data: bytes) -> None:
        if self._head_end < 0:
            self._head_end = data.find(b"\r\n\r\n")
            if self._head_end < 0:
                return
            if not data.startswith(b"HTTP/1."):
                raise NotHttp(repr(data[:40]))
        head_end = self._head_end + 4
        head = data[: self._head_end].lower()
        length = _length(head)
        if length is None and b"\r\ntransfer-encoding: chunked" in head:
            self._whole = _end_of_chunks(data, head_end)
        elif length is not None:
            self._whole = head_end + length

    def _take(self, data: bytes) -> Answer:
        head = data[: self._head_end]
        body = data[self._head_end + 4 : self._whole]
        self._start(data[self._whole :])
        closes = b"\r\nconnection: close" in head.lower() or head.startswith(
            b"HTTP/1.0"
        )
        return Answer(int(head[9:12]), head, body, closes)


def _length(head: bytes) -> int | None:
    """How long the body is, where the head says so. 204 and 304 have none."""
    if head[9:12] in (b"204", b"304"):
        return 0
    found = head.find(b"\r\ncontent-length:")
    if found < 0:
        return None
    return int(head[found + 17 :].split(b"\r\n", 1)[0])


def _end_of_chunks(data: bytes, at: int) -> int:
    """Where a body in chunks ends; -1 while it has not come whole."""
    while True:
        line_end = data.find(b"\r\n", at)
        if line_end < 0:
            return -1
        size = int(data[at:line_end].split(b";")[0], 16)
        at = line_end + 2 + size + 2
        if at > len(data):
            return -1
        if size == 0:
            return at
