"""Whether this process lives, and whether it can do its work. Nothing more is told."""

import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

LEAST_FREE_BYTES = 50 * 1024 * 1024


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when signatures can be taken: database up to date, disk not full."""
    is_ready = _has_disk() and _has_database()
    return HttpResponse(
        "ready" if is_ready else "not ready",
        content_type="text/plain",
        status=200 if is_ready else 503,
    )


def _has_disk() -> bool:
    return shutil.disk_usage(settings.VAR_DIR).free > LEAST_FREE_BYTES


def _has_database() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False
