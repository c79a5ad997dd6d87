"""The site as its settings make it for an `https://` address."""

import os
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest import mock

from django.conf import settings
from django.test import override_settings

HOST = "petitions.example.org"
SITE_URL = f"https://{HOST}"


@contextmanager
def site_on_https(**others: Any) -> Iterator[None]:
    """All that the settings say otherwise once SITE_URL begins with https."""
    with override_settings(**{**what_https_changes(), **others}):
        yield


@cache
def what_https_changes() -> dict[str, Any]:
    plain, secure = settings_with(), settings_with(SITE_URL=SITE_URL)
    changed = {name: value for name, value in secure.items() if plain[name] != value}
    return {**changed, "ALLOWED_HOSTS": [HOST]}


def settings_with(**environment: str) -> dict[str, Any]:
    """What config/settings.py says on a machine with this environment."""
    with mock.patch.dict(os.environ, environment):
        said = runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))
    return {name: value for name, value in said.items() if name.isupper()}
