from typing import Any

from django.core.management.base import BaseCommand

from campaigns import tally


class Command(BaseCommand):
    help = (
        "Compares every count with the signatures and mends it. A difference is a bug."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = tally.recount()
        if wrong:
            self.stderr.write(
                f"Mended {wrong} petitions. Please report it: it is a bug."
            )
        else:
            self.stdout.write("Every count is right.")
