"""Those who sign, confirm and read while something breaks, and try again as people do.

Each has an address and a network of their own. What they were told is kept: it is what
may not be lost.
"""

from __future__ import annotations

import heapq
import random
import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import quote
from uuid import UUID

from bench import signers
from bench.faults.checks import Mailed, Told
from bench.faults.measures import PROBES, Asked
from bench.load import Address, Engine, Lane, Tally, Task
from bench.wire import Answer, get, post

STAMP = re.compile(rb'name="stamp"[^>]*value="([^"]+)"')
PATIENCE = 2.0  # seconds after which a person presses the button again
MOST_TRIES = 40
REST = 3.0  # seconds that a connection is kept; gunicorn keeps it for 5
KEPT = ("kept", "hung", "dropped")  # by the mail server, whatever it answered

Then = Callable[[Answer], None]


@dataclass
class Signer:
    number: int
    path: str = ""  # of the link to confirm
    tries: int = 0
    is_acknowledged: bool = False

    @property
    def address(self) -> str:
        return signers.address(self.number)

    def post(self, path: str, body: bytes = b"") -> bytes:
        return post(path, body, x_forwarded_for=signers.network(self.number))


@dataclass
class People:
    """They come at a rate; `are_done` says when each has confirmed or has given up."""

    engine: Engine
    doors: Sequence[Address]
    petition: signers.Petition
    pages: Sequence[str]
    told: Told = field(default_factory=Told)
    mailed: Mailed = field(default_factory=Mailed)
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open: dict[str, Signer] = {}  # by address
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._stamp = b""
        self._lanes = self._lanes_of(64)
        self._readers = self._lanes_of(16)
        self._probes = Lane(self.doors[0], 4)
        self._pages = cycle([get(page, gzip=False) for page in self.pages])
        self._tally = Tally()  # the engine wants one; `asked` says more

    def _lanes_of(self, connections: int) -> cycle[Lane]:
        number = connections // len(self.doors)
        return cycle([Lane(door, number, longest_rest=REST) for door in self.doors])

    def come(self, rate: float, reads: float) -> None:
        self.engine.at_rate(rate, self._begin)
        self.engine.at_rate(reads, self._read)
        self.engine.at_rate(2, self._probe)
        self.engine.at_rate(20, lambda _due: self.try_again())

    def are_done(self) -> bool:
        self.try_again()
        return not self.open

    def try_again(self) -> None:
        """Do what was put off until now."""
        while self._later and self._later[0][0] <= time.perf_counter():
            heapq.heappop(self._later)[2]()

    # Signing

    def _begin(self, due: float) -> None:
        signer = Signer(next(signers.numbers))
        self.open[signer.address] = signer
        self._sign(signer, due)

    def _sign(self, signer: Signer, due: float = 0.0) -> None:
        form = signers.form(self.petition, signer.number)
        if self._stamp:  # of the page that somebody has read; the last one counts
            form += b"&stamp=" + quote(self._stamp).encode()
        request = signer.post(f"/petitions/{self.petition['slug']}/sign/", form)

        def signed(answer: Answer) -> None:
            if answer.status == 303:
                key = UUID(answer.path.split("/")[2]).hex
                self.told.acknowledge(signer.address, key)
                signer.is_acknowledged = True
            elif not signer.path:  # no mail came by another try either
                self._again_or_leave(signer, answer, lambda: self._sign(signer))

        self._ask("sign", signer, request, signed, due)

    def hear(self, line: str) -> None:
        """Of one mail, from the sink."""
        behaviour, recipient, path, message_id = line.split(" ")
        self.mailed.behaved[behaviour] += 1
        signer = self.open.get(recipient)
        if behaviour not in KEPT:
            return
        if signer or recipient in self.told.signed:
            self.mailed.recipients[recipient] += 1
            self.mailed.copies[message_id] += 1
            self.mailed.kept_at.append(time.time())
        if signer and not signer.path and path.startswith("/"):
            signer.path = path
            signer.tries = 0
            self._open_link(signer)

    def _open_link(self, signer: Signer) -> None:
        def opened(answer: Answer) -> None:
            if answer.status == 200:
                self._press(signer)
            else:
                self._again_or_leave(signer, answer, lambda: self._open_link(signer))

        self._ask("button", signer, get(signer.path, gzip=False), opened)

    def _press(self, signer: Signer) -> None:
        def pressed(answer: Answer) -> None:
            if answer.status == 303:
                token = signer.path.rstrip("/").rsplit("/", 1)[1]
                self.told.confirmed.add(token.split(".")[0])
                self.open.pop(signer.address, None)
            else:
                self._again_or_leave(signer, answer, lambda: self._press(signer))

        self._ask("confirm", signer, signer.post(signer.path), pressed)

    def _again_or_leave(
        self, signer: Signer, answer: Answer, action: Callable[[], None]
    ) -> None:
        signer.tries += 1
        if answer.status not in (0, 503) or signer.tries > MOST_TRIES:
            self.open.pop(signer.address, None)
            return
        wait = PATIENCE * random.uniform(0.5, 1.5)
        entry = (time.perf_counter() + wait, signer.number, action)
        heapq.heappush(self._later, entry)

    # Reading

    def _read(self, due: float) -> None:
        def seen(answer: Answer) -> None:
            if found := STAMP.search(answer.body):
                self._stamp = found.group(1)

        self._ask("page", None, next(self._pages), seen, due)

    def _probe(self, due: float) -> None:
        for kind in PROBES:
            request = get(f"/{kind}", gzip=False, connection="close")
            self._ask(kind, None, request, _nothing, due)

    def _ask(
        self,
        kind: str,
        signer: Signer | None,
        request: bytes,
        then: Then,
        due: float = 0.0,
    ) -> None:
        due = due or time.perf_counter()
        lane = next(self._lanes) if signer else next(self._readers)
        if kind in PROBES:
            lane = self._probes

        def answered(answer: Answer, now: float) -> None:
            typed = signer.address.encode() if signer else b"-"
            self.asked.append(
                Asked(
                    kind,
                    due,
                    now,
                    answer.status,
                    says_when=bool(answer.header("retry-after")),
                    is_old=bool(answer.header("x-page-from")),
                    keeps_form=typed in answer.body,
                )
            )
            then(answer)

        self.engine.put(lane, Task(request, self._tally, due=due, then=answered))


class Telling:
    """The sink's ear and mouth."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setblocking(False)  # noqa: FBT003 - its only way to say so
        self._rest = b""

    def __enter__(self) -> Telling:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, line: str) -> None:
        self.socket.send(line.encode() + b"\n")

    def lines(self) -> Iterator[str]:
        try:
            piece = self.socket.recv(1 << 20)
        except BlockingIOError:
            return
        *whole, self._rest = (self._rest + piece).split(b"\n")
        for line in whole:
            yield line.decode()


def _nothing(answer: Answer) -> None:
    pass
