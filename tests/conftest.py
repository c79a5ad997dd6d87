import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from hypothesis import HealthCheck, settings

from petitions.models import Account
from signatures import networks, rules
from tests.log_in import let_in

SLOW = [HealthCheck.too_slow]  # the machine, not what is tried
settings.register_profile(
    "quick", max_examples=40, deadline=None, suppress_health_check=SLOW
)
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


@pytest.fixture(autouse=True)
def end_what_goes_on_beside() -> Iterator[None]:
    """Let a mail that leaves beside a request leave before the next test begins."""
    yield
    for thread in threading.enumerate():
        if thread.name.endswith("(_send)"):  # as `campaigns.accounts` starts it
            thread.join()


@pytest.fixture
def early_in_a_minute(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no minute, hour or day end within a test: the next minute has just begun.

    The database goes by the clock of the machine, so it is a little behind.
    """
    if "time_as_it_is" in request.fixturenames:
        yield
    else:
        soon = datetime.now(UTC) + timedelta(minutes=1)
        with time_machine.travel(soon.replace(second=5)):
            yield


@pytest.fixture
def time_as_it_is() -> None:
    """For a test that hears also from the database what time it is."""


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
