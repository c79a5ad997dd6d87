"""Forms filled in and links made, as signers have them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from ipaddress import IPv4Address
from itertools import count, cycle
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from bench.stage import SECRET
from bench.wire import post

if not settings.configured:
    settings.configure(SECRET_KEY=SECRET, SECRET_KEY_FALLBACKS=[], USE_I18N=False)

from signatures.scores import stamp
from signatures.tokens import Purpose, make_token

Petition = dict[str, Any]  # id, slug, version

numbers = count(1)  # no address signs twice in a run
# Signers come from as many networks in turn: a handful from each, which no limit meets.
NETWORKS = 20_000


def form(petition: Petition, number: int) -> bytes:
    typed = {
        "version": petition["version"],
        "stamp": stamp(),
        "took": "15000",
        "name": f"Signer Number {number}",
        "email": address(number),
        "place": "Wenna",
        "country": "Germany",
        "show_name": "on",
    }
    if number % 5 == 0:
        typed["reason"] = "I cross it each day, and so do my children."
    return urlencode(typed).encode()


def address(number: int) -> str:
    return f"signer{number}@example.org"


def network(number: int) -> str:
    """The address that the proxy says this signer has."""
    return str(IPv4Address("10.0.0.0") + number % NETWORKS)


def signing(petition: Petition, number: int) -> bytes:
    path = f"/petitions/{petition['slug']}/sign/"
    return post(path, form(petition, number), x_forwarded_for=network(number))


def signings(petitions: list[Petition]) -> Iterator[bytes]:
    """One form after another, each by somebody else, over these petitions in turn."""
    for petition in cycle(petitions):
        yield signing(petition, next(numbers))


def pending_key(number: int) -> UUID:
    """The key that `seed.pending` gave to its signature of that number."""
    digest = hashlib.md5(f"pending key{number}".encode()).hexdigest()
    return UUID(hex=digest)


def seeded_key(number: int) -> UUID:
    return UUID(hex=hashlib.md5(f"key{number}".encode()).hexdigest())


def confirm_path(key: UUID) -> str:
    return f"/confirm/{make_token(key, Purpose.CONFIRM)}/"


def manage_path(key: UUID) -> str:
    return f"/my-signature/{make_token(key, Purpose.MANAGE)}/"


def presses(first: int, number: int) -> list[bytes]:
    """The posts that confirm so many of the signatures that `seed.pending` made."""
    return [
        post(confirm_path(pending_key(first + index))) for index in range(1, number + 1)
    ]
