"""How often is too often: exact counters for mail and for posting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from petitions.models import Account, Petition
from signatures.models import Bucket, Signature
from signatures.models.buckets import Window
from signatures.networks import client_address, client_network


class TooManyRequests(Exception):
    """This network has asked for more than one person would."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after  # seconds
        super().__init__(f"again in {retry_after} s")


class Cap(NamedTuple):
    """How many places there are in a window of time."""

    window: Window
    most: int


LINK_REQUESTS = (10, timedelta(hours=1))
REPORTS = (20, timedelta(hours=1))
REPORTS_OF_ONE = (1, timedelta(days=1))
TEST_MAILS = (5, timedelta(hours=1))
LOG_INS = (20, timedelta(minutes=10))
# Of starting petitions, by a network within the hour.
STARTS = {"drafts": 30, "pictures": 30, "sendings": 15}

# That one organizer sends, taken back or not: each is a mail to a stranger.
INVITATIONS = (10, timedelta(days=1))

# Mails for one address: apart from each other, on one petition, and on all of them.
# Who signs anew has to wait longer than who asks for the mail again on the page after
# signing: a stranger may do either, but only a person comes back to that page.
SIGNINGS_APART = (1, timedelta(minutes=10))
MAILS_APART = (1, timedelta(minutes=1))
MAILS_PER_PETITION = (3, timedelta(days=1))
MAILS_IN_ALL = (5, timedelta(days=1))


def check_link_requests(request: HttpRequest) -> None:
    """Raises TooManyRequests when this network has asked for links too often."""
    if not _take("links", client_network(request), *LINK_REQUESTS):
        raise TooManyRequests(retry_after=int(LINK_REQUESTS[1].total_seconds()))


def check_log_ins(request: HttpRequest) -> None:
    """Raises TooManyRequests when this network has tried to log in too often."""
    if not _take("log-ins", client_network(request), *LOG_INS):
        raise TooManyRequests(retry_after=int(LOG_INS[1].total_seconds()))


def check_reports(request: HttpRequest) -> None:
    """Raises TooManyRequests when this network has reported too much."""
    address = client_address(request)
    if address and address.is_loopback:  # a proxy that tells nobody's address
        return
    if not _take("reports", client_network(request), *REPORTS):
        raise TooManyRequests(retry_after=int(REPORTS[1].total_seconds()))


def may_send_test_mail(account: Account) -> bool:
    """Whether this account has sent itself only a few of late."""
    return _take("test-mails", str(account.pk), *TEST_MAILS)


def is_first_report(request: HttpRequest, of: Signature | Petition) -> bool:
    """Whether nobody in this network has reported this reason or petition today."""
    both = f"{client_network(request)}:{of._meta.label}:{of.pk}"
    return _take("reports-of-one", both, *REPORTS_OF_ONE)


def check_starts(request: HttpRequest, what: str) -> None:
    """Raises TooManyRequests when this network has started too many petitions."""
    address = client_address(request)
    if address and address.is_loopback:  # a proxy that tells nobody's address
        return
    window = Window.running(what, client_network(request), timedelta(hours=1))
    if Bucket.objects.hit(window.key, ends_at=window.ends_at) > STARTS[what]:
        wait = (window.ends_at - timezone.now()).total_seconds()
        raise TooManyRequests(retry_after=max(1, round(wait)))


def caps_on_starts(address_key: str, network: str) -> list[Cap]:
    """What one more mail to confirm a new petition must find room in.

    No network takes all that an address may get: its owner starts one from another.
    """
    both = f"{address_key}:{network}"
    return [
        _cap("starts-apart", both, *MAILS_APART),
        _cap("starts-mailed", both, *MAILS_PER_PETITION),
        _cap("starts-in-all", address_key, *MAILS_IN_ALL),
    ]


def caps_on_invitations(address_key: str, by: Account) -> list[Cap]:
    """What one more mail that invites a stranger must find room in."""
    return [
        _cap("invited", address_key, *MAILS_PER_PETITION),
        *([] if by.runs_site else [_cap("invitations", str(by.pk), *INVITATIONS)]),
    ]


def caps_on_answer(signature: Signature, *, is_first: bool) -> list[Cap]:
    """What one more mail about this signature must find room in."""
    address = signature.address_key
    both = f"{address}:{signature.petition_id}"
    return [
        *([_cap("signings-apart", both, *SIGNINGS_APART)] if is_first else []),
        _cap("mails-apart", both, *MAILS_APART),
        _cap("mails-per-petition", both, *MAILS_PER_PETITION),
        _cap("mails-in-all", str(address), *MAILS_IN_ALL),
    ]


def caps_on_links(address_key: str) -> list[Cap]:
    """The same for the list of links that somebody asked for."""
    return [
        _cap("links-apart", address_key, *MAILS_APART),
        _cap("links-mailed", address_key, *MAILS_PER_PETITION),
    ]


def take_places(wishes: Sequence[Sequence[Cap]]) -> list[bool]:
    """One wish after the other: whether there is room under all of its caps.

    Who finds room takes a place under each, who does not takes none. Exact, however
    many ask at once, if it is called inside a transaction.
    """
    asked = Counter(cap for caps in wishes for cap in caps)
    if not asked:
        return []
    hits = Bucket.objects.add({cap.window: n for cap, n in asked.items()})
    free = {cap: cap.most - hits[cap.window.key] + n for cap, n in asked.items()}
    answers = []
    for caps in wishes:
        has_room = all(free[cap] > 0 for cap in caps)
        if has_room:
            for cap in caps:
                free[cap] -= 1
                asked[cap] -= 1
        answers.append(has_room)
    for number in {n for n in asked.values() if n}:
        surplus = [cap.window for cap, n in asked.items() if n == number]
        Bucket.objects.take_back(surplus, number)
    return answers


def _take(name: str, subject: str, limit: int, window: timedelta) -> bool:
    """Take one of `limit` places in the window of time that is running now."""
    cap = _cap(name, subject, limit, window)
    return Bucket.objects.hit(cap.window.key, ends_at=cap.window.ends_at) <= cap.most


def _cap(name: str, subject: str, limit: int, window: timedelta) -> Cap:
    return Cap(Window.running(name, subject, window), limit)
