"""The page store before the real site."""

import gzip
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from campaigns import lifecycle
from config.store import PageStore
from petitions.models import Petition
from tests.html import Page
from tests.makers import (
    confirm_url,
    make_confirmed_signature,
    make_counted_signature,
    make_hidden_petition,
    make_petition,
    make_signature,
    make_staff,
    my_signature_url,
    sign_url,
    signed_url,
)
from tests.races.processes import site
from tests.site.test_headers import public_paths
from tests.site.wsgi import Clock, Reply, ask, make_store

pytestmark = pytest.mark.django_db

GZIP = {"HTTP_ACCEPT_ENCODING": "br, gzip"}


@pytest.fixture
def store(folder: Path, clock: Clock) -> Iterator[PageStore]:
    """Django would end a test's transaction with each request, but for its client's."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield make_store(WSGIHandler(), folder, clock=clock)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def is_stored(reply: Reply) -> bool:
    return "Age" in reply.headers


@pytest.mark.slow
def test_every_public_page_is_the_same_from_the_store(
    request: pytest.FixtureRequest,
) -> None:
    straight = {path: Client().get(path) for path in public_paths()}
    store = request.getfixturevalue("store")

    for path, response in straight.items():
        made, stored = ask(store, path), ask(store, path)

        assert made == stored, path
        assert made.body == response.content, path
        assert made.headers == {**response.headers, "Age": "0"}, path


@pytest.mark.parametrize("path", ["/petitions/", "/outcomes/"])
def test_what_a_list_can_be_asked_for_is_stored_too(
    store: PageStore, path: str
) -> None:
    links = Page.of(ask(store, path).body.decode()).all("a")
    hrefs = [link.attributes["href"] for link in links]
    queries = [href for href in hrefs if href.startswith("?") and href != "?"]

    assert queries
    for query in queries:
        assert is_stored(ask(store, f"{path}{query}")), query


def test_a_count_that_has_changed_is_on_the_page_a_second_later(
    store: PageStore, clock: Clock
) -> None:
    petition = make_petition()
    path = f"{petition.get_absolute_url()}count.json"
    assert b'"count": 0' in ask(store, path).body
    Petition.objects.filter(pk=petition.pk).update(signature_count=1)
    assert b'"count": 0' in ask(store, path).body
    clock.move_on(1)

    assert b'"count": 1' in ask(store, path).body


@pytest.mark.usefixtures("early_in_a_minute")
def test_each_language_and_each_coding_is_a_page_of_its_own(store: PageStore) -> None:
    path = make_petition().get_absolute_url()
    for _ in range(2):
        english, spanish = ask(store, path), ask(store, f"/es{path}")
        zipped = ask(store, path, **GZIP)

        assert english.headers["Content-Language"] == "en"
        assert spanish.headers["Content-Language"] == "es"
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(zipped.body) == english.body
        assert english.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("coding", [{}, GZIP], ids=["plain", "gzip"])
def test_who_has_the_page_gets_no_bytes(
    store: PageStore, coding: dict[str, str]
) -> None:
    path = make_petition().get_absolute_url()
    tag = ask(store, path, **coding).headers["ETag"]

    again = ask(store, path, HTTP_IF_NONE_MATCH=tag, **coding)

    assert (again.status, again.body) == (304, b"")
    assert "default-src" in again.headers["Content-Security-Policy"]
    assert ask(store, path, method="HEAD", **coding).headers["ETag"] == tag


@pytest.mark.slow
def test_no_answer_behind_a_secret_link_is_stored(store: PageStore) -> None:
    signature = make_confirmed_signature()
    waiting = make_signature(petition=signature.petition)
    mine = my_signature_url(signature)
    paths = [confirm_url(waiting), signed_url(signature), mine, f"{mine}data.json"]
    paths += [f"{mine}?changed", f"/check-your-email/{waiting.key}/"]

    for path in paths:
        for _ in range(2):
            reply = ask(store, path)

            assert reply.status == 200, path
            assert not is_stored(reply), path
    assert len(store._stored) == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(("/admin/", 302), ("/accounts/login/?next=/admin/", 200), ("/nothing/", 404)),
        *(("/healthz", 200), ("/readyz", 200), ("/petitions", 301)),
        ("/petitions/?q=%00", 200),
    ],
)
def test_only_what_django_calls_public_is_stored(
    store: PageStore, path: str, status: int
) -> None:
    reply = ask(store, path)

    assert reply.status == status
    assert is_stored(reply) == path.startswith("/petitions/")


def test_a_forged_host_leaves_nothing_behind(store: PageStore) -> None:
    assert ask(store, "/", HTTP_HOST="evil.example.net").status == 400
    assert len(store._stored) == 0


def test_a_page_that_is_withheld_is_not_stored(store: PageStore) -> None:
    reply = ask(store, make_hidden_petition().get_absolute_url())

    assert reply.status == 410
    assert not is_stored(reply)


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_the_last_page_stands_in(
    store: PageStore, clock: Clock, folder: Path, request: pytest.FixtureRequest
) -> None:
    petition = make_petition()
    path = petition.get_absolute_url()
    made = ask(store, path, **GZIP)
    request.getfixturevalue("database_away")
    clock.move_on(3600)

    for one in (store, make_store(WSGIHandler(), folder, clock=clock)):
        kept = ask(one, path, **GZIP)

        dated, fresh = (gzip.decompress(one.body).decode() for one in (kept, made))
        head, main = fresh[: fresh.index("<main")], fresh[fresh.index("<main") :]
        assert kept.status == 200
        assert dated.startswith(head)
        assert dated.endswith(main)
        assert "This page is as of" in dated.removeprefix(head).removesuffix(main)
        assert kept.headers["Age"] == "3600"
        assert kept.headers["X-Page-From"].endswith(" GMT")
    assert ask(store, "/petitions/").status == 503
    refused = ask(store, sign_url(petition), method="POST", CONTENT_LENGTH="0")
    assert (refused.status, refused.headers["Retry-After"]) == (503, "10")


# Through gunicorn


@pytest.mark.slow
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_through_gunicorn_a_page_is_two_seconds_behind_at_most(tmp_path: Path) -> None:
    signature = make_counted_signature()
    path = f"{signature.petition.get_absolute_url()}count.json"
    with site(tmp_path / "log") as (url, _process):
        first = raw(url, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1")
        Petition.objects.update(signature_count=8)
        changed = asked = time.monotonic()
        while b'"count": 8' not in raw(url, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1"):
            assert asked - changed < 2
            asked = time.monotonic()

    assert b'"count": 1' in first
    assert b"\r\nAge: " in first


@pytest.mark.slow
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_through_gunicorn_odd_requests_poison_nothing(tmp_path: Path) -> None:
    own = "Host: 127.0.0.1"
    with site(tmp_path / "log", WORKERS="1") as (url, _process):
        odd = [
            raw(url, "GET /feed/ HTTP/1.0"),
            raw(url, f"GET http://evil.example.net/feed/ HTTP/1.1\r\n{own}"),
            raw(url, f"GET /es/feed/ HTTP/1.1\r\n{own}\r\nScript-Name: /es"),
            raw(url, f"GET /es/feed/ HTTP/1.1\r\n{own}\r\nSCRIPT_NAME: /es"),
            raw(url, f"GET /es/feed/ HTTP/1.1\r\n{own}\r\nPATH_INFO: /feed/"),
        ]
        english = raw(url, f"GET /feed/ HTTP/1.1\r\n{own}")
        spanish = raw(url, f"GET /es/feed/ HTTP/1.1\r\n{own}")

    for reply in [*odd, english, spanish]:
        assert b"evil" not in reply
    assert b"\r\nContent-Language: en\r\n" in english
    assert b"\r\nContent-Language: es\r\n" in spanish


def raw(url: str, head: str) -> bytes:
    host = urlsplit(url)
    with socket.create_connection((host.hostname, host.port), timeout=60) as line:
        line.sendall(f"{head}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.django_db(transaction=True)
def test_hiding_a_petition_leaves_no_page_to_stand_in_for_failures(
    settings, tmp_path: Path
) -> None:
    settings.PAGES_DIR = tmp_path
    (tmp_path / "page").write_text("What it showed")

    lifecycle.hide(make_petition(), by=make_staff(), reason="It names a child.")

    assert list(tmp_path.iterdir()) == []
