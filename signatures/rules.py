"""What staff have said of addresses, domains and networks: take it always, or hold it.

An allowed address is taken from a blocked network, and from any other.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from signatures.addresses import address_key, clean_address
from signatures.models.traces import AccessRule, RuleKind, RuleSubject
from signatures.networks import Address

logger = logging.getLogger(__name__)

READ_EVERY = 5  # seconds, in each process
ANY_NAME = "*."


class PatternNotUsable(ValueError):
    """It is no address, domain or network, or not written as one."""


def verdict(email: str, address: Address | None) -> RuleKind | None:
    """What the rules say of a form with this cleaned address, from there; or None."""
    return _rules.current().verdict(email, address)


def read_anew() -> None:
    """Let this process read the rules before it asks them next."""
    _rules.forget()


def clean_pattern(subject: str, typed: str) -> str:
    """A pattern as a rule keeps it: an address as its key, a domain in IDNA.

    Raises PatternNotUsable.
    """
    words = typed.strip()
    try:
        match subject:
            case RuleSubject.ADDRESS:
                return address_key(clean_address(words))
            case RuleSubject.DOMAIN:
                return _domain(words.lower())
            case _:
                return str(_network(words))
    except ValueError as error:
        raise PatternNotUsable from error


class Rules:
    """All of one kind, laid out so that many cost no more than a few.

    One that cannot be read is left out: signing goes on without it.
    """

    def __init__(self, rules: Iterable[AccessRule]) -> None:
        self._keys: set[str] = set()
        self._domains: set[str] = set()  # "*.example.org" among them, as it is
        self._networks: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
        for rule in rules:
            try:
                self._add(rule)
            except ValueError:
                _tell_of_broken(rule.pk)

    def match(self, email: str, address: Address | None) -> bool:
        return (
            (bool(self._keys) and address_key(email) in self._keys)
            or (bool(self._domains) and not self._domains.isdisjoint(_names(email)))
            or (bool(self._networks) and address is not None and self._holds(address))
        )

    def _add(self, rule: AccessRule) -> None:
        match rule.subject:
            case RuleSubject.ADDRESS:
                self._keys.add(rule.pattern)
            case RuleSubject.DOMAIN:
                self._domains.add(_domain(rule.pattern.lower()))
            case RuleSubject.NETWORK:
                network = _network(rule.pattern)
                rest = network.max_prefixlen - network.prefixlen
                first = int(network.network_address)
                self._networks[network.version, rest].add(first >> rest)

    def _holds(self, address: Address) -> bool:
        number = int(address)
        return any(
            version == address.version and number >> rest in networks
            for (version, rest), networks in self._networks.items()
        )


class AllRules:
    def __init__(self) -> None:
        rules = list(AccessRule.objects.all())
        self._allowing, self._blocking = (
            Rules(rule for rule in rules if rule.kind == kind)
            for kind in (RuleKind.ALLOW, RuleKind.BLOCK)
        )

    def verdict(self, email: str, address: Address | None) -> RuleKind | None:
        if self._allowing.match(email, address):
            return RuleKind.ALLOW
        return RuleKind.BLOCK if self._blocking.match(email, address) else None


class RulesInMemory:
    """The rules as this process has read them, some seconds ago at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: AllRules | None = None
        self._old_at = 0.0

    def current(self) -> AllRules:
        """While one thread reads them anew, the others go on with what is known."""
        with self._lock:
            rules, now = self._rules, time.monotonic()
            is_old = rules is None or now >= self._old_at
            self._old_at = now + READ_EVERY if is_old else self._old_at
        if rules is None or is_old:
            rules = self._rules = AllRules()
        return rules

    def forget(self) -> None:
        self._rules = None


_rules = RulesInMemory()


def _names(email: str) -> Iterator[str]:
    """Every name that a rule can have for the domain of an address."""
    name = email.rpartition("@")[2].lower()
    yield name
    while (name := name.partition(".")[2]) != "":
        yield ANY_NAME + name


def _domain(words: str) -> str:
    """Of a domain, or of all under one: "example.org", "*.example.org", "*.xyz"."""
    name = words.removeprefix(ANY_NAME)
    if name == words:
        return clean_address(f"a@{name}").rpartition("@")[2]
    return ANY_NAME + clean_address(f"a@a.{name}").rpartition("@a.")[2]


def _network(words: str) -> IPv4Network | IPv6Network:
    """One address is a network too."""
    return ip_network(words, strict=False)


@cache  # each once
def _tell_of_broken(number: int) -> None:
    logger.error("rule is of no use: rule=%s", number)
