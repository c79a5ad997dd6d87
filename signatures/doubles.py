"""Who may stand on two lines of paper, or have signed here before.

Whoever types names must not learn by it who has signed: nobody learns that unless the
signer wants it. So a line is compared with other lines of paper and with names that
everybody may read; with all signatures only for staff, and then it is written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Lower

from signatures.addresses import address_key
from signatures.models import Sheet, SheetRow, Signature
from signatures.models.states import Origin
from signatures.plain import Plain, plain

ON_PAPER = Q(origin=Origin.PAPER)
SHOWS_NAME = Q(show_name=True)
ALL = Q(pk__isnull=False)
MOST_FOUND = 200


@dataclass(frozen=True)
class Somebody:
    """On a line or a signature: what two of them have in common."""

    name: str
    place: str
    key: str | None

    def is_like(self, other: Somebody) -> bool:
        return self.has_address_of(other) or self.has_name_of(other)

    def has_address_of(self, other: Somebody) -> bool:
        return self.key is not None and self.key == other.key

    def has_name_of(self, other: Somebody) -> bool:
        """A place that is missing on one side is no difference."""
        places = {plain(self.place), plain(other.place)} - {""}
        is_named = plain(self.name) == plain(other.name) != ""
        return is_named and len(places) < 2


@dataclass(frozen=True)
class Other:
    """Another line, or a signature; its name only where the reader may know it."""

    who: Somebody
    name_is_told: bool = True
    signed_at: datetime | None = None
    is_online: bool = False
    sheet: int | None = None
    line: int | None = None


class Double(NamedTuple):
    """Who may be the one on a line, and whether the address says so."""

    other: Other
    same_address: bool


def likely_doubles(
    sheet: Sheet, rows: list[SheetRow], *, among_all: bool = False
) -> dict[int, list[Double]]:
    """By position, of the lines that have some; two queries, however many lines."""
    lines = {row.position: _on(row) for row in rows if row.name or row.email}
    here = [
        Other(who, sheet=sheet.number, line=position) for position, who in lines.items()
    ]
    elsewhere = [
        *_on_other_sheets(sheet, rows),
        *_signed(sheet, lines.values(), among_all=among_all),
    ]
    found = {
        position: [
            Double(other, who.has_address_of(other.who))
            for other in [*(one for one in here if one.line != position), *elsewhere]
            if who.is_like(other.who)
        ]
        for position, who in lines.items()
    }
    return {position: doubles for position, doubles in found.items() if doubles}


def _on(row: SheetRow) -> Somebody:
    key = address_key(row.email) if row.email else None
    return Somebody(row.name, row.place, key)


def _on_other_sheets(sheet: Sheet, rows: list[SheetRow]) -> Iterator[Other]:
    """Lines that are typed in and not counted yet."""
    others = SheetRow.objects.exclude(sheet=sheet).filter(
        sheet__petition=sheet.petition_id, sheet__counted_at=None
    )
    addresses = {row.email.lower() for row in rows if row.email}
    alike = others.annotate(plain=Plain("name"), address=Lower("email")).filter(
        ~Q(name="") & Q(plain__in=_names(row.name for row in rows))
        | ~Q(email="") & Q(address__in=addresses)
    )
    for row in alike.select_related("sheet")[:MOST_FOUND]:
        yield Other(_on(row), sheet=row.sheet.number, line=row.position)


def _signed(
    sheet: Sheet, lines: Iterable[Somebody], *, among_all: bool
) -> Iterator[Other]:
    told = ON_PAPER if sheet.petition.sensitive else ON_PAPER | SHOWS_NAME
    told_by_name, told_by_key = (ALL, ALL) if among_all else (told, ON_PAPER)
    names = _names(line.name for line in lines)
    keys = [line.key for line in lines if line.key]
    signed = Signature.objects.confirmed().for_petition(sheet.petition)
    alike = signed.annotate(plain=Plain("name")).filter(
        told_by_name & Q(plain__in=names) | told_by_key & Q(address_key__in=keys)
    )
    for signature in alike.select_related("sheet_row__sheet")[:MOST_FOUND]:
        yield _as_other(signature, sheet, among_all=among_all)


def _as_other(signature: Signature, sheet: Sheet, *, among_all: bool) -> Other:
    is_online = signature.origin != Origin.PAPER
    row = getattr(signature, "sheet_row", None)
    has_key_told = among_all or not is_online
    key = signature.address_key if has_key_told else None
    is_shown = signature.show_name and not sheet.petition.sensitive
    return Other(
        Somebody(signature.name, signature.place, key),
        name_is_told=is_shown or not is_online,
        signed_at=signature.confirmed_at,
        is_online=is_online,
        sheet=row.sheet.number if row else None,
        line=row.position if row else None,
    )


def _names(written: Iterable[str]) -> set[str]:
    return {plain(name) for name in written} - {""}
