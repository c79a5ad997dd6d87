"""A clock, a reader and a small application, to try what stands before Django."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from config.kept_pages import KeptPages
from config.store import PageStore

PUBLIC = {"Cache-Control": "public, max-age=1", "Vary": "Accept-Encoding"}
NOON = 1_800_000_000.0


@dataclass
class Clock:
    now: float = NOON

    def __call__(self) -> float:
        return self.now

    def move_on(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Counting:
    """Answers with a number that rises, and remembers what it was asked."""

    headers: dict[str, str] = field(default_factory=lambda: {**PUBLIC})
    status: str = "200 OK"
    padding: int = 0
    before_answer: Callable[[int], object] = lambda _number: None
    asked: list[dict[str, object]] = field(default_factory=list)
    closed: int = 0

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        self.asked.append(environ)
        number = len(self.asked)
        self.before_answer(number)
        body = f"page {number}".encode().ljust(self.padding)
        given = {
            "Content-Type": "text/plain",
            "Content-Length": str(len(body)),
            "ETag": f'"{number}"',
            **self.headers,
        }
        start_response(self.status, [(n, t) for n, t in given.items() if t])
        return Body(self, body)


@dataclass
class Body:
    of: Counting
    content: bytes

    def __iter__(self) -> object:
        return iter([self.content])

    def close(self) -> None:
        self.of.closed += 1


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    application: Callable,
    target: str = "/",
    *,
    method: str = "GET",
    without: tuple[str, ...] = (),
    **environ: str,
) -> Reply:
    """Ask as a server does; a validator watches that both sides keep to WSGI."""
    path, _mark, query = target.partition("?")
    asked: dict[str, object] = {"HTTP_HOST": "testserver", "SERVER_PORT": "80"}
    asked |= {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path}
    asked["QUERY_STRING"] = query
    setup_testing_defaults(asked)
    asked |= environ
    for name in without:
        del asked[name]
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list, _error: object = None) -> Callable:
        started.append((status, headers))
        return lambda _chunk: None

    answer = validator(application)(asked, start_response)
    try:
        body = b"".join(answer)
    finally:
        answer.close()
    [(status, headers)] = started
    return Reply(int(status.split()[0]), dict(headers), body)


def make_store(
    application: Callable,
    folder: Path,
    *,
    clock: Clock | None = None,
    most_bytes: int = 1_000_000,
) -> PageStore:
    return PageStore(
        application,
        seconds=1,
        most_bytes=most_bytes,
        kept=KeptPages(folder),
        besides=("/static/", "/media/"),
        clock=clock or Clock(),
    )
