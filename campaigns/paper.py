"""Paper: what is done with sheets, each written down as an event."""

from __future__ import annotations

from math import ceil

from django.db import transaction

from campaigns.models import Event, EventKind
from petitions.models import Account, Petition
from petitions.models.texts import PetitionText
from signatures.doubles import Double, likely_doubles
from signatures.models import Sheet
from signatures.patience import patience

MOST_LINES, FEWEST_LINES = 12, 4  # on one page
SIGNS_BESIDE_ALL, SIGNS_IN_PLACE_OF_A_LINE = 450, 175
CUT_AT, INDENT = 120, 20  # of each demand


def print_sheets(
    petition: Petition, many: int, *, after: int, by: Account
) -> list[Sheet]:
    """Make so many to be printed; none if others came after the number `after`."""
    with transaction.atomic():
        sheets = Sheet.objects.number(petition, many, after=after, by=by)
        if sheets:
            first, last = sheets[0].number, sheets[-1].number
            note = f"{first}–{last}" if last > first else f"{first}"
            Event.objects.record(EventKind.SHEETS_PRINTED, petition, by=by, note=note)
    return sheets


def lines_that_fit(text: PetitionText) -> int:
    """How many there is room for on one page, beside what is asked."""
    demands = [min(len(one), CUT_AT) + INDENT for one in text.demands]
    signs = len(text.title) + len(text.ask) + sum(demands)
    taken = max(0, signs - SIGNS_BESIDE_ALL) / SIGNS_IN_PLACE_OF_A_LINE
    return max(FEWEST_LINES, MOST_LINES - ceil(taken))


def count_sheet(sheet: Sheet, *, by: Account) -> bool:
    """Add its signatures to the count, once; False if they are part of it already.

    What staff count, or cannot, tells who has signed: from then on they have it.
    """
    if by.runs_site:
        sheet.take()
    with transaction.atomic():
        is_counted = sheet.count(by=by)
        if is_counted:
            _record(EventKind.SHEET_COUNTED, sheet, by=by, note=_balance(sheet))
    return is_counted


def hand_in_sheet(sheet: Sheet, *, by: Account) -> None:
    with transaction.atomic():
        sheet.hand_in()
        _record(EventKind.SHEET_HANDED_IN, sheet, by=by)


def give_back_sheet(sheet: Sheet, *, by: Account) -> None:
    with transaction.atomic():
        sheet.give_back()
        _record(EventKind.SHEET_GIVEN_BACK, sheet, by=by)


def undo_sheet(sheet: Sheet, *, by: Account) -> bool:
    """Take them off the count again; False if they are off it."""
    with transaction.atomic():
        is_undone = sheet.undo()
        if is_undone:
            _record(EventKind.SHEET_UNDONE, sheet, by=by, note=_balance(sheet))
    return is_undone


def compare_with_all(sheet: Sheet, *, by: Account) -> dict[int, list[Double]]:
    """Staff alone may look who has signed, and never unnoticed.

    Organizers read no line of it from then on, as what staff mark there tells it too.
    """
    with transaction.atomic():
        sheet.take()
        note = " compared with all who have signed"
        _record(EventKind.LOOKED_UP, sheet, by=by, note=note)
    with patience():  # it goes through all names: seconds, where a million have signed
        return likely_doubles(sheet, sheet.row_list, among_all=True)


def _record(kind: EventKind, sheet: Sheet, *, by: Account, note: str = "") -> None:
    """By numbers alone, as all events."""
    note = f"Sheet {sheet.number}{note}"
    Event.objects.record(kind, sheet.petition, by=by, note=note)


def _balance(sheet: Sheet) -> str:
    balance = sheet.balance
    gone = f", {balance.gone} taken off" if balance.gone else ""
    return (
        f": {balance.accepted} counted, {balance.double} double, "
        f"{balance.unreadable} unreadable{gone}"
    )
