"""Connections to the database are kept, and looked at before they are used again."""

import subprocess
import sys

import pytest
from django.db import connection, connections
from django.test import Client

from config.settings import BASE_DIR
from tests.makers import make_petition
from tests.races.processes import environment

pytestmark = pytest.mark.django_db(transaction=True)

VENDOR = connection.vendor
# What SQLite has is a file: nobody can end it.
END = {"postgresql": "SELECT pg_terminate_backend(%s, 5000)", "sqlite": "SELECT %s"}


def end_connection() -> None:
    """End the kept connection from the server's side, as a restart does."""
    connection.ensure_connection()
    kept = {"postgresql": lambda: connection.connection.info.backend_pid}
    number = kept.get(VENDOR, lambda: 0)()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute(END[VENDOR], [number])
    finally:
        other.close()


def test_a_kept_connection_is_good_until_the_server_ends_it() -> None:
    connection.ensure_connection()
    good = connection.is_usable()

    end_connection()

    assert good
    assert connection.is_usable() == {"postgresql": False, "sqlite": True}[VENDOR]
    connection.close()


def test_no_request_fails_because_the_server_ended_the_connection() -> None:
    petition = make_petition()
    end_connection()
    connection.close_if_unusable_or_obsolete()  # as each request begins, but in tests

    response = Client().get(petition.get_absolute_url())

    assert response.status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "patience"),
    [
        ("import config.wsgi", {"postgresql": "10s 5s", "sqlite": "20000"}),
        ("import django; django.setup()", {"postgresql": "0 0", "sqlite": "20000"}),
    ],
)
def test_a_request_has_only_so_much_patience_and_a_command_has_all_it_needs(
    program: str, patience: dict[str, str]
) -> None:
    question = {
        "postgresql": "SELECT current_setting('statement_timeout') || ' ' || "
        "current_setting('lock_timeout')",
        "sqlite": "PRAGMA busy_timeout",
    }[VENDOR]
    ask = (
        f"{program}; from django.db import connection; cursor = connection.cursor(); "
        f'cursor.execute("{question}"); print(*cursor.fetchone())'
    )

    answer = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=BASE_DIR,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == patience[VENDOR]
