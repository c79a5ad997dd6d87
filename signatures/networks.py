"""Where a request comes from, and how that is kept: as a key that dies after a day."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from datetime import date
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from signatures.models.traces import NetworkSecret

logger = logging.getLogger(__name__)

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> Address | None:
    """The address that a request comes from; None if nobody says so who may.

    Proxies append to X-Forwarded-For, so only as many entries as there are
    trusted proxies are counted, from the right; the rest is hearsay.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR")
    if settings.TRUSTED_PROXIES:
        entries = (forwarded or "").split(",")
        address = entries[-min(settings.TRUSTED_PROXIES, len(entries))].strip()
    elif forwarded is not None:
        _tell_of_a_proxy()
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped  # a socket for both kinds gives IPv4 so
    return parsed


def client_network(request: HttpRequest) -> str:
    """The network that a request comes from: /32 of IPv4, /64 of IPv6."""
    address = client_address(request)
    return network_of(address) if address else "unknown"


def network_of(address: Address) -> str:
    """What one customer of a provider gets."""
    if isinstance(address, IPv4Address):
        return f"{address}/32"
    return str(ip_network((address, 64), strict=False))


def network_key(network: str) -> str:
    """Stands for a network today; tomorrow the same network has another key."""
    digest = hmac.new(todays_secret().encode(), network.encode(), hashlib.sha256)
    return digest.hexdigest()[:32]


def todays_secret() -> str:
    """The same in every process. A day is one of UTC, for no hour to have two."""
    return _secret_of(timezone.now().date())


def forget_secret() -> None:
    """Let this process ask the database for it next."""
    _secret_of.cache_clear()


@lru_cache(maxsize=1)  # of no other day: what is deleted has to be gone
def _secret_of(day: date) -> str:
    made = NetworkSecret(day=day, secret=secrets.token_hex(32))
    NetworkSecret.objects.bulk_create([made], ignore_conflicts=True)
    return NetworkSecret.objects.get(day=day).secret


@cache  # once is enough
def _tell_of_a_proxy() -> None:
    logger.warning(
        "X-Forwarded-For is sent, but TRUSTED_PROXIES is 0: it is not believed, and "
        "behind a proxy all visitors look like one"
    )
