from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from campaigns.bundle import import_bundle
from campaigns.bundle_format import parse
from campaigns.demo.drawings import hang_drawings
from campaigns.demo.online import sign_online
from petitions.models import Account, Organizer, Role

BUNDLE = Path(__file__).parents[2] / "demo" / "petitions.json"
PASSWORD = "demo-garden-lantern-42"  # noqa: S105  # a developer's own machine only


class Command(BaseCommand):
    help = "Loads invented petitions, and an account of each role. DEBUG only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            msg = "The demo accounts have a known password: only with DEBUG=1."
            raise CommandError(msg)
        with transaction.atomic():
            new = import_bundle(parse(BUNDLE.read_bytes()))
            sign_online(new)
            hang_drawings(new)
            rosa = _account("rosa@example.org", "Rosa Lindqvist", Role.ORGANIZER)
            for organizer in Organizer.objects.filter(name=rosa.name):
                organizer.members.add(rosa)
            _account("moderator@example.org", "Mina Okafor", Role.MODERATOR)
            _account("staff@example.org", "Sam Ferreira", Role.STAFF)
            _account("owner@example.org", "Odile Brandt", Role.OWNER)
        self.stdout.write(f"{len(new)} demo petitions loaded.")


def _account(email: str, name: str, role: Role) -> Account:
    account = Account.objects.filter(email=email).first()
    if account is None:
        account = Account.objects.create_user(email, PASSWORD, name)
        account.give_role(role)
    return account
