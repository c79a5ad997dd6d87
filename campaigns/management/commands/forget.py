from typing import Any

from django.core.management.base import BaseCommand

from campaigns.retention import forget


class Command(BaseCommand):
    help = "Deletes what is kept no longer. The worker does it daily by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, number in forget().items():
            self.stdout.write(f"{what}: {number}")
