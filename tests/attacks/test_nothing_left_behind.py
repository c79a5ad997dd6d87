"""Who signed stands in one table, and nowhere once that is forgotten."""

import logging
import pickle
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection
from gunicorn.config import Config

from campaigns import lifecycle, tally, worker
from config.gunicorn import LoggerWithoutSecrets, access_log_format
from config.logs import Line
from signatures.retention import forget
from tests.attacks.journey import (
    ADDRESS,
    NAME,
    Browser,
    look_after,
    secrets_of,
    sign_and_confirm,
    tables,
)
from tests.makers import make_petition, make_staff, my_signature_url

QUIET = {"django.template", "django.db", "django.db.backends", "django.db.models"}
HOME = "signatures_signature"  # the one home of personal data
# Staff who look at an attack must see from which domains it comes.
FOR_TWO_DAYS = {"signatures_trace": [ADDRESS.split("@")[1]]}


class Everything(logging.Handler):
    """All that any logger says, at whatever level, with its traceback.

    But for those two that our settings forbid to write down pages and rows.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = logging.Formatter().format(record)
        self.said.append(f"{trace} {record.args}")


@pytest.fixture
def log() -> Iterator[Everything]:
    everything = Everything()
    names = {"", *logging.Logger.manager.loggerDict} - QUIET
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        if not logger.propagate or not logger.name or logger is logging.root:
            logger.addHandler(everything)
        logger.setLevel(logging.DEBUG)
    yield everything
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(everything)
        logger.setLevel(level)


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(tmp_path / "pages")


def found(secrets: list[str], words: str) -> list[str]:
    return [secret for secret in secrets if secret.lower() in words.lower()]


@pytest.mark.slow
@pytest.mark.django_db
def test_who_signed_stands_in_one_table_alone(
    browser: Browser, log: Everything, log_in, tmp_path: Path
) -> None:
    petition = make_petition()
    staff = make_staff()
    desk = log_in(staff)
    signature = sign_and_confirm(browser, petition)
    tally.fold()
    look_after(browser, signature)
    desk.get("/admin/signatures/signature/")
    desk.get(f"/admin/signatures/signature/{signature.pk}/change/")
    desk.get("/admin/signatures/signaturemail/")
    lifecycle.close(
        petition, by=staff, outcome="lost", reason="Agreed.", with_mail=True
    )
    worker.work_once()

    secrets = secrets_of(signature)
    assert log.said
    assert [line for line in log.said if found(secrets, line)] == []
    assert found(secrets, "\n".join(access_lines(browser))) == []
    stored = dict(tables())
    assert found([NAME, ADDRESS], stored.pop(HOME)) == [NAME, ADDRESS]
    assert {
        table: bad for table, words in stored.items() if (bad := found(secrets, words))
    } == FOR_TWO_DAYS
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert sessions
    assert found(secrets, str(sessions)) == []
    assert found(secrets, in_caches()) == []
    kept = [file.read_bytes() for file in (tmp_path / "pages").iterdir()]
    assert len(kept) >= 4
    assert found(secrets, b"".join(kept).decode()) == []


def access_lines(browser: Browser) -> list[str]:
    """What gunicorn would have written about each request."""
    logger = LoggerWithoutSecrets(Config())
    lines = []
    for environ, reply in browser.asked:
        path = environ["PATH_INFO"].partition("?")[0]
        asked = {"RAW_URI": environ["PATH_INFO"], "SERVER_PROTOCOL": "HTTP/1.1"}
        asked |= {"PATH_INFO": path, "REQUEST_METHOD": environ["method"]}
        answer = SimpleNamespace(
            status=f"{reply.status} Any", sent=9, headers=list(reply.headers.items())
        )
        atoms = logger.atoms(answer, {}, asked, timedelta(seconds=1))
        lines.append(access_log_format % logger.atoms_wrapper_class(atoms))
    assert any("/confirm/…/" in line for line in lines)
    return lines


def in_caches() -> str:
    return "".join(
        str(pickle.loads(entry))
        for cache in caches.all()
        for entry in cache._cache.values()
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_after_forgetting_the_database_remembers_nobody(
    browser: Browser, time_machine
) -> None:
    time_machine.move_to("2026-03-09T12:00:00Z")
    petition = make_petition()
    signature = sign_and_confirm(browser, petition)
    look_after(browser, signature)
    secrets = secrets_of(signature)
    assert found([NAME, ADDRESS], of_files()) == [NAME, ADDRESS]

    signature.refresh_from_db()  # its links are new, since they were asked for
    assert browser.post(f"{my_signature_url(signature)}withdraw/").status == 303
    time_machine.shift(timedelta(days=40))
    worker.work_once()
    forget()

    stored = {table: bad for table, words in tables() if (bad := found(secrets, words))}
    assert stored == {}
    assert found(secrets, of_files()) == []


def of_files() -> str:
    """All bytes of the database's files, where it is files of ours."""
    if connection.vendor != "sqlite":
        return "".join(words for _table, words in tables())
    with connection.cursor() as cursor:
        [(_number, _name, path), *_others] = cursor.execute("PRAGMA database_list")
    files = [Path(f"{path}{ending}") for ending in ["", "-wal"]]
    return "".join(
        file.read_bytes().decode("latin-1") for file in files if file.is_file()
    )


@pytest.mark.parametrize("letter", ["a", "٠", "@", "/"])
def test_a_long_line_of_the_log_is_read_once(letter: str) -> None:
    record = logging.LogRecord("a", 40, "", 0, letter * 60_000, (), None)
    started = time.thread_time()

    Line().format(record)

    assert time.thread_time() - started < 2


def test_a_link_for_a_new_password_is_in_no_log() -> None:
    said = "Internal Server Error: /es/accounts/password/reset/key/a-b1c2/"
    record = logging.LogRecord("a", 40, "", 0, said, (), None)

    assert Line().format(record).endswith("/password/reset/key/…/")
