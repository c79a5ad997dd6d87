"""How tests type in a sheet, on its page."""

from collections.abc import Sequence

from django.test import Client

from petitions.models import Petition
from signatures.models import Sheet
from signatures.models.sheet_rows import Line
from tests.html import Page


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
