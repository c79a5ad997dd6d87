"""How often somebody may guess: exact, and without locking out whom it protects.

Who has a known device guesses in a lane of their own, which no stranger can fill. All
others share two: that of their network, and that of the account over all networks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.http import HttpRequest

from config.accounts.devices import device_of
from signatures.limits import TooManyRequests, check_log_ins
from signatures.models import Bucket
from signatures.models.buckets import Window
from signatures.networks import client_network


class Lane(NamedTuple):
    """So many tries in so long a time."""

    most: int
    length: timedelta


HERE = Lane(5, timedelta(minutes=10))  # at one account, from one network or device
IN_ALL = Lane(30, timedelta(hours=1))  # at one account, from all that are not known
RESETS_HERE = Lane(10, timedelta(hours=1))  # from one network, for whatever accounts
RESET_MAILS = Lane(3, timedelta(hours=1))  # to one address
CODE_LIVES = timedelta(days=1)  # far longer than an app shows it

TakeBack = Callable[[], None]


def take_password_try(request: HttpRequest, email: str) -> TakeBack:
    """Count a try at a password. What it gives takes the try back: it was right.

    Raises TooManyRequests. Whether there is such an account makes no difference.
    """
    if not device_of(request).knows(email):
        check_log_ins(request)
    return _take(request, "password", email)


def take_code_try(request: HttpRequest, email: str) -> TakeBack:
    """The same for a code of the second factor, by whom knows the password."""
    return _take(request, "code", email)


def is_first_use(account: int, code: str) -> bool:
    """Whether a code that is right has not been used before, by whatever process."""
    digits = "".join(filter(str.isalnum, code))
    used = Window.running("log-in used code", f"{account}:{digits}", CODE_LIVES)
    return Bucket.objects.add({used: 1})[used.key] == 1


def may_mail_reset(request: HttpRequest, email: str) -> bool:
    """Whether one more mail may go to this address.

    Raises TooManyRequests when this network has asked too often, for anybody.
    """
    here = _window("resets", client_network(request), RESETS_HERE)
    mails = _window("reset-mails", email.lower(), RESET_MAILS)
    hits = Bucket.objects.add({here: 1, mails: 1})
    _refuse_above(RESETS_HERE, hits[here.key])
    return hits[mails.key] <= RESET_MAILS.most


def _take(request: HttpRequest, what: str, email: str) -> TakeBack:
    device, email = device_of(request), email.lower()
    is_known = device.knows(email)
    place = device.name if is_known else client_network(request)
    lanes = {_window(f"{what}-here", f"{email}:{place}", HERE): HERE}
    if not is_known:
        lanes[_window(f"{what}-in-all", email, IN_ALL)] = IN_ALL
    hits = Bucket.objects.add(dict.fromkeys(lanes, 1))
    for window, lane in lanes.items():
        _refuse_above(lane, hits[window.key])
    return lambda: Bucket.objects.take_back(lanes.keys(), 1)


def _refuse_above(lane: Lane, hits: int) -> None:
    if hits > lane.most:
        raise TooManyRequests(retry_after=int(lane.length.total_seconds()))


def _window(name: str, subject: str, lane: Lane) -> Window:
    return Window.running(f"log-in {name}", subject, lane.length)
