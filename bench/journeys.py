"""Whole journeys: page, form, "check your e-mail", mail, button, thanks.

They begin at a fixed rate, whether or not the site keeps up: each step's latency is
counted from the moment at which the person took it.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from uuid import UUID

from bench import signers
from bench.exact import Acknowledged
from bench.load import Engine, Lane, Tally, Task
from bench.wire import Answer, get, post

STEPS = ("page", "sign", "check", "mail", "button", "confirm", "thanks")
NEEDED = {"sign"}


class Mailbox:
    """Hears from the sink of each mail, as it comes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setblocking(False)  # noqa: FBT003 - its only way to say so
        self.count = 0
        self._rest = b""

    def __enter__(self) -> Mailbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def read(self, each: Callable[[str, str], None]) -> None:
        """Call `each` with the recipient and path of what has come."""
        try:
            piece = self.socket.recv(1 << 20)
        except BlockingIOError:
            return
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            self.count += 1
            recipient, path = line.decode().split(" ")
            each(recipient, path)


class Journeys:
    """Takes each signer from step to step, and keeps what they were told."""

    def __init__(
        self,
        engine: Engine,
        lane: Lane,
        petition: signers.Petition,
        mailbox: Mailbox,
        steps: tuple[str, ...] = STEPS,
    ) -> None:
        self.told = Acknowledged()
        self.tallies = {step: Tally() for step in (*steps, "whole")}
        self.open = 0
        self._engine, self._lane = engine, lane
        self._petition, self._steps = petition, steps
        self._page = get(f"/petitions/{petition['slug']}/")
        self._signed: dict[str, tuple[str, float, float]] = {}  # key, signed, began
        self._early: dict[str, str] = {}  # mail that came before the answer was read
        engine.listen(mailbox.socket, lambda: mailbox.read(self._mailed))

    def begin(self, due: float) -> None:
        if self._engine.is_over:
            return
        self.open += 1
        number = next(signers.numbers)

        def sign(answer: Answer, now: float) -> None:
            if answer.status == 200:
                self._sign(number, began=due, due=now)
            else:
                self._end()

        if "page" in self._steps:
            self._ask("page", self._page, sign, due=due)
        else:
            self._sign(number, began=due, due=due)

    def _ask(
        self,
        step: str,
        request: bytes,
        then: Callable[[Answer, float], None],
        *,
        expected: int = 200,
        due: float = 0.0,
    ) -> None:
        tally = self.tallies[step]
        task = Task(request, tally, expected=expected, due=due, then=then)
        self._engine.put(self._lane, task)

    def _sign(self, number: int, *, began: float, due: float) -> None:
        request = signers.signing(self._petition, number)
        address = signers.address(number)

        def signed(answer: Answer, now: float) -> None:
            if answer.status != 303:
                self.told.unanswered += answer.status == 0
                self._end()
                return
            key = UUID(answer.path.split("/")[2]).hex
            self.told.signed.add(key)
            self._signed[address] = (key, now, began)
            if "check" in self._steps:
                self._ask("check", get(answer.path), _nothing)
            if "mail" not in self._steps:
                self._end()
            elif path := self._early.pop(address, None):
                self._mailed(address, path)

        self._ask("sign", request, signed, expected=303, due=due)

    def _mailed(self, address: str, path: str) -> None:
        signed = self._signed.pop(address, None)
        if signed is None:
            self._early[address] = path
            return
        key, signed_at, began = signed
        now = time.perf_counter()
        if not path.startswith("/"):
            self.tallies["mail"].errors["no link in it"] += 1
            self._end()
            return
        self.tallies["mail"].latencies.append(now - signed_at)

        def button(answer: Answer, now: float) -> None:
            if answer.status == 200:
                self._confirm(path, key, began)
            else:
                self._end()

        if "button" in self._steps:
            self._ask("button", get(path), button)
        else:
            self._confirm(path, key, began)

    def _confirm(self, path: str, key: str, began: float) -> None:
        def confirmed(answer: Answer, now: float) -> None:
            if answer.status != 303:
                self.told.unanswered += answer.status == 0
                self._end()
                return
            self.told.confirmed.add(key)
            if "thanks" in self._steps:
                self._ask("thanks", get(answer.path), lambda *_: self._arrive(began))
            else:
                self._arrive(began)

        self._ask("confirm", post(path), confirmed, expected=303)

    def _arrive(self, began: float) -> None:
        now = time.perf_counter()
        self.tallies["whole"].latencies.append(now - began)
        self._end()

    def _end(self) -> None:
        self.open -= 1


def _nothing(answer: Answer, now: float) -> None:
    """Nobody waits for this page; the engine has counted it."""
