"""Whoever watches the site hears within seconds that no signature can be taken."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from psycopg import errors

from config import health
from signatures.models import Bucket
from tests.makers import make_petition
from tests.site.test_database_away import failing, only_reading

pytestmark = pytest.mark.django_db(transaction=True)
VENDOR = connection.vendor


@pytest.fixture(autouse=True)
def wrote_long_ago() -> Iterator[None]:
    health.last.forget()
    yield
    health.last.forget()


@pytest.mark.parametrize(
    "error",
    {
        "postgresql": [
            errors.DiskFull("could not extend file"),
            errors.AdminShutdown("terminating connection"),
            errors.UndefinedTable("there is no such table"),
            psycopg.InterfaceError("the connection is closed"),
        ],
        "sqlite": [
            sqlite3.OperationalError("database or disk is full"),
            sqlite3.DatabaseError("database disk image is malformed"),
            sqlite3.InterfaceError("bad parameter"),
        ],
    }[VENDOR],
    ids=repr,
)
def test_a_database_that_fails_is_not_ready_and_ready_when_it_works(
    client: Client, error: Exception
) -> None:
    with failing(error):
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200

    assert client.get("/readyz").status_code == 200


def test_a_database_that_only_reads_is_not_ready(client: Client) -> None:
    with only_reading():
        response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"not ready")
    assert client.get("/readyz").status_code == 200


@pytest.mark.skipif(VENDOR == "sqlite", reason="its clock is ours")
@pytest.mark.parametrize(
    ("seconds", "status"), [(50, 200), (-50, 200), (70, 503), (-70, 503)]
)
def test_a_clock_that_is_off_by_more_than_a_minute_is_not_ready(
    client: Client, seconds: int, status: int
) -> None:
    there = timezone.now() + timedelta(seconds=seconds)

    with time_machine.travel(there, tick=True):
        assert client.get("/readyz").status_code == status


def test_why_is_told_to_the_log_once_and_to_no_stranger(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    error = {
        "postgresql": errors.DiskFull("could not extend file base/1"),
        "sqlite": sqlite3.OperationalError("database or disk is full"),
    }[VENDOR]
    with failing(error):
        answers = [client.get("/readyz") for _ in range(5)]
    client.get("/readyz")

    assert {answer.content for answer in answers} == {b"not ready"}
    told = [record.getMessage() for record in caplog.records]
    told = [words for words in told if "ready" in words and "readyz" not in words]
    assert [words.partition(":")[0] for words in told] == ["not ready", "ready again"]
    assert "could not extend" in told[0] or "is full" in told[0]


def test_who_asks_again_and_again_makes_the_database_write_once(
    client: Client,
) -> None:
    for _ in range(10):
        client.get("/readyz")

    assert Bucket.objects.get(key="readyz").hits == 1


def test_asking_costs_three_questions(
    client: Client, django_assert_max_num_queries: object
) -> None:
    client.get("/readyz")

    with django_assert_max_num_queries(3):
        client.get("/readyz")


@pytest.mark.parametrize(
    ("error", "status"),
    {
        "postgresql": [
            (errors.DiskFull("could not extend file"), 503),
            (errors.QueryCanceled("statement timeout"), 200),
        ],
        "sqlite": [
            (sqlite3.OperationalError("database or disk is full"), 503),
            (sqlite3.OperationalError("database is locked"), 200),
        ],
    }[VENDOR],
    ids=repr,
)
def test_a_disk_without_room_for_signatures_is_not_ready_for_seconds(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    """Its own row, which stands already, may find room where a new one finds none."""
    petition = make_petition()
    typed = {"name": "Ana", "email": "ana@example.org"}
    with failing(error):
        path = f"/petitions/{petition.slug}/sign/"
        from_us = {"sec_fetch_site": "same-origin"}
        assert client.post(path, typed, headers=from_us).status_code == 503

    assert client.get("/readyz").status_code == status
    monkeypatch.setattr(health, "FULL_FOR", 0)
    assert client.get("/readyz").status_code == 200
