from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.bundle import import_bundle
from campaigns.bundle_format import BadBundle, parse


class Command(BaseCommand):
    help = "Brings in petitions from a file: all of it, or on any mistake nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            bundle = parse(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except BadBundle as error:
            problems = "\n".join(f"  {problem}" for problem in error.problems)
            raise CommandError(f"Nothing was imported.\n{problems}") from error
        new = import_bundle(bundle, progress=self._show)
        here_before = len(bundle.petitions) - len(new)
        self.stdout.write(
            f"{len(new)} imported, {here_before} here already, left as they are."
        )

    def _show(self, done: int, of: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} of {of}", ending="\n" if done == of else "")
