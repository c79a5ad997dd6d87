"""What is written on sheets in tests, and how it is typed in on their pages."""

from collections.abc import Callable, Sequence

from django.test import Client

from campaigns import tally
from petitions.models import Account, Petition
from signatures.models import Sheet
from signatures.models.sheet_rows import Line, Verdict
from tests.html import Page

LogIn = Callable[[Account], Client]
ANA = Line("Ana Quispe", "Larkhaven", "ana@example.org")
BO = Line("Bo Vance", "Ostrey")
DOUBLE = Line("Cy Low", verdict=Verdict.DOUBLE)
UNREADABLE = Line(verdict=Verdict.UNREADABLE)
GONE = Line(verdict=Verdict.GONE)


def paper_of(petition: Petition) -> str:
    return f"/admin/petitions/petition/{petition.pk}/paper/"


def sheet_page(sheet: Sheet, end: str = "") -> str:
    return f"{paper_of(sheet.petition)}{sheet.number}/{end}"


def typed(lines: Sequence[Line], *, seen: str = "") -> dict[str, str]:
    """What a browser sends."""
    fields = {
        f"line-{position}-{name}": str(value)
        for position, line in enumerate(lines, 1)
        for name, value in line._asdict().items()
    }
    return {**fields, "seen": seen}


def stamp_on(client: Client, sheet: Sheet) -> str:
    page = Page.of(client.get(sheet_page(sheet)))
    return str(page.one("input", name="seen").attributes["value"])


def lines_of(sheet: Sheet) -> list[Line]:
    return [row.line for row in sheet.rows.order_by("position")]


def count_of(petition: Petition) -> tuple[int, int]:
    """Its count, and how many of that are on paper."""
    tally.fold()
    petition.refresh_from_db()
    return petition.signature_count, petition.paper_count
