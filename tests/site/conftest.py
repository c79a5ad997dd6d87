from collections.abc import Iterator

import pytest
from django.db import connection


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
