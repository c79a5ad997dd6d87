import base64
import quopri

import pytest

from bench.sink import link_in

PATH = b"/es/confirm/0123abcd.x-y_z0123456789012345678901234567890123/"
TEXT = b"Open this page:\r\n\r\nhttps://petitions.example.org%s\r\n" % PATH


def mail(body: bytes, encoding: bytes) -> bytes:
    return (
        b"Subject: Confirm\r\nContent-Type: multipart/alternative\r\n"
        b"\r\n--x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: %s\r\n"
        b"\r\n%s\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>\r\n--x--"
    ) % (encoding, body)


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        (b"8bit", bytes),
        (b"base64", base64.encodebytes),
        (b"quoted-printable", quopri.encodestring),
    ],
)
def test_the_link_is_found_in_every_encoding(encoding: bytes, encode: object) -> None:
    assert link_in(mail(encode(TEXT), encoding)) == PATH


def test_a_mail_without_a_link_has_none() -> None:
    assert link_in(mail(b"Thank you.", b"8bit")) == b"-"
