"""Which requests get one page for everybody, and which answers are such pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.utils.http import http_date, parse_etags, parse_http_date_safe

from config.as_of import with_date

# All that pages read from the query. What others hang on links is taken off.
KNOWN = {
    *("q", "topic", "state", "sort", "page", "outcome"),
    *("after", "via", "paper", "p"),
}
HUNG_ON = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|twclid|igshid|mc_[ce]id")

# With one of these the answer may be for one reader alone, or a part of the page.
PERSONAL = [
    *("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_TRANSFER_ENCODING"),
    *("HTTP_RANGE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"),
]
ABOUT_THE_BODY = {"content-length", "content-type", "content-encoding"}
ABOUT_THE_BYTES = {"content-length", "etag", "last-modified"}
MOST_BYTES = 512 * 1024
MADE_AT = "X-Page-From"

Headers = list[tuple[str, str]]


class Address(NamedTuple):
    """All that a public page may depend on: who asks for the same gets the same."""

    site: str  # scheme, host and the path under which the site stands
    path: str
    query: str
    coding: str

    @classmethod
    def of(cls, environ: WSGIEnvironment) -> Address | None:
        """None when the answer may depend on more than that."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        host = environ.get("HTTP_HOST")
        if not host or any(environ.get(name) for name in PERSONAL):
            return None
        query = _in_order(environ.get("QUERY_STRING", ""))
        if query is None or environ.get("CONTENT_LENGTH") not in (None, "", "0"):
            return None
        scheme, root = environ["wsgi.url_scheme"], environ.get("SCRIPT_NAME", "")
        forwarded = environ.get("HTTP_X_FORWARDED_PROTO", "")
        return cls(
            site="\n".join([scheme, forwarded, host, root]),
            path=environ.get("PATH_INFO", ""),
            query=query,
            coding=_coding(environ.get("HTTP_ACCEPT_ENCODING", "")),
        )

    def is_beside(self, other: Address) -> bool:
        """Whether it is the same page, with another query or in another coding."""
        return self[:2] == other[:2]

    def whole_page(self, environ: WSGIEnvironment) -> WSGIEnvironment:
        """The request for Django, without what is one reader's own."""
        asked = {
            **environ,
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": self.query,
            "HTTP_ACCEPT_ENCODING": self.coding,
        }
        asked.pop("HTTP_IF_NONE_MATCH", None)
        asked.pop("HTTP_IF_MODIFIED_SINCE", None)
        return asked


@dataclass(frozen=True)
class Page:
    """A public page, and when Django was asked for it."""

    headers: Headers
    body: bytes
    made_at: float

    @cached_property
    def size(self) -> int:
        """Its bytes in memory, with what Python needs to hold it."""
        words = sum(len(name) + len(value) + 180 for name, value in self.headers)
        return len(self.body) + words + 1500

    def answer(
        self, environ: WSGIEnvironment, start_response: StartResponse, *, now: float
    ) -> Iterable[bytes]:
        headers = [*self.headers, ("Age", str(max(0, int(now - self.made_at))))]
        if self._is_known_to(environ):
            kept = [one for one in headers if one[0].lower() not in ABOUT_THE_BODY]
            start_response("304 Not Modified", kept)
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]

    def dated(self) -> Page:
        """The same, saying when it was made: Django cannot make a newer one now."""
        if _header(self.headers, MADE_AT):
            return self
        marked = [*self.headers, (MADE_AT, http_date(self.made_at))]
        body = self._body_with_date()
        if body == self.body:
            return replace(self, headers=marked)
        tag = _header(self.headers, "ETag").removesuffix('"')
        headers = [one for one in marked if one[0].lower() not in ABOUT_THE_BYTES]
        headers.append(("Content-Length", str(len(body))))
        if tag:  # who has the page without the date is to get it
            headers.append(("ETag", f'{tag}-{int(self.made_at)}"'))
        return replace(self, headers=headers, body=body)

    def _body_with_date(self) -> bytes:
        if not _header(self.headers, "Content-Type").startswith("text/html"):
            return self.body
        return with_date(
            self.body,
            made_at=self.made_at,
            language=_header(self.headers, "Content-Language"),
            is_zipped=_header(self.headers, "Content-Encoding") == "gzip",
        )

    def _is_known_to(self, environ: WSGIEnvironment) -> bool:
        """RFC 9110: tags are compared weakly, and go before the date."""
        if tags := environ.get("HTTP_IF_NONE_MATCH"):
            known = _tags(tags)
            own = _header(self.headers, "ETag").removeprefix("W/")
            return known == {"*"} or (bool(own) and own in known)
        if not (day := environ.get("HTTP_IF_MODIFIED_SINCE")):
            return False
        since = parse_http_date_safe(day)
        changed = parse_http_date_safe(_header(self.headers, "Last-Modified"))
        return since is not None and changed is not None and changed <= since


@dataclass(frozen=True)
class Answer:
    """What Django says, before any of it is passed on."""

    status: str
    headers: Headers
    chunks: Iterable[bytes]

    @classmethod
    def to(cls, environ: WSGIEnvironment, *, by: WSGIApplication) -> Answer:
        started: list[tuple[str, Headers]] = []

        def start_response(
            status: str, headers: Headers, _error: object = None
        ) -> Callable[[bytes], object]:
            started.append((status, headers))
            return _refuse_to_write

        chunks = by(environ, start_response)
        return cls(*started[-1], chunks)

    @property
    def is_for_everybody(self) -> bool:
        """Whether Django calls it public, and nothing in it says otherwise."""
        said = _words(self.headers, "Cache-Control")
        length = _header(self.headers, "Content-Length")
        return (
            self.status.startswith("200 ")
            and "public" in said
            and not said & {"private", "no-store", "no-cache"}
            and not _words(self.headers, "Set-Cookie")
            and _words(self.headers, "Vary") <= {"accept-encoding"}
            and length.isdecimal()
            and int(length) <= MOST_BYTES
        )

    @property
    def is_failure(self) -> bool:
        return self.status.startswith("5")

    @property
    def is_gone(self) -> bool:
        return self.status.startswith(("404", "410"))

    def read(self, *, made_at: float) -> Page:
        try:
            return Page(self.headers, b"".join(self.chunks), made_at)
        finally:
            self.close()

    def pass_on(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        start_response(self.status, self.headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            self.close()
            return []
        return self.chunks

    def close(self) -> None:
        """Let Django end the request: it then looks after its connections."""
        if close := getattr(self.chunks, "close", None):
            close()


@lru_cache(maxsize=1000)  # a crowd comes by few links and few kinds of browsers
def _in_order(query: str) -> str | None:
    """One order for the same query; None if it holds what no page is known to read.

    Nothing is decoded. Names that stand twice keep their order: the last one counts.
    """
    named = [(part.partition("=")[0], part) for part in query.split("&") if part]
    read = [one for one in named if not HUNG_ON.fullmatch(one[0])]
    if any(name not in KNOWN for name, _part in read):
        return None
    read.sort(key=lambda one: one[0])
    return "&".join(part for _name, part in read)


@lru_cache(maxsize=100)
def _coding(accepted: str) -> str:
    """What the reader takes. Django itself reads `gzip;q=0` as a yes."""
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() == "gzip":
            return "identity" if re.fullmatch(r"\s*q=0(\.0*)?\s*", weight) else "gzip"
    return "identity"


@lru_cache(maxsize=1000)
def _tags(known: str) -> frozenset[str]:
    return frozenset(tag.removeprefix("W/") for tag in parse_etags(known))


def _header(headers: Headers, name: str) -> str:
    return next((text for one, text in headers if one.lower() == name.lower()), "")


def _words(headers: Headers, name: str) -> set[str]:
    lines = [text for one, text in headers if one.lower() == name.lower()]
    return {word.strip().lower() for word in ",".join(lines).split(",") if word.strip()}


def _refuse_to_write(_chunk: bytes) -> None:
    raise NotImplementedError("Django gives its answer back, and writes nothing.")
