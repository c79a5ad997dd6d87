"""Whether this process lives, and whether it can do its work. Nothing more is told."""

import logging
import shutil
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import outages
from signatures.models import Bucket

LEAST_FREE_BYTES = 50 * 1024 * 1024
LARGEST_DIFFERENCE = timedelta(minutes=1)  # between the database's clock and ours
BETWEEN_WRITES = 3  # seconds: who asks more often costs the database no more
FULL_FOR = 5  # seconds after which somebody may try again to write
WRITTEN_BY = "readyz"

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when signatures can be taken; why not is for the logs alone."""
    trouble = _trouble()
    last.tell(trouble)
    return HttpResponse(
        "not ready" if trouble else "ready",
        content_type="text/plain",
        status=503 if trouble else 200,
    )


def _trouble() -> str:
    """What is wrong, in a few words; "" if nothing is."""
    if last.was_full() or not _has_disk():
        return "the disk is nearly full"
    try:
        if not _has_all_migrations():
            return "a migration is missing"
        if not _agrees_about_the_time():
            return "the clock differs from the database's"
        last.write()
    except (DatabaseError, InterfaceError) as error:
        return f"the database is away or cannot write: {error}"
    return ""


def _has_disk() -> bool:
    folders = {Path(settings.VAR_DIR)}
    if connection.vendor == "sqlite":
        folders.add(Path(connection.settings_dict["NAME"]).absolute().parent)
    there = [folder for folder in folders if folder.is_dir()]
    return all(shutil.disk_usage(one).free > LEAST_FREE_BYTES for one in there)


def _has_all_migrations() -> bool:
    applied = MigrationRecorder(connection).applied_migrations()
    return _known_migrations() <= applied.keys()


@lru_cache(maxsize=1)
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Read from the disk once: the code of a process does not change."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.graph.nodes)


def _agrees_about_the_time() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXTRACT(EPOCH FROM clock_timestamp())")
        [(seconds,)] = cursor.fetchall()
    theirs = datetime.fromtimestamp(float(seconds), UTC)
    return abs(timezone.now() - theirs) < LARGEST_DIFFERENCE


class _Last:
    """What this process has last written, has last told, and met of a full disk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._wrote_at = -float("inf")
        self._was_full_at = -float("inf")
        self._told = ""

    def met(self, error: Exception) -> None:
        """Of a request that failed. On a full disk our own row may still find room."""
        if outages.is_full(error):
            with self._lock:
                self._was_full_at = time.monotonic()

    def was_full(self) -> bool:
        return time.monotonic() - self._was_full_at < FULL_FOR

    def write(self) -> None:
        """Commit a row, unless that went well a moment ago.

        Nothing else shows that a server has become a standby. Raises DatabaseError.
        """
        now = time.monotonic()
        if now - self._wrote_at < BETWEEN_WRITES:
            return
        ends_at = timezone.now() + timedelta(minutes=1)
        Bucket.objects.hit(WRITTEN_BY, ends_at=ends_at)
        with self._lock:
            self._wrote_at = now

    def tell(self, trouble: str) -> None:
        """Log it once, however often it is asked for."""
        with self._lock:
            is_new = trouble != self._told
            self._told = trouble
        if is_new and trouble:
            logger.error("not ready: %s", trouble)
        elif is_new:
            logger.info("ready again")


last = _Last()
