"""Sheets while everything else happens: each number once, each line counted once."""

from functools import partial

import pytest
from django.db import connection

from campaigns import paper, tally
from petitions.models import Petition
from signatures.models import Confirmation, CountChange, Sheet, Signature
from signatures.models.paper import AddressesCounted
from signatures.models.sheet_rows import Line
from tests.makers import make_petition, make_sheet, make_signature, make_staff
from tests.races.acts import count_after_fold
from tests.races.threads import in_threads

pytestmark = [
    pytest.mark.race,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
PRESSES = 8


def lines(many: int = 5) -> list[Line]:
    return [
        Line(f"Signer {number}", "", f"s{number}@example.org") for number in range(many)
    ]


def fresh(sheet: Sheet) -> Sheet:
    return Sheet.objects.select_related("petition").get(pk=sheet.pk)


def parts(petition: Petition) -> tuple[int, int]:
    count = count_after_fold(petition)
    petition.refresh_from_db()
    return count, petition.paper_count


def test_one_form_sent_at_once_makes_its_sheets_once() -> None:
    petition, staff = make_petition(), make_staff()
    press = partial(paper.print_sheets, petition, 5, after=0, by=staff)

    made = in_threads([press] * PRESSES)

    assert sorted(map(len, made)) == [0] * (PRESSES - 1) + [5]
    numbers = Sheet.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]


def test_one_sheet_pressed_at_once_counts_once() -> None:
    sheet, staff = make_sheet(lines=lines()), make_staff()

    answers = in_threads(
        [partial(paper.count_sheet, fresh(sheet), by=staff) for _ in range(PRESSES)]
    )

    assert answers.count(True) == 1
    assert Signature.objects.count() == CountChange.objects.count() == 5
    assert parts(sheet.petition) == (5, 5)


def test_one_sheet_undone_at_once_is_undone_once() -> None:
    sheet, staff = make_sheet(lines=lines()), make_staff()
    paper.count_sheet(sheet, by=staff)

    answers = in_threads(
        [partial(paper.undo_sheet, fresh(sheet), by=staff) for _ in range(PRESSES)]
    )

    assert answers.count(True) == 1
    assert not Signature.objects.exists()
    assert parts(sheet.petition) == (0, 0)


def test_an_address_signed_on_paper_and_online_at_once_counts_once() -> None:
    petition, staff = make_petition(), make_staff()
    for number in range(10):
        address = f"both{number}@example.org"
        sheet = make_sheet(petition, [Line("Ana", "", address), Line("Bo")])
        online = make_signature(petition=petition, email=address)

        def count(sheet: Sheet = sheet) -> bool:
            try:
                return paper.count_sheet(fresh(sheet), by=staff)
            except AddressesCounted:
                return False

        def confirm(online: Signature = online) -> bool:
            return online.confirm() is Confirmation.COUNTED

        on_paper, is_confirmed = in_threads([count, confirm])

        assert on_paper != is_confirmed
        rows = Signature.objects.filter(email=address).confirmed()
        assert rows.count() == 1
    assert tally.recount() == 0


def test_undoing_while_signers_take_their_names_back_counts_right() -> None:
    petition, staff = make_petition(), make_staff()
    for _each in range(5):
        sheet = make_sheet(petition, lines(4))
        paper.count_sheet(sheet, by=staff)
        mine = list(Signature.objects.confirmed().order_by("pk"))

        in_threads(
            [
                partial(paper.undo_sheet, fresh(sheet), by=staff),
                mine[0].withdraw,
                mine[1].erase,
                mine[2].exclude,
            ]
        )

        assert parts(petition)[0] == Signature.objects.confirmed().count() == 0
        Signature.objects.all().delete()
    assert tally.recount() == 0


def test_two_sheets_with_one_address_at_once_count_it_once() -> None:
    petition, staff = make_petition(), make_staff()
    sheets = [make_sheet(petition, lines(3)) for _ in range(2)]

    def count(sheet: Sheet) -> bool:
        try:
            return paper.count_sheet(fresh(sheet), by=staff)
        except AddressesCounted:
            return False

    answers = in_threads([partial(count, sheet) for sheet in sheets])

    assert sorted(answers) == [False, True]
    assert parts(petition) == (3, 3)


def test_who_signs_does_not_wait_while_a_sheet_is_compared_with_all() -> None:
    sheet, staff = make_sheet(lines=lines()), make_staff()

    def amid_a_signing(execute, sql, *arguments):
        if 'FROM "signatures_signature"' in sql:
            in_threads([partial(make_signature, petition=sheet.petition)])
        return execute(sql, *arguments)

    with connection.execute_wrapper(amid_a_signing):
        doubles = paper.compare_with_all(fresh(sheet), by=staff)

    assert not doubles
    assert Signature.objects.count() == 1
