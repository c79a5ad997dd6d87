"""How somebody comes to run petitions: their account, and the face that all see."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from petitions.models import (
    Account,
    Organizer,
    OrganizerKind,
    Petition,
    Role,
    Target,
)

TRIES = 20  # for an address that several people want at once


class AccountShut(PermissionDenied):
    """Staff have said that this account may not log in."""


def account_for(email: str, *, name: str = "") -> Account:
    """The account with this address, or a new one that has no password yet.

    Of one that was there nothing changes, but that it may run petitions from now on.
    Raises AccountShut. Call it in the transaction that needs it.
    """
    locked = Account.objects.select_for_update(no_key=True)  # one press at a time
    account, _is_new = locked.get_or_create(
        email=email.lower(), defaults={"name": name, "password": make_password(None)}
    )
    if not account.is_active:
        raise AccountShut
    if not (account.is_organizer or account.runs_site):
        account.give_role(Role.ORGANIZER)
    return account


def organizer_for(
    account: Account,
    *,
    name: str,
    kind: str = OrganizerKind.PERSON,
    place: str = "",
) -> Organizer:
    """The account's own face of that name, or a new one at a free address."""
    own = account.organizers.filter(name=name).order_by("pk").first()
    if own is not None:
        return own
    organizer = Organizer(name=name, kind=kind, place=place)
    save_at_free_address(organizer, name)
    organizer.members.add(account)
    return organizer


def save_at_free_address(row: Organizer | Petition | Target, words: str) -> None:
    """Save it with a slug that is made of these words and that no other has."""
    for _try in range(TRIES):
        row.slug = free_slug(type(row), words)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:  # somebody has taken this address at this moment
            continue
        return
    raise IntegrityError(row.slug)


def free_slug(model: type[models.Model], wanted: str) -> str:
    """An address made of these words that no row of the model has."""
    longest = getattr(model._meta.get_field("slug"), "max_length", None) or 50
    stem = slugify(wanted)[: longest - 8].strip("-") or str(model._meta.model_name)
    most = 1
    while True:
        slugs = [stem, *(f"{stem}-{number}" for number in range(2, most + 1))]
        rows = model._default_manager.filter(slug__in=slugs)
        taken = set(rows.values_list("slug", flat=True))
        if free := [slug for slug in slugs if slug not in taken]:
            return free[0]
        most *= 10
