"""Browsers that an account has logged in with before.

A cookie says so, which is sent back to log-in pages alone and opens nothing by itself.
It keeps strangers from locking somebody out by guessing, and mail about a new device
from going out each day. The site keeps no list of devices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from secrets import token_hex

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

KEPT = timedelta(days=180)
MOST_ACCOUNTS = 5  # on one machine; the oldest makes room
SALT = "device"

BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Device:
    """A browser, by a random name, and the keyed hashes of whom it knows."""

    name: str
    accounts: tuple[str, ...] = ()

    def knows(self, email: str) -> bool:
        return _key(email) in self.accounts

    def with_account(self, email: str) -> Device:
        others = [one for one in self.accounts if one != _key(email)]
        return replace(self, accounts=(*others, _key(email))[-MOST_ACCOUNTS:])


def device_of(request: HttpRequest) -> Device:
    """What the cookie says, or a new device that knows nobody."""
    cookie = request.COOKIES.get(cookie_name(), "")
    try:
        name, accounts = signing.loads(cookie, salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError, TypeError):
        return Device(token_hex(8))
    return Device(name, tuple(accounts))


def remember(device: Device, response: HttpResponse) -> None:
    response.set_cookie(
        cookie_name(),
        signing.dumps([device.name, device.accounts], salt=SALT),
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def cookie_name() -> str:
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def described(request: HttpRequest) -> str:
    """The kind of browser, in two words: "Firefox, Windows". No more of it is kept."""
    agent = request.headers.get("User-Agent", "")
    return ", ".join(filter(None, [_named(BROWSERS, agent), _named(SYSTEMS, agent)]))


def _named(names: dict[str, str], agent: str) -> str:
    found = (name for sign, name in names.items() if re.search(rf"\b{sign}\b", agent))
    return next(found, "")


def _key(email: str) -> str:
    return salted_hmac(SALT, email.lower()).hexdigest()[:16]
