"""What speaks for a machine, in points. One sign alone holds nobody's signature.

But for the trap: what fills in a field that nobody sees is no person.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from functools import lru_cache

from disposable_email_domains import blocklist
from django.core.signing import BadSignature, Signer
from django.db import models
from django.utils.translation import gettext_lazy as _

HELD_FROM = 50  # points
MANY = 20  # points for a network that has sent more than half of what may come

HOUR = 3600
STAMP_IS_GOOD = 25  # hours: caches may keep a page for a day
HASTE = 2000  # milliseconds


class Sign(models.TextChoices):
    NO_STAMP = "no-stamp", _("Form without a stamp of this day")
    THROWAWAY = "throwaway", _("Throwaway address")
    TRAP = "trap", _("Hidden field filled in")
    HASTE = "haste", _("Sent within two seconds")
    BLOCKED = "blocked", _("Blocked by a rule")


POINTS = {Sign.NO_STAMP: 20, Sign.THROWAWAY: 20, Sign.TRAP: 60, Sign.HASTE: 20}


def signs_in(posted: Mapping[str, str], email: str) -> list[Sign]:
    """What speaks against a form as it was posted, with that cleaned address."""
    found = {
        Sign.NO_STAMP: not is_stamp(posted.get("stamp", "")),
        Sign.THROWAWAY: is_throwaway(email),
        Sign.TRAP: bool(posted.get("website")),
        Sign.HASTE: _is_hasty(posted.get("took", "")),
    }
    return [sign for sign, is_so in found.items() if is_so]


def score(signs: Collection[Sign]) -> int:
    return sum(POINTS.get(sign, 0) for sign in signs)


def stamp() -> str:
    """What a form carries to say when its page was made: the same for everybody.

    It is of the hour, so that a page has the same bytes for as long.
    """
    return _stamp_of(_hour())


def is_stamp(words: str) -> bool:
    """Whether it is ours and of the last day, by a clock that may be a little off."""
    if words == stamp():
        return True  # as nearly all are
    try:
        hour = int(_signer().unsign(words))
    except (BadSignature, ValueError):
        return False
    return -1 <= _hour() - hour <= STAMP_IS_GOOD


def is_throwaway(email: str) -> bool:
    """Whether its domain, or one above that, gives addresses away for some minutes."""
    name = email.rpartition("@")[2].lower()
    while name:
        if name in blocklist:
            return True
        name = name.partition(".")[2]
    return False


def _is_hasty(took: str) -> bool:
    """The page's script tells it. Without it, and with nonsense, nothing is known."""
    is_known = took.isascii() and took.isdecimal() and len(took) < 10
    return is_known and int(took) < HASTE


def _hour() -> int:
    return int(time.time()) // HOUR


@lru_cache(maxsize=2)
def _stamp_of(hour: int) -> str:
    return _signer().sign(str(hour))


def _signer() -> Signer:
    return Signer(salt="sign.stamp")
