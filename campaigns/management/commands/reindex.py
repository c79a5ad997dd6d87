from typing import Any

from django.core.management.base import BaseCommand

from petitions.models import Petition


class Command(BaseCommand):
    help = "Writes anew, for all petitions, by which words search finds them."

    def handle(self, *args: Any, **options: Any) -> None:
        """A worker that runs meanwhile takes its part, which is not shown here."""
        all_of_them, indexed = Petition.objects.to_index(), 0
        self._say(indexed, all_of_them)
        while now := Petition.objects.index():
            indexed += now
            self._say(indexed, all_of_them)
        self.stdout.write()

    def _say(self, indexed: int, all_of_them: int) -> None:
        """Over what was said before."""
        self.stdout.write(f"\r{indexed} of {all_of_them} petitions indexed", ending="")
        self.stdout.flush()
