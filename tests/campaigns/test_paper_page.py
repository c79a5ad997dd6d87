"""How many of a count signed on paper stands beside it, where all may know it."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from campaigns import paper, tally
from campaigns.bundle import import_bundle
from campaigns.bundle_format import parse
from petitions.models import Petition
from signatures.models import Signature
from signatures.models.sheet_rows import Line
from tests.html import Page
from tests.makers import (
    make_counted_sheet,
    make_counted_signature,
    make_petition,
    make_staff,
)

pytestmark = pytest.mark.django_db


def parts_on(petition: Petition) -> str:
    page = Page.of(Client().get(petition.get_absolute_url()))
    return page.all("p", class_="meter__note")[0].words


def make_lines(many: int) -> list[Line]:
    return [Line(f"Signer {number}") for number in range(many)]


@pytest.mark.parametrize(
    ("online", "carried", "said"),
    [
        (0, 0, "All of them signed on paper."),
        (1, 0, "1 signed online, 2 on paper."),
        (0, 30, "2 signed on paper, 30 carried over from The old site."),
        (1, 30, "1 signed online, 2 on paper, 30 carried over from The old site."),
    ],
)
def test_the_page_tells_the_parts(online: int, carried: int, said: str) -> None:
    petition = make_petition(
        carried_over_count=carried,
        carried_over_source="The old site" if carried else "",
        signature_count=carried,
    )
    for _each in range(online):
        make_counted_signature(petition=petition)

    make_counted_sheet(petition)

    assert parts_on(petition) == said
    petition.refresh_from_db()
    assert petition.signature_count == online + carried + 2


def test_it_tells_when_what_was_carried_over_was_counted() -> None:
    petition = make_petition(
        carried_over_count=30,
        carried_over_source="The old site",
        carried_over_as_of="2026-01",
        signature_count=30,
    )
    make_counted_sheet(petition)
    assert parts_on(petition).endswith("from The old site ( January 2026 ).")

    make_counted_signature(petition=petition)

    assert parts_on(petition).endswith("from The old site ( January 2026 ).")


@pytest.mark.parametrize(
    ("online", "on_paper", "is_told"), [(40, 40, True), (41, 39, False), (1, 60, False)]
)
def test_no_small_part_of_a_sensitive_petition_is_told(
    client: Client, online: int, on_paper: int, is_told: bool
) -> None:
    petition = make_petition(sensitive=True)
    Petition.objects.update(signature_count=online + on_paper, paper_count=on_paper)

    words = client.get(petition.get_absolute_url()).content.decode()

    assert ("on paper." in words) == is_told


def test_count_json_tells_one_number(client: Client) -> None:
    sheet = make_counted_sheet()

    found = client.get(f"{sheet.petition.get_absolute_url()}count.json").json()

    assert (found["count"], "paper" in json.dumps(found)) == (2, False)


def test_a_name_on_paper_is_shown_to_nobody(client: Client) -> None:
    petition = make_counted_sheet(lines=[Line("Ana Quispe", "Cusco")]).petition

    words = client.get(petition.get_absolute_url()).content.decode()

    assert "Ana" not in words
    assert "Cusco" not in words


def test_the_whole_count_goes_along_when_it_moves_house() -> None:
    petition = make_counted_sheet(lines=make_lines(12)).petition
    make_counted_signature(petition=petition)
    ana = Signature.objects.filter(origin="paper").first()
    ana.show_name = True
    ana.change(["show_name"])
    written = StringIO()
    call_command("export_petitions", stdout=written)
    Petition.objects.filter(pk=petition.pk).update(slug="as-it-was")

    (brought,) = import_bundle(parse(written.getvalue()))

    assert brought.signature_count == brought.carried_over_count == 13
    assert brought.paper_count == 0
    carried = Signature.objects.get(petition=brought)
    assert (carried.origin, carried.name) == ("carried", ana.name)
    assert tally.recount() == 0


def test_taking_off_and_counting_again_moves_the_part(client: Client) -> None:
    sheet = make_counted_sheet(lines=make_lines(3))
    petition = sheet.petition
    first, second, _third = Signature.objects.order_by("pk")

    def parts() -> tuple[int, int]:
        tally.fold()
        petition.refresh_from_db()
        return petition.signature_count, petition.paper_count

    first.exclude()
    second.withdraw()
    assert parts() == (1, 1)
    second.undo_withdrawal()
    first.restore()
    assert parts() == (3, 3)
    first.erase()
    assert parts() == (2, 2)
    paper.undo_sheet(sheet, by=make_staff())
    assert parts() == (0, 0)
    assert tally.recount() == 0
