"""The secrets in mailed links.

A token is a signature's random key, signed for one purpose. A copy of the database
gives no valid link, and a link for one purpose opens no other door; only the page of
thanks leads on to the signature itself, as its signer expects. It carries no date:
a mail that is sent again carries the same link.

A link to manage a signature holds its `link_number` too. The next number makes the
links before it useless, but for one thing that any of them may always do: stop mail.
"""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.core.signing import BadSignature, Signer

NO_KEY = UUID(int=0)


class Purpose(StrEnum):
    CONFIRM = "confirm"
    SIGNED = "signed"
    MANAGE = "manage"
    NOT_ME = "not-me"
    # Keys of what `campaigns` mails: a draft, an answer that is wanted, an invitation.
    START = "start"
    ANSWER = "answer"
    INVITATION = "invitation"
    # The key of an address that may never have signed anything.
    ADDRESS = "address"


class Link(NamedTuple):
    key: UUID
    number: int = 0


def make_token(key: UUID, purpose: Purpose, number: int = 0) -> str:
    """Always as long for one purpose: letters leave room for just so much."""
    numbered = f"{number:04x}" if purpose == Purpose.MANAGE else ""
    return _signer(purpose).sign(key.hex + numbered)


def read_token(token: str, purpose: Purpose) -> UUID:
    """The key that was signed for this purpose; NO_KEY for anything else.

    That is a key too, so that a forged link is looked up and costs as much.
    """
    return read_link(token, purpose).key


def read_link(token: str, purpose: Purpose) -> Link:
    """The same with its number, which is 0 where it says none."""
    try:
        signed = _signer(purpose).unsign(token)
        return Link(UUID(hex=signed[:32]), int(signed[32:] or "0", 16))
    except (BadSignature, ValueError):
        return Link(NO_KEY)


def _signer(purpose: Purpose) -> Signer:
    return Signer(sep=".", salt=f"signatures.{purpose}")
