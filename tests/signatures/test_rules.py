"""Staff say what is always taken, or held: by address, by domain, by network."""

import pytest
from django.test import Client

from signatures import rules
from signatures.addresses import address_key
from signatures.models import AccessRule, Bucket, Signature, Trace
from signatures.rules import PatternNotUsable, clean_pattern
from tests.makers import make_petition
from tests.signatures.acts import sign

pytestmark = pytest.mark.django_db

ANA = "ana@example.org"
HERE = "203.0.113.9"
IPV6 = "2001:db8:1:2::3"


def make_rule(kind: str, subject: str, pattern: str) -> AccessRule:
    rule = AccessRule.objects.create(kind=kind, subject=subject, pattern=pattern)
    rules.read_anew()
    return rule


def is_held(*, email: str = ANA, address: str = HERE, **typed: str) -> bool:
    """Whether a signature that comes so is held."""
    before = Signature.objects.count()
    client = Client(REMOTE_ADDR=address)
    response = sign(client, make_petition(), email=email, **typed)
    assert response.status_code == 303
    assert Signature.objects.count() == before + 1
    return Signature.objects.latest("pk").held_at is not None


@pytest.mark.parametrize(
    ("subject", "pattern", "email", "is_met"),
    [
        ("address", address_key(ANA), "Ana+tag@example.org", True),
        ("address", address_key(ANA), "bo@example.org", False),
        ("domain", "example.org", ANA, True),
        ("domain", "EXAMPLE.org", ANA, True),
        ("domain", "example.org", "ana@mail.example.org", False),
        ("domain", "*.example.org", "ana@mail.example.org", True),
        ("domain", "*.example.org", "ana@a.b.example.org", True),
        ("domain", "*.example.org", ANA, False),
        ("domain", "*.example.org", "ana@badexample.org", False),
        ("domain", "*.org", ANA, True),
        ("domain", "münchen.de", "ana@xn--mnchen-3ya.de", True),
    ],
)
def test_an_address_or_a_domain_is_blocked(
    subject: str, pattern: str, email: str, is_met: bool
) -> None:
    make_rule("block", subject, pattern)

    assert is_held(email=email) == is_met


@pytest.mark.parametrize(
    ("pattern", "address", "is_met"),
    [
        (HERE, HERE, True),
        ("203.0.113.0/24", HERE, True),
        ("203.0.113.7/24", HERE, True),
        ("203.0.114.0/24", HERE, False),
        ("0.0.0.0/0", HERE, True),
        ("0.0.0.0/0", IPV6, False),
        ("::/0", HERE, False),
        ("2001:db8::/32", IPV6, True),
        ("2001:db8:1:3::/64", IPV6, False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("127.0.0.0/8", "127.0.0.1", True),
    ],
)
def test_a_network_is_blocked(pattern: str, address: str, is_met: bool) -> None:
    make_rule("block", "network", pattern)

    assert is_held(address=address) == is_met


def test_what_is_blocked_says_so_in_its_trace() -> None:
    make_rule("block", "domain", "example.org")

    is_held()

    assert Trace.objects.get().signs == "no-stamp,blocked"


@pytest.mark.parametrize(
    ("subject", "pattern"),
    [("address", address_key(ANA)), ("domain", "example.org"), ("network", HERE)],
)
def test_what_is_allowed_is_not_counted_and_not_held(
    settings, subject: str, pattern: str
) -> None:
    settings.SIGNINGS_HELD_ABOVE = settings.SIGNINGS_REFUSED_ABOVE = 1
    make_rule("allow", subject, pattern)

    assert not any(is_held(website="https://buy.example") for _ in range(3))
    assert Bucket.objects.count() == 0
    assert {trace.score for trace in Trace.objects.all()} == {80}


def test_to_allow_goes_before_to_block() -> None:
    make_rule("block", "network", "203.0.113.0/24")
    make_rule("allow", "address", address_key(ANA))

    assert not is_held()
    assert is_held(email="bo@example.org")


@pytest.mark.parametrize(
    ("subject", "pattern"),
    [
        *[("domain", "*"), ("domain", "*."), ("domain", "a b"), ("domain", "..")],
        *[("domain", "*.*.org"), ("domain", "x" * 254), ("domain", "\u202e")],
        *[("network", "203.0.113"), ("network", "1.2.3.4/99"), ("network", "")],
        *[("network", "fe80::1%eth0/64"), ("address", "nonsense"), ("else", "x")],
    ],
)
def test_a_broken_rule_breaks_nothing_and_others_hold(
    subject: str, pattern: str
) -> None:
    AccessRule.objects.bulk_create(
        [
            AccessRule(kind="block", subject=one, pattern=what)
            for one, what in [(subject, pattern), ("domain", "example.net")]
            if one in ("address", "domain", "network")
        ]
    )
    rules.read_anew()

    assert not is_held()
    assert is_held(email="ana@example.net")


def test_rules_are_read_every_five_seconds(monkeypatch) -> None:
    now = 1000.0
    monkeypatch.setattr("signatures.rules.time.monotonic", lambda: now)
    before = is_held()
    AccessRule.objects.create(kind="block", subject="domain", pattern="example.org")

    now += 4.9
    soon = is_held()
    now += 0.1
    later = is_held()

    assert (before, soon, later) == (False, False, True)


@pytest.mark.parametrize(
    ("subject", "typed", "kept"),
    [
        ("address", " Ana+x@Example.org ", address_key(ANA)),
        ("domain", " Example.ORG ", "example.org"),
        ("domain", "*.Münch.de", "*.xn--mnch-0ra.de"),
        ("domain", "*.XYZ", "*.xyz"),
        ("network", " 203.0.113.9/24 ", "203.0.113.0/24"),
        ("network", "203.0.113.9", "203.0.113.9/32"),
        ("network", "2001:DB8::1/32", "2001:db8::/32"),
    ],
)
def test_a_pattern_is_kept_in_one_spelling(subject: str, typed: str, kept: str) -> None:
    assert clean_pattern(subject, typed) == kept
    make_rule("block", subject, kept)  # which can be read


@pytest.mark.parametrize(
    ("subject", "typed"),
    [
        *[("address", "ana"), ("address", "ana@localhost"), ("address", "")],
        *[("domain", "ana@example.org"), ("domain", "*"), ("domain", "a*.org")],
        *[("domain", ""), ("domain", "[127.0.0.1]"), ("domain", "\x00")],
        *[("network", "example.org"), ("network", "1.2.3.4/33"), ("network", "")],
    ],
)
def test_what_is_no_pattern_is_refused(subject: str, typed: str) -> None:
    with pytest.raises(PatternNotUsable):
        clean_pattern(subject, typed)


def test_a_thousand_rules_are_no_burden() -> None:
    AccessRule.objects.bulk_create(
        AccessRule(
            kind="block", subject="network", pattern=f"10.{n % 256}.{n // 256}.0/24"
        )
        for n in range(1000)
    )
    rules.read_anew()

    assert is_held(address="10.3.2.1")
    assert not is_held(address="10.3.4.1")
