"""A mail that is filled in says to the byte what one put together anew would say."""

import re
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMultiAlternatives

from signatures.letters import BLANKS
from signatures.tokens import Purpose, make_token
from tests.campaigns.sent_mail import make_asking
from tests.makers import (
    make_confirmed_signature,
    make_petition,
    make_signature,
    make_translation,
    make_update,
)
from tests.signatures.acts import send_mail

pytestmark = pytest.mark.django_db

BOUNDARY = re.compile(rb"={15}\d+==")
LINE = "A line of words that goes on. " * 50  # too long for a mail to carry as it is


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def mails(mailoutbox) -> list[EmailMultiAlternatives]:
    """One of each kind, in two languages."""
    petition = make_petition(
        title="Кеep the “bridge” & <b>roads</b>, all of them ñ" * 2
    )
    make_translation(petition, title="El puente sigue")
    for language in ["en", "es"]:
        make_signature(petition=petition, language=language)
        make_confirmed_signature(petition=petition, language=language)
    make_asking(petition)
    make_update(petition, with_mail=True, title="Heard\nat last")
    send_mail()
    return mailoutbox


def put_together(mail: EmailMultiAlternatives) -> EmailMultiAlternatives:
    """The same mail as Django makes it without us."""
    plain = EmailMultiAlternatives(
        mail.subject, mail.body, to=mail.to, headers=mail.extra_headers
    )
    plain.attach_alternative(*mail.alternatives[0])
    return plain


@pytest.mark.parametrize("linesep", ["\n", "\r\n"])
def test_the_bytes_are_the_same(mails, linesep: str) -> None:
    assert len(mails) == 5
    for mail in mails:
        assert mail.filled_in()
        filled = mail.message().as_bytes(linesep=linesep)
        plain = put_together(mail).message().as_bytes(linesep=linesep)
        assert BOUNDARY.sub(b"", filled) == BOUNDARY.sub(b"", plain)


def test_nothing_is_left_blank(mails) -> None:
    for mail in mails:
        raw = mail.message().as_bytes().decode()
        assert not any(blank in raw for blank in BLANKS.values())
        assert not re.search(r"\b[0-9a-f]{40}\b", raw)


def test_the_ways_to_stop_the_mail_are_filled_in_too(mails) -> None:
    update = mails[-1]

    read = message_from_bytes(update.message().as_bytes(), policy=policy.default)

    way = read["List-Unsubscribe"].strip()  # it stands in a line of its own
    assert way == update.extra_headers["List-Unsubscribe"]
    assert way.startswith("<http://testserver/my-signature/")


@pytest.mark.parametrize(
    "address", ["a@example.org", "a" * 60 + "@example.org", "“ana”@example.org"]
)
def test_whatever_the_address_the_bytes_are_the_same(mails, address: str) -> None:
    mail = mails[0]
    mail.to = [address]

    filled = mail.message().as_bytes()

    plain = put_together(mail).message().as_bytes()
    assert BOUNDARY.sub(b"", filled) == BOUNDARY.sub(b"", plain)


def test_a_line_too_long_for_mail_is_put_together_by_django(mailoutbox) -> None:
    petition = make_petition()
    signature = make_asking(petition)
    make_update(petition, with_mail=True, body=LINE)

    send_mail()

    (mail,) = mailoutbox
    raw = mail.message().as_bytes()
    text = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    plain = put_together(mail).message().as_bytes()
    assert BOUNDARY.sub(b"", raw) == BOUNDARY.sub(b"", plain)
    assert make_token(signature.key, Purpose.MANAGE) in text.get_content()


def test_a_blank_is_as_long_as_what_fills_it() -> None:
    signature = make_signature()

    for purpose, blank in BLANKS.items():
        assert len(blank) == len(make_token(signature.key, purpose))
