"""Limits are for the network a request comes from, whatever the request says."""

import pytest
from django.test import Client, RequestFactory

from signatures.networks import client_network

REAL = "203.0.113.9"


def network(settings, *, proxies: int, forwarded: str = "", address: str = REAL) -> str:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)
    return client_network(request)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "", "203.0.113.9/32"),
        (0, "198.51.100.1", "203.0.113.9/32"),
        (1, "198.51.100.1", "198.51.100.1/32"),
        (1, "192.0.2.1, 198.51.100.1", "198.51.100.1/32"),
        (1, "192.0.2.1,192.0.2.2,198.51.100.1", "198.51.100.1/32"),
        (2, "198.51.100.1, 10.0.0.1", "198.51.100.1/32"),
        (2, "192.0.2.1, 198.51.100.1, 10.0.0.1", "198.51.100.1/32"),
        (2, "198.51.100.1", "198.51.100.1/32"),
    ],
)
def test_only_what_our_own_proxies_say_is_believed(
    settings, proxies: int, forwarded: str, found: str
) -> None:
    assert network(settings, proxies=proxies, forwarded=forwarded) == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("192.0.2.1", "192.0.2.1/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1/32"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_network_is_what_one_customer_gets(
    settings, address: str, found: str
) -> None:
    assert network(settings, proxies=0, address=address) == found


@pytest.mark.parametrize("forged", ["nonsense", ",", "[::1]:443", "' OR 1=1 --"])
def test_a_header_of_nonsense_breaks_nothing(settings, forged: str) -> None:
    found = network(settings, proxies=1, forwarded=forged)

    assert found == "unknown"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 1])
def test_forging_the_header_changes_nothing(
    client: Client, settings, time_machine, proxies: int
) -> None:
    settings.TRUSTED_PROXIES = proxies
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)

    statuses = [
        client.post(
            "/find-my-signature/",
            {"email": "ana@example.org"},
            headers={"X-Forwarded-For": f"192.0.2.{number}, {REAL}"},
        ).status_code
        for number in range(11)
    ]

    assert statuses == [200] * 10 + [429]
