from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaigns.archive import BackupFailed
from campaigns.backup import Restored, ending_well, restore
from signatures import erasures
from signatures.erasures import Erased


class Command(BaseCommand):
    help = (
        "Makes an empty site the one of a backup, or with --check tries whether that "
        "would do. Stop the site and the worker first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--identity",
            type=Path,
            metavar="KEYFILE",
            help="the secret key of an encrypted backup, as age-keygen wrote it",
        )
        parser.add_argument(
            "--erasures",
            type=Path,
            metavar="FILE",
            help="what was erased since; default: the file that ERASURES_FILE names",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="restore beside the site, compare, and throw it away",
        )

    def handle(
        self,
        *args: Any,
        file: Path,
        identity: Path | None,
        erasures: Path | None,
        check: bool,
        **options: Any,
    ) -> None:
        erased = self._erased(erasures)
        try:
            with ending_well():
                restored = restore(
                    file, identity=identity, erased=erased, keep=not check
                )
        except BackupFailed as error:
            raise CommandError(f"Nothing was restored. {error}") from error
        self._print(restored)
        self.stdout.write(
            "The backup is good; the site is as it was." if check else "Restored."
        )

    def _erased(self, file: Path | None) -> list[Erased]:
        """What stands in the list; a list that is asked for has to be there."""
        kept = Path(settings.ERASURES_FILE) if settings.ERASURES_FILE else None
        if file is None and (kept is None or not kept.exists()):
            self.stderr.write(
                "No list of erasures: who was erased after the backup comes back."
            )
            return []
        file = file or kept
        assert file is not None
        try:
            return erasures.read(file)
        except (OSError, ValueError) as error:
            raise CommandError(f"Nothing was restored. {file}: {error}") from error

    def _print(self, restored: Restored) -> None:
        manifest = restored.manifest
        self.stdout.write(f"Backup of {manifest.made_at:%Y-%m-%d %H:%M:%S %Z}")
        self.stdout.write(f"{'count':>10} {'confirmed':>10} {'pending':>10}  petition")
        for one in restored.petitions:
            figures = f"{one.shown:>10} {one.confirmed:>10} {one.pending:>10}"
            self.stdout.write(f"{figures}  {one.slug}")
        self.stdout.write("All as in the backup.")
        self.stdout.write(f"Erased again: {restored.erased} signatures.")
        if restored.wrong:
            self.stderr.write(
                f"Counts that are not what the rows say: {', '.join(restored.wrong)}. "
                "They were so when the backup was made; manage.py recount mends them."
            )
        else:
            self.stdout.write("Every count is right.")
