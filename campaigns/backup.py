"""Making a backup of the site, and a site of a backup."""

from __future__ import annotations

import logging
import platform
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from campaigns import tally
from campaigns.archive import (
    DATABASE,
    MEDIA,
    Archive,
    BackupFailed,
    Counted,
    Manifest,
    Progress,
    new_archive,
    unpack,
)
from campaigns.dumps import engine
from campaigns.dumps.rows import counted
from campaigns.retention import forget
from signatures import erasures
from signatures.erasures import Erased

logger = logging.getLogger(__name__)

# What an empty site may hold: it comes by itself.
OF_THE_DAY = {"Bucket", "NetworkSecret"}


@dataclass(frozen=True)
class Restored:
    """What came of restoring."""

    manifest: Manifest
    petitions: list[Counted]  # as they stood in the backup
    erased: int  # signatures that had been erased since
    wrong: list[str]  # the petitions whose count is not what the rows say


def back_up(file: Path, *, overwrite: bool, progress: Progress) -> Manifest:
    """Write the site into one file, as it is at this moment; people may go on signing.

    Pictures are copied before the database, and those that came meanwhile after it, so
    that none is missing which the database names.
    """
    if file.exists() and not overwrite:
        raise BackupFailed(f"{file} is there already: --overwrite replaces it.")
    with new_archive(file, recipient=settings.BACKUP_KEY, progress=progress) as archive:
        _add_pictures(archive)
        made_at = timezone.now()
        with engine().dumped(progress) as dump:
            is_packed = connection.vendor == "postgresql"
            archive.add(DATABASE, dump.content, is_packed=is_packed)
        _add_pictures(archive)
        manifest = Manifest(
            made_at=made_at,
            database=connection.vendor,
            versions=_versions(dump.version),
            migrations=dump.migrations,
            petitions=dump.petitions,
            contents=archive.contents,
        )
        archive.seal(manifest)
    logger.info("backup made: petitions=%s", len(manifest.petitions))
    return manifest


def restore(
    file: Path,
    *,
    identity: Path | None = None,
    erased: list[Erased] | None = None,
    keep: bool,
) -> Restored:
    """Make the empty site the one that was backed up, and look whether it is so.

    All or nothing: until all is well the site stays empty. Without `keep` it is done
    beside the site, whatever that holds, and thrown away.
    Who erased a signature after the backup was made stays erased.
    """
    if keep:
        _insist_that_the_site_is_empty()
    with ExitStack() as stack:
        scratch = TemporaryDirectory(prefix="restore-", dir=settings.VAR_DIR)
        folder = Path(stack.enter_context(scratch))
        manifest = unpack(file, identity=identity, into=folder)
        _insist_that_it_fits(manifest)
        if keep:
            stack.enter_context(_pictures(folder / MEDIA))
        stack.enter_context(engine().loaded(folder / DATABASE, keep=keep))
        restored = _look_over(manifest, erased or [], keep=keep)
    ContentType.objects.clear_cache()
    if keep:
        logger.info("backup restored: erased=%s", restored.erased)
    return restored


@contextmanager
def ending_well() -> Iterator[None]:
    """Let SIGTERM end what is done here as an error does: with nothing by halves."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _add_pictures(archive: Archive) -> None:
    """Those that are not in it yet."""
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(root.rglob("*")):
        name = f"{MEDIA}/{file.relative_to(root).as_posix()}"
        if name in archive.contents or file.is_symlink() or not file.is_file():
            continue
        try:
            source = file.open("rb")
        except FileNotFoundError:  # it was taken away this moment
            continue
        with source:
            archive.add(name, source, is_packed=True)


def _versions(database: str) -> dict[str, str]:
    return {
        "database": database,
        "django": django.get_version(),
        "python": platform.python_version(),
    }


def _insist_that_the_site_is_empty() -> None:
    there = connection.introspection.table_names()
    found = [
        f"{model._meta.model_name}: {model._default_manager.count()}"
        for app in ("petitions", "signatures", "campaigns")
        for model in apps.get_app_config(app).get_models()
        if model.__name__ not in OF_THE_DAY and model._meta.db_table in there
        if model._default_manager.exists()
    ]
    pictures = Path(settings.MEDIA_ROOT)
    if pictures.is_dir() and any(pictures.iterdir()):
        found.append(f"files in {pictures}")
    if found:
        raise BackupFailed(
            "A backup is restored into an empty site only. This one has "
            f"{', '.join(found)}."
        )


def _insist_that_it_fits(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise BackupFailed(
            f"The backup is of {manifest.database}, and this site uses "
            f"{connection.vendor}."
        )
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    ours = {app.label for app in apps.get_app_configs()}
    newer = [
        migration
        for migration in manifest.migrations
        if migration not in known and migration.partition(".")[0] in ours
    ]
    if newer:
        raise BackupFailed(
            f"The backup is newer than this code, which lacks {', '.join(newer)}. "
            "Restore it with the code that it was made with, or newer."
        )


@contextmanager
def _pictures(folder: Path) -> Iterator[None]:
    """Put the pictures where they belong; away again if the rest fails."""
    root = Path(settings.MEDIA_ROOT)
    try:
        for file in sorted(folder.rglob("*")) if folder.is_dir() else []:
            place = root / file.relative_to(folder)
            if file.is_dir():
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, place)
                place.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        yield
    except BaseException:
        for one in root.iterdir() if root.is_dir() else []:
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        raise


def _look_over(manifest: Manifest, erased: list[Erased], *, keep: bool) -> Restored:
    """Bring the restored database up to date, and compare it with the manifest."""
    petitions = counted()
    if petitions != manifest.petitions:
        raise BackupFailed("The restored counts are not those of the backup.")
    ContentType.objects.clear_cache()
    call_command("migrate", verbosity=0, interactive=False)
    wrong = tally.wrong_counts()
    number = erasures.apply(erased)
    if keep:
        forget()  # files too, which are the site's own when this is a trial
    tally.fold()
    return Restored(manifest, petitions, number, wrong)
