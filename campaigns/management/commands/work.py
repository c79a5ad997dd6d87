import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from campaigns import worker


class Command(BaseCommand):
    help = "Sends the mail, folds the counts, closes what is due. Runs until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do all that is due now, then end"
        )

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            worker.work_once()
            return
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        worker.work(stopping)
