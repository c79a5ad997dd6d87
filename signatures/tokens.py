"""The secrets in mailed links.

A token is a signature's random key, signed for one purpose. A copy of the database
gives no valid link, and a link for one purpose opens no other door; only the page of
thanks leads on to the signature itself, as its signer expects. It carries no date:
a mail that is sent again carries the same link.
"""

from enum import StrEnum
from uuid import UUID

from django.core.signing import BadSignature, Signer

NO_KEY = UUID(int=0)


class Purpose(StrEnum):
    CONFIRM = "confirm"
    SIGNED = "signed"
    MANAGE = "manage"
    NOT_ME = "not-me"


def make_token(key: UUID, purpose: Purpose) -> str:
    return _signer(purpose).sign(key.hex)


def read_token(token: str, purpose: Purpose) -> UUID:
    """The key that was signed for this purpose; NO_KEY for anything else.

    That is a key too, so that a forged link is looked up and costs as much.
    """
    try:
        return UUID(hex=_signer(purpose).unsign(token))
    except (BadSignature, ValueError):
        return NO_KEY


def _signer(purpose: Purpose) -> Signer:
    return Signer(sep=".", salt=f"signatures.{purpose}")
