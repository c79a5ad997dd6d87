"""While the database is away nobody loses what they typed, and pages tell their age."""

import errno
import gzip
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from psycopg import errors

from signatures.models import LinkRequest, Signature
from tests.html import Page
from tests.makers import (
    confirm_url,
    make_petition,
    make_signature,
    my_signature_url,
    not_me_path,
    sign_url,
)
from tests.site.wsgi import NOON, Clock, Reply, ask, make_store

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = {
    "name": 'Ada "Countess" <Lovelace>',
    "email": "ada@example.org",
    "reason": "It is our bridge.\nWe walk it daily.",
    "show_name": "on",
}
VENDOR = connection.vendor


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def fields_of(response: HttpResponse) -> dict[str, str]:
    """What the form of a page would send if its button was pressed."""
    form = Page.of(response).one("form")
    assert form.attributes["method"] == "post"
    assert "action" not in form.attributes
    inputs = form.all("input")
    return {one.attributes["name"]: one.attributes["value"] for one in inputs}


@contextmanager
def failing(error: Exception) -> Iterator[None]:
    """Every statement fails with what the database's driver raises."""

    def fail(*_of: object) -> None:
        with connection.wrap_database_errors:
            raise error

    with connection.execute_wrapper(fail):
        yield


# Forms


def test_who_signs_keeps_what_was_typed_and_can_send_it_again(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    petition = make_petition()
    with outage():
        kept = visitor.post(sign_url(petition), TYPED)

    assert (kept.status_code, kept["Retry-After"]) == (503, "10")
    assert "no-store" in kept["Cache-Control"]
    assert fields_of(kept) == TYPED
    assert 'Ada "Countess" <Lovelace>' in Page.of(kept).one("form").words
    assert "ada@example.org" in Page.of(kept).one("form").words
    assert "Ada" not in caplog.text
    assert "ada@" not in caplog.text
    sent_again = visitor.post(sign_url(petition), fields_of(kept))
    assert sent_again.status_code == 303
    assert Signature.objects.get().name == TYPED["name"]


def outage() -> AbstractContextManager[None]:
    """The database cannot be reached within."""
    return failing(
        psycopg.OperationalError("connection failed: no such file")
        if VENDOR == "postgresql"
        else sqlite3.OperationalError("unable to open database file")
    )


def test_who_looks_for_a_signature_keeps_the_address(
    visitor: Client,
) -> None:
    with outage():
        kept = visitor.post("/es/find-my-signature/", {"email": "ada@example.org"})

    assert kept.status_code == 503
    assert Page.of(kept).one("html").attributes["lang"] == "es"
    assert fields_of(kept) == {"email": "ada@example.org"}
    visitor.post("/es/find-my-signature/", fields_of(kept))
    assert LinkRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("path_of", "words"),
    [
        (confirm_url, {}),
        (lambda one: f"{my_signature_url(one)}withdraw/", {}),
        (lambda one: f"{my_signature_url(one)}unsubscribe/", {}),
        (lambda one: f"{my_signature_url(one)}change/", {"name": "Ada"}),
        (not_me_path, {"allow": "1"}),
    ],
)
def test_behind_a_mailed_link_there_is_a_button_to_try_again(
    visitor: Client,
    path_of: Callable[[Signature], str],
    words: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    signature = make_signature()
    path = path_of(signature)
    with outage():
        kept = visitor.post(path, words)

    assert kept.status_code == 503
    assert fields_of(kept) == words
    assert len(Page.of(kept).all("button")) == 1
    assert kept["Referrer-Policy"] == "no-referrer"
    assert kept["X-Robots-Tag"] == "noindex, nofollow"
    assert path.split("/")[2] not in caplog.text
    assert visitor.post(path, fields_of(kept)).status_code < 400


def test_the_admin_only_says_that_it_will_be_back(
    visitor: Client,
) -> None:
    password = {"login": "rosa@example.org", "password": "a secret of rosa"}
    with outage():
        page = visitor.post("/accounts/login/", password)

    assert page.status_code == 503
    assert b"a secret of rosa" not in page.content
    assert Page.of(page).all("form") == []


def test_who_is_logged_in_gets_a_503_too(
    visitor: Client,
) -> None:
    visitor.cookies["session"] = "x" * 32
    with outage():
        page = visitor.get("/admin/")

    assert (page.status_code, page["Retry-After"]) == (503, "10")


# What fails

ERRORS = {
    "postgresql": [
        errors.AdminShutdown("terminating connection"),
        errors.CannotConnectNow("the database system is starting up"),
        errors.CrashShutdown("terminating connection because of crash"),
        errors.DiskFull("could not extend file"),
        errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only one"),
        errors.LockNotAvailable("canceling statement due to lock timeout"),
        errors.QueryCanceled("canceling statement due to statement timeout"),
        errors.DeadlockDetected("deadlock detected"),
        errors.IdleInTransactionSessionTimeout("terminating connection"),
        errors.IoError("could not write"),
        psycopg.OperationalError("server closed the connection unexpectedly"),
        psycopg.InterfaceError("the connection is closed"),
    ],
    "sqlite": [
        sqlite3.OperationalError("database or disk is full"),
        sqlite3.OperationalError("attempt to write a readonly database"),
        sqlite3.OperationalError("database is locked"),
        sqlite3.OperationalError("disk I/O error"),
        sqlite3.DatabaseError("database disk image is malformed"),
    ],
}


@pytest.mark.parametrize(
    "error",
    [*ERRORS[VENDOR], OSError(errno.ENOSPC, "full"), OSError(errno.EROFS, "read-only")],
    ids=repr,
)
def test_whatever_the_database_fails_with_is_a_503(
    visitor: Client, error: Exception
) -> None:
    signature = make_signature()
    paths = [sign_url(signature.petition), confirm_url(signature)]
    with failing(error):
        answers = [visitor.post(path, TYPED) for path in paths]
        answers += [visitor.get(path) for path in ("/", "/petitions/", *paths[1:])]

    assert {answer.status_code for answer in answers} == {503}
    assert visitor.get("/petitions/").status_code == 200


def test_a_mistake_of_ours_is_none_of_the_databases(visitor: Client) -> None:
    error = {
        "postgresql": errors.UndefinedColumn("column does not exist"),
        "sqlite": sqlite3.ProgrammingError("wrong number of bindings"),
    }[VENDOR]
    with failing(error):
        assert visitor.get("/petitions/").status_code == 500


@pytest.mark.skipif(VENDOR == "sqlite", reason="a file needs no connection")
@pytest.mark.slow
def test_a_server_that_does_not_answer_is_away_after_three_seconds(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = make_petition()
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        elsewhere(HOST="127.0.0.1", PORT=str(silent.getsockname()[1])),
    ):
        answer = visitor.post(sign_url(petition), TYPED)
        times = len(list(those_who_knocked(silent)))

    assert answer.status_code == 503
    assert times == 1
    assert connection.settings_dict["OPTIONS"]["connect_timeout"] == 3


def those_who_knocked(server: socket.socket) -> Iterator[object]:
    """Each that has connected since the server began, and was never answered."""
    server.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            line, address = server.accept()
            line.close()
            yield address


@contextmanager
def elsewhere(**changes: object) -> Iterator[None]:
    """The site looks for its database at another place."""
    before = connection.settings_dict.copy()
    connection.close()
    connection.settings_dict.update(changes)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@pytest.mark.slow
def test_a_site_that_may_only_read_refuses_forms_and_goes_on_showing_pages(
    visitor: Client,
) -> None:
    petition = make_petition()
    with only_reading():
        assert visitor.post(sign_url(petition), TYPED).status_code == 503
        assert visitor.get(petition.get_absolute_url()).status_code == 200

    assert visitor.post(sign_url(petition), TYPED).status_code == 303
    assert Signature.objects.count() == 1


@contextmanager
def only_reading() -> Iterator[None]:
    statements = {
        "postgresql": ("SET default_transaction_read_only = on", "RESET ALL"),
        "sqlite": ("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
    }[VENDOR]
    with connection.cursor() as cursor:
        cursor.execute(statements[0])
    yield
    with connection.cursor() as cursor:
        cursor.execute(statements[1])


@pytest.mark.skipif(VENDOR == "postgresql", reason="its disk is the server's")
@pytest.mark.slow
def test_a_full_disk_loses_nothing_and_all_is_well_once_there_is_room(
    visitor: Client,
) -> None:
    petition = make_petition()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what earlier tests have left is room too
        cursor.execute("PRAGMA page_count")
        [(pages,)] = cursor.fetchall()
        cursor.execute(f"PRAGMA max_page_count = {pages + 3}")
    answers = [
        visitor.post(sign_url(petition), {**TYPED, "email": f"a{n}@example.org"})
        for n in range(300)
    ]
    taken = [answer.status_code for answer in answers].count(303)

    assert {answer.status_code for answer in answers} == {303, 503}
    assert Signature.objects.count() == taken
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchall() == [("ok",)]
        cursor.execute("PRAGMA max_page_count = 1000000")
    assert visitor.post(sign_url(petition), TYPED).status_code == 303


# Pages that stand in


def test_a_page_that_stands_in_says_of_when_it_is_in_its_own_language(
    tmp_path: Path,
) -> None:
    petition = make_petition()
    clock = Clock()
    store = make_store(WSGIHandler(), tmp_path, clock=clock)
    paths = [petition.get_absolute_url(), f"/es{petition.get_absolute_url()}", "/"]
    fresh = {path: ask(store, path) for path in paths}
    clock.move_on(3600)

    with outage():
        stale = {path: ask(store, path) for path in paths}

    at = datetime.fromtimestamp(NOON, UTC).strftime("%H:%M")
    for path in paths:
        assert stale[path].status == 200
        assert at in line_with_date(stale[path])
        assert int(stale[path].headers["Content-Length"]) == len(stale[path].body)
        assert at not in fresh[path].body.decode()
    with translation.override("es"):
        assert date_format(datetime.fromtimestamp(NOON, UTC)) in line_with_date(
            stale[paths[1]]
        )


def line_with_date(reply: Reply) -> str:
    return Page.of(reply.body.decode()).one("p", role="status").words


def test_who_has_the_page_is_told_too_and_then_has_the_told_one(
    tmp_path: Path,
) -> None:
    clock = Clock()
    store = make_store(WSGIHandler(), tmp_path, clock=clock)
    gzipped = {"HTTP_ACCEPT_ENCODING": "gzip"}
    tag = ask(store, **gzipped).headers["ETag"]
    clock.move_on(60)

    with outage():
        told = ask(store, **gzipped, HTTP_IF_NONE_MATCH=tag)
        again = ask(store, **gzipped, HTTP_IF_NONE_MATCH=told.headers["ETag"])

    assert told.status == 200
    assert b"as of" in gzip.decompress(told.body)
    assert again.status == 304
    clock.move_on(60)
    back = ask(store, **gzipped, HTTP_IF_NONE_MATCH=told.headers["ETag"])
    assert back.status == 200
    assert b"as of" not in gzip.decompress(back.body)


def test_what_machines_read_stays_as_it_was(
    tmp_path: Path,
) -> None:
    path = f"{make_petition().get_absolute_url()}count.json"
    clock = Clock()
    store = make_store(WSGIHandler(), tmp_path, clock=clock)
    fresh = ask(store, path)
    clock.move_on(60)

    with outage():
        stale = ask(store, path)

    assert stale.body == fresh.body
    assert "X-Page-From" in stale.headers
