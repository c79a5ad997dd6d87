from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from config.store import PageStore
from tests.site.wsgi import Clock, Counting, make_store


@pytest.fixture
def database_away() -> Iterator[None]:
    """The database cannot be reached, as when its server restarts."""
    kept = connection.settings_dict.copy()
    connection.close()
    if connection.vendor == "sqlite":
        connection.settings_dict["NAME"] = "/nowhere/site.sqlite3"
    else:
        connection.settings_dict["HOST"] = "/nowhere"
        connection.settings_dict["OPTIONS"] = {}
    yield
    connection.close()
    connection.settings_dict.update(kept)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def django() -> Counting:
    """What stands behind the store."""
    return Counting()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pages"


@pytest.fixture
def store(django: Counting, clock: Clock, folder: Path) -> PageStore:
    return make_store(django, folder, clock=clock)
