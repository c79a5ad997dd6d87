import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from campaigns.bundle_export import export_bundle
from campaigns.models import Event, EventKind
from petitions.models import Petition


class Command(BaseCommand):
    help = "Writes petitions to standard output, for import_petitions elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="default: all")

    def handle(self, *args: Any, slugs: list[str], **options: Any) -> None:
        petitions = Petition.objects.with_page().order_by("-pk")
        if slugs:
            petitions = petitions.filter(slug__in=slugs)
            if unknown := set(slugs) - {petition.slug for petition in petitions}:
                raise CommandError(
                    f"There is no petition {', '.join(sorted(unknown))}."
                )
        bundle = export_bundle(petitions, progress=self._show)
        with transaction.atomic():
            for petition in petitions:
                Event.objects.record(EventKind.EXPORTED, petition, by=None)
        self.stdout.write(json.dumps(bundle, ensure_ascii=False, indent=2))

    def _show(self, done: int, of: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} of {of}", ending="\n" if done == of else "")
