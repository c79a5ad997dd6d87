from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaigns.archive import BackupFailed
from campaigns.backup import back_up, ending_well


class Command(BaseCommand):
    help = (
        "Writes database and pictures into one file, while the site runs. "
        "It is encrypted if BACKUP_KEY names a public key of age."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--overwrite", action="store_true", help="replace the file if it is there"
        )

    def handle(self, *args: Any, file: Path, overwrite: bool, **options: Any) -> None:
        try:
            with ending_well():
                manifest = back_up(file, overwrite=overwrite, progress=self._show)
        except BackupFailed as error:
            raise CommandError(f"No backup was made. {error}") from error
        size = file.stat().st_size
        what = f"{len(manifest.petitions)} petitions, {size / 1e6:.1f} MB"
        self._end_line()
        self.stdout.write(f"{file}: {what}, {_how()}.")

    def _show(self, what: str, size: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r\033[K{what} {size / 1e6:.1f} MB", ending="")

    def _end_line(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")


def _how() -> str:
    return "encrypted" if settings.BACKUP_KEY else "not encrypted"
