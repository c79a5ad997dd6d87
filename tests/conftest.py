from collections.abc import Callable
from functools import partial

import pytest
from django.core.cache import caches
from django.test import Client
from hypothesis import settings

from petitions.models import Account
from signatures import networks, rules
from tests.log_in import let_in

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
def log_in(client: Client) -> Callable[[Account], Client]:
    """Logs the client in as an account, with a second factor."""
    return partial(let_in, client)


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
