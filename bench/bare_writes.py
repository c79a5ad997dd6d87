"""The yardsticks of signing and confirming: the statements through psycopg, no more.

One connection for each thread, prepared statements, durable commits. They parse what
was posted, and answer as the site does; they check nothing.
"""

import hashlib
import os
import threading
from collections.abc import Iterable
from urllib.parse import parse_qs
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIEnvironment

import psycopg

from bench.statements import CONFIRM, FIND, Statements

URL = os.environ["DATABASE_URL"]
STATEMENTS = Statements.of(URL)
# slug=id:version,…: a bare function looks nothing up.
PETITIONS = {
    slug: (int(petition), int(version))
    for slug, petition, version in (
        one.split(":") for one in os.environ["BARE_PETITIONS"].split(",")
    )
}
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Length", "0"),
    ("Content-Language", "en"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Strict-Transport-Security", "max-age=31536000"),
]

_own = threading.local()


def sign_two(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """BEGIN, two INSERTs, COMMIT."""
    values = _posted(environ)
    connection = _connection()
    with connection.transaction():
        row = connection.execute(STATEMENTS.sign, values, prepare=True).fetchone()
        assert row
        connection.execute(STATEMENTS.mail, {"signature": row[0]}, prepare=True)
    return _see_other(start_response, f"/check-your-email/{values['key']}/")


def sign_one(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Both INSERTs in one statement, which is its own transaction."""
    values = _posted(environ)
    _connection().execute(STATEMENTS.sign_and_mail, values, prepare=True)
    return _see_other(start_response, f"/check-your-email/{values['key']}/")


def confirm(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Find the signature; BEGIN, UPDATE it, INSERT its change, COMMIT."""
    key = environ["PATH_INFO"].split("/")[2].split(".")[0]
    connection = _connection()
    connection.execute(FIND, {"key": key}, prepare=True).fetchone()
    with connection.transaction():
        row = connection.execute(CONFIRM, {"key": key}, prepare=True).fetchone()
        assert row
        values = {"petition": row[0], "country": row[1]}
        connection.execute(STATEMENTS.change, values, prepare=True)
    return _see_other(start_response, f"/signed/{key}/")


def mixed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """A page for a GET, a signing for a POST."""
    if environ["REQUEST_METHOD"] == "POST":
        return sign_two(environ, start_response)
    from bench.bare import page

    return page(environ, start_response)


def _posted(environ: WSGIEnvironment) -> dict[str, object]:
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    form = parse_qs(body.decode())
    petition, version = PETITIONS[environ["PATH_INFO"].split("/")[2]]
    email = form["email"][0]
    return {
        "petition": petition,
        "version": version,
        "name": form["name"][0],
        "email": email,
        "address_key": hashlib.sha256(email.encode()).hexdigest()[:32],
        "key": uuid4(),
    }


def _connection() -> psycopg.Connection:
    connection: psycopg.Connection | None = getattr(_own, "connection", None)
    if connection is None:
        connection = _own.connection = psycopg.connect(URL, autocommit=True)
        connection.prepare_threshold = 0
    return connection


def _see_other(start_response: StartResponse, path: str) -> Iterable[bytes]:
    start_response("303 See Other", [*HEADERS, ("Location", path)])
    return [b""]
