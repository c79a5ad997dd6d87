from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from signatures.erasures import known


class Command(BaseCommand):
    help = (
        "Prints the numbers of erased signatures, and when that was. Kept apart from "
        "the backups, the list tells `restore` who must not come back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", metavar="DAY", type=_day, help="like 2026-03-01, in UTC"
        )

    def handle(self, *args: Any, since: datetime | None, **options: Any) -> None:
        for erased in known(since=since):
            self.stdout.write(str(erased))


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
