from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.test import Client
from hypothesis import settings

from petitions.models import Account
from signatures import networks, rules
from tests.log_in import give_second_factor
from tests.makers import PASSWORD

settings.register_profile("quick", max_examples=40, deadline=None)
settings.load_profile("quick")


@pytest.fixture(autouse=True)
def forget_pieces() -> None:
    """Keep no piece of a page for a test with other settings, and no used code."""
    for cache in caches.all():
        cache.clear()
    caches["template_fragments"].clear()


@pytest.fixture(autouse=True)
def forget_rules() -> None:
    """Let no test go by the rules, or the secret, that another has made."""
    rules.read_anew()
    networks.forget_secret()


@pytest.fixture
def log_in(client: Client) -> Iterator[object]:
    """Logs the client in as an account, with a second factor."""

    def log_in_as(account: Account) -> Client:
        assert client.login(username=account.email, password=PASSWORD)
        give_second_factor(client, account)
        return client

    return log_in_as


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what was weighed, also when all is well."""
    weights = [
        words
        for report in terminalreporter.stats.get("passed", [])
        + terminalreporter.stats.get("failed", [])
        for name, words in report.user_properties
        if name == "weight" and report.when == "call"
    ]
    if weights:
        terminalreporter.section("weights, zipped")
        terminalreporter.write_line("\n".join(weights))
