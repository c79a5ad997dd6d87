"""What a real mail server answers decides what becomes of a mail."""

import socket
from asyncio import AbstractServer
from collections.abc import Awaitable, Iterator
from email import message_from_bytes
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from django.db.models import Sum

from signatures.mail import answers_to_signings
from signatures.models import Bucket, Signature, SignatureMail
from signatures.outbox import MailServerAway, deliver
from tests.makers import make_signature
from tests.races.processes import LONGEST_WAIT
from tests.signatures.acts import send_mail

pytestmark = pytest.mark.django_db


class Sink:
    """Answers as it is told to, once for each word, and keeps what it was given."""

    def __init__(self) -> None:
        self.to_recipients: dict[str, list[str]] = {}
        self.to_data: list[str] = []
        self.offered: list[Message] = []
        self.accepted: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 - aiosmtpd's own
        if answers := self.to_recipients.get(address):
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's own
        self.offered.append(message_from_bytes(envelope.content))
        if self.to_data:
            return self.to_data.pop(0)
        self.accepted += envelope.rcpt_tos
        return "250 OK"


class Server(Controller):
    """Listens at a port that the test keeps for it."""

    def __init__(self, port: int) -> None:
        super().__init__(Sink(), "127.0.0.1", port, ready_timeout=LONGEST_WAIT)

    def _create_server(self) -> Awaitable[AbstractServer]:
        return self.loop.create_server(
            self._factory_invoker, self.hostname, self.port, reuse_port=True
        )


@pytest.fixture
def port(settings) -> Iterator[int]:
    """A port for the mail server; until one runs there, it is down.

    Nobody else takes it meanwhile: it is bound, though nobody listens.
    """
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        kept.bind(("127.0.0.1", 0))
        number = kept.getsockname()[1]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", number
        yield number


@pytest.fixture
def sink(port: int) -> Iterator[Sink]:
    server = Server(port)
    server.start()
    yield server.handler
    server.stop()


def mail_of(signature: Signature) -> SignatureMail:
    return signature.mails.get()


def try_again(signature: Signature) -> None:
    """Send it once more, as after its wait."""
    mail = mail_of(signature)
    assert mail.due_at > mail.signature.started_at
    signature.mails.update(due_at=signature.started_at)
    send_mail()


def test_a_mail_that_is_accepted_is_sent(sink: Sink) -> None:
    signature = make_signature(email="ana@example.org")

    send_mail()

    (message,) = sink.offered
    assert sink.accepted == ["ana@example.org"]
    assert message["To"] == "ana@example.org"
    assert message["Message-ID"] == mail_of(signature).message_id
    assert message["Message-ID"].endswith("@testserver>")
    assert mail_of(signature).sent_at


def test_several_mails_go_over_one_connection_each_to_its_own(sink: Sink) -> None:
    addresses = [make_signature().email for _ in range(3)]

    send_mail()

    assert sink.accepted == addresses


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_a_refusal_for_good_is_not_tried_again(sink: Sink, where: str) -> None:
    signature = make_signature(email="gone@example.org")
    if where == "recipient":
        sink.to_recipients = {"gone@example.org": ["550 no such user gone@example.org"]}
    else:
        sink.to_data = ["554 gone@example.org is on our list"]

    send_mail()

    mail = mail_of(signature)
    assert (mail.attempts, mail.sent_at) == (1, None)
    assert mail.dead_at
    assert mail.last_error in ("SMTPRecipientsRefused 550", "SMTPDataError 554")


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_a_refusal_for_now_is_tried_again_with_the_same_message_id(
    sink: Sink, where: str
) -> None:
    signature = make_signature(email="ana@example.org")
    if where == "recipient":
        sink.to_recipients = {"ana@example.org": ["451 ana@example.org: greylisted"]}
    else:
        sink.to_data = ["452 come back later, ana@example.org"]

    send_mail()

    put_off = mail_of(signature)
    assert (put_off.attempts, put_off.sent_at, put_off.dead_at) == (1, None, None)
    assert "ana@" not in put_off.last_error

    try_again(signature)

    sent = mail_of(signature)
    assert (sent.attempts, sent.last_error) == (2, "")
    assert sent.sent_at
    assert sink.accepted == ["ana@example.org"]
    assert {one["Message-ID"] for one in sink.offered} == {sent.message_id}


def test_each_mail_has_a_message_id_of_its_own(sink: Sink) -> None:
    for _ in range(3):
        make_signature()

    send_mail()

    assert len({message["Message-ID"] for message in sink.offered}) == 3


def test_mail_waits_while_the_server_is_down(port: int) -> None:
    signatures = [make_signature() for _ in range(2)]

    with pytest.raises(MailServerAway, match="ConnectionRefusedError"):
        send_mail()

    for signature in signatures:
        mail = mail_of(signature)
        assert (mail.attempts, mail.sent_at, mail.dead_at) == (0, None, None)
        assert mail.leased_until is None


def test_a_server_that_goes_away_amid_a_batch_gets_the_rest_later(port: int) -> None:
    sent, refused, *rest = [make_signature() for _ in range(4)]
    server = Server(port)
    server.handler.to_recipients = {refused.email: ["421 closing the line"]}
    server.start()
    before_each = iter([lambda: None, lambda: None, server.stop])

    with pytest.raises(MailServerAway):
        deliver(
            SignatureMail,
            answers_to_signings,
            stopping=lambda: bool(next(before_each)()),
        )

    assert server.handler.accepted == [sent.email]
    assert mail_of(refused).attempts == 1
    for signature in rest:
        mail = mail_of(signature)
        assert (mail.attempts, mail.sent_at, mail.leased_until) == (0, None, None)


def test_what_was_given_back_is_not_counted_again_when_it_is_sent(
    port: int, request: pytest.FixtureRequest
) -> None:
    test_a_server_that_goes_away_amid_a_batch_gets_the_rest_later(port)
    hits = Bucket.objects.aggregate(Sum("hits"))
    sink = request.getfixturevalue("sink")

    send_mail()

    assert len(sink.accepted) == 2
    assert Bucket.objects.aggregate(Sum("hits")) == hits


def test_a_refused_mail_holds_up_no_other(sink: Sink) -> None:
    first, second, third, fourth = [make_signature() for _ in range(4)]
    sink.to_recipients = {
        first.email: ["550 no"],
        second.email: ["421 too busy, closing the line"],
    }

    send_mail()

    assert sink.accepted == [third.email, fourth.email]
    assert mail_of(first).dead_at
    assert mail_of(second).last_error == "SMTPRecipientsRefused 421"


@pytest.mark.parametrize("address", ["ana\nBcc: eve@example.org", "ana@", "@", "<>"])
def test_an_address_that_no_mail_can_carry_holds_up_no_other(
    sink: Sink, address: str
) -> None:
    poison, good = make_signature(), make_signature(email="ana@example.org")
    Signature.objects.filter(pk=poison.pk).update(email=address)

    send_mail()

    assert sink.accepted == [good.email]
    assert mail_of(good).sent_at
    assert mail_of(poison).dead_at


@pytest.mark.slow
def test_a_mail_that_is_put_off_counts_once_against_the_limits(sink: Sink) -> None:
    signature = make_signature(email="ana@example.org")
    sink.to_data = ["451 later"] * 5

    send_mail()
    for _ in range(5):
        try_again(signature)

    assert sink.accepted == ["ana@example.org"]
    assert mail_of(signature).attempts == 6
