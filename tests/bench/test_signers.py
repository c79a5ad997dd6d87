"""Forms of the bench are such as browsers send, from many networks."""

from collections import Counter
from itertools import islice
from urllib.parse import parse_qs

from bench.signers import NETWORKS, form, network, signings

PETITION = {"id": 1, "slug": "hot", "version": 3}


def test_a_handful_of_signers_come_from_each_network() -> None:
    by_network = Counter(network(number) for number in range(3 * NETWORKS))

    assert len(by_network) == NETWORKS
    assert set(by_network.values()) == {3}


def test_one_form_after_another_comes_from_another_network() -> None:
    requests = [*islice(signings([PETITION]), 50)]

    lines = {line for one in requests for line in one.split(b"\r\n")}
    assert sum(line.startswith(b"X-Forwarded-For: 10.") for line in lines) == 50


def test_a_form_says_when_its_page_was_made() -> None:
    typed = parse_qs(form(PETITION, 1).decode())

    assert typed["version"] == ["3"]
    assert typed["stamp"][0].count(":") == 1
