"""A real mail server that takes everything and can be stopped in mid-mail."""

import asyncio
import math
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

LONGEST_WAIT = 60  # seconds


class PostOffice:
    """`mails` are all that came whole, `taken` those that it has answered for.

    `url` is an EMAIL_URL.
    """

    def __init__(self, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self.url = url
        self.mails: list[EmailMessage] = []
        self.taken: list[EmailMessage] = []
        self._loop = loop
        self._in_hand: queue.Queue[EmailMessage] = queue.Queue()
        self._hung_up: queue.Queue[EmailMessage] = queue.Queue()
        self._answered_before_hold: float = math.inf
        self._let_go = asyncio.Event()

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]

    def hold(self, *, after: int) -> None:
        """Answer so many mails, and leave those that follow without an answer."""
        self._let_go.clear()
        self._answered_before_hold = after

    def wait_for_one_in_hand(self) -> EmailMessage:
        """The next mail that was sent here whole and still waits for its answer."""
        return self._in_hand.get(timeout=LONGEST_WAIT)

    def wait_for_hanging_up(self) -> None:
        """Until the sender of each mail in hand went away before it was answered."""
        self._hung_up.get(timeout=LONGEST_WAIT)
        while not self._in_hand.empty():
            self._in_hand.get()
            self._hung_up.get(timeout=LONGEST_WAIT)

    def let_go(self) -> None:
        """Answer what is in hand and all that comes."""
        self._answered_before_hold = math.inf
        self._loop.call_soon_threadsafe(self._let_go.set)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(mail)
        self._answered_before_hold -= 1
        if self._answered_before_hold < 0:
            self._in_hand.put(mail)
            await self._answer_or_hanging_up(mail)
        self.taken.append(mail)
        return "250 OK"

    async def _answer_or_hanging_up(self, mail: EmailMessage) -> None:
        try:
            await self._let_go.wait()
        except asyncio.CancelledError:  # aiosmtpd's word for a line that is dead
            self._hung_up.put(mail)
            raise


@contextmanager
def post_office() -> Iterator[PostOffice]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        loop = asyncio.new_event_loop()
        office = PostOffice(f"smtp://127.0.0.1:{listener.getsockname()[1]}", loop)

        def answer() -> SMTP:
            return SMTP(office, loop=loop, enable_SMTPUTF8=True)

        server = loop.run_until_complete(loop.create_server(answer, sock=listener))
        clerk = threading.Thread(target=loop.run_forever)
        clerk.start()
        try:
            yield office
        finally:
            asyncio.run_coroutine_threadsafe(_close(server), loop).result(LONGEST_WAIT)
            loop.call_soon_threadsafe(loop.stop)
            clerk.join()
            loop.close()


async def _close(server: asyncio.Server) -> None:
    """Stop listening and end what still hangs on a line."""
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
