"""The whole site for real, on a database of its own that holds every scene."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connection

from config.settings import BASE_DIR
from tests.journey.conftest import collect_static_files
from tests.look.pages import Page
from tests.races.processes import environment, site

PLAY = "from tests.look.scenes import play; play()"


@dataclass(frozen=True)
class DemoSite:
    url: str
    words: dict[str, str]
    mails: Path

    def address(self, page: Page | str) -> str:
        address = page if isinstance(page, str) else page.address
        return address.format(**self.words)


@contextmanager
def demo_site(folder: Path, locale_dir: str = "") -> Iterator[DemoSite]:
    """A gunicorn as in production; only its files and its errors are ours."""
    with _database(folder) as database_url:
        mails = folder / "mail"
        changes = {
            "DJANGO_SETTINGS_MODULE": "tests.look.settings",
            "DATABASE_URL": database_url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": f"filemail:///{mails}",
            "SECOND_FACTOR": "",  # the journey gives one, at each of its log-ins
            "JOURNEY_STATIC_ROOT": str(folder / "static"),
            "LOCALE_DIR": locale_dir,
            "LOOK_MEDIA_ROOT": str(folder / "media"),
            "TRUSTED_PROXIES": "1",  # so that each visitor has an address of its own
        }
        collect_static_files(environment(**changes))
        log = folder / "site.log"
        with site(log, **changes) as (url, _process):
            yield DemoSite(url, _play(environment(SITE_URL=url, **changes)), mails)
        assert "Traceback" not in log.read_text()


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    """An empty database beside that of the tests, of the same kind."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'site.sqlite3'}"
        return
    name = f"undersigned_look_{os.getpid()}"
    server, _slash, rest = os.environ["DATABASE_URL"].rpartition("/postgres")
    with psycopg.connect(f"{server}/postgres{rest}", autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{name}{rest}"
        line.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _play(settings: dict[str, str]) -> dict[str, str]:
    manage = str(BASE_DIR / "manage.py")
    command = [sys.executable, manage, "shell", "--no-imports", "--command", PLAY]
    done = subprocess.run(command, env=settings, capture_output=True, check=False)
    assert not done.returncode, done.stderr.decode()[-2000:]
    words: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return words
