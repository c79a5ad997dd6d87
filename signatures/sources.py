"""Where a form comes from, and what speaks against it: read from the request."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

from signatures import rules, scores
from signatures.forms import SignForm
from signatures.models import RuleKind
from signatures.models.buckets import Window
from signatures.models.sources import Source
from signatures.networks import (
    client_address,
    network_key,
    network_of,
    todays_secret,
)

HOUR = timedelta(hours=1)
NO_LIMIT = 2**31 - 1


def source_of(request: HttpRequest, form: SignForm) -> Source:
    """Of a valid form.

    What comes from this machine itself is not counted, nor what comes from nobody
    knows where: a proxy that passes on no address would make all visitors one network.
    """
    email = form.cleaned_data["email"]
    address = client_address(request)
    verdict = rules.verdict(email, address)
    signs = scores.signs_in(form.data, email)
    if verdict == RuleKind.BLOCK:
        signs.append(scores.Sign.BLOCKED)
    score = scores.score(signs)
    is_known = address is not None and not address.is_loopback
    network = network_of(address) if is_known and address else ""
    is_allowed = verdict == RuleKind.ALLOW
    return Source(
        network_key=network_key(network) if network else "",
        window=_hour_of(network) if network and not is_allowed else None,
        held_above=_held_above(score),
        refused_above=settings.SIGNINGS_REFUSED_ABOVE or NO_LIMIT,
        score=score,
        signs=",".join(signs),
        must_be_held=not is_allowed
        and (verdict == RuleKind.BLOCK or score >= scores.HELD_FROM),
    )


def _hour_of(network: str) -> Window:
    return Window.running("signings", network, HOUR, secret=todays_secret())


def _held_above(score: int) -> int:
    """How many may come within the hour; fewer, where more speaks against them."""
    limit: int = settings.SIGNINGS_HELD_ABOVE
    if limit and score + scores.MANY >= scores.HELD_FROM:
        return limit // 2
    return limit or NO_LIMIT
