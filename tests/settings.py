"""The site's settings, on a machine made for tests.

`TEST_DATABASE=postgres` takes a real PostgreSQL (see `tests/postgres.py`), anything
else SQLite. What the developer's own environment says does not matter here.
"""

import os

from tests.postgres import server_url

os.environ.update(
    {
        "DEBUG": "",
        "SECRET_KEY": "a secret of the tests, long enough to sign what they sign",
        "SITE_NAME": "Undersigned",
        "SITE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
        "TRUSTED_PROXIES": "0",
        "EMAIL_URL": "memorymail://",
        "DEFAULT_FROM_EMAIL": "Undersigned <petitions@example.org>",
        "TIME_ZONE": "UTC",
        "REASONS_SHOWN": "after_review",
        "DATABASE_URL": (
            server_url()
            if os.environ.get("TEST_DATABASE") == "postgres"
            else "sqlite://:memory:"
        ),
    }
)

from config.settings import *  # noqa: F403 - the environment comes first
from config.settings import DATABASES, STORAGES, VAR_DIR

# Each run has a database of its own, which its xdist workers build their names on:
# two runs at once do not meet. On SQLite it is a file, for threads to share.
_run = os.environ.setdefault("TEST_RUN", str(os.getpid()))
_name = f"undersigned_test_{_run}"
_is_sqlite = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DATABASES["default"]["TEST"] = {
    "NAME": str(VAR_DIR / f"{_name}.sqlite3") if _is_sqlite else _name
}

MEDIA_ROOT = VAR_DIR / "test-media"
DRAFTS_DIR = VAR_DIR / "test-drafts"
PAGES_DIR = VAR_DIR / "test-pages"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # nothing is collected, and it would warn of that
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
