"""A counted sheet is taken off the count again, to be corrected."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns import paper, tally
from campaigns.models import DailyCount, Event, EventKind
from petitions.models import Account, Petition, WrongState
from signatures.models import Erasure, Sheet, Signature
from signatures.models.sheet_rows import Line, Verdict
from tests.campaigns.paper import ANA, BO, GONE, LogIn, count_of, lines_of, sheet_page
from tests.html import Page
from tests.makers import (
    make_counted_sheet,
    make_sheet,
    make_staff,
    type_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(own: Petition) -> Sheet:
    return make_counted_sheet(own, [ANA, BO])


def signature_of(line: Line) -> Signature:
    return Signature.objects.get(name=line.name)


def test_staff_undo_and_the_words_are_back(
    log_in: LogIn, own: Petition, sheet: Sheet
) -> None:
    staff = make_staff()

    answer = log_in(staff).post(sheet_page(sheet, "undo/"), follow=True)

    assert "It does not count any more." in answer.content.decode()
    assert count_of(own) == (0, 0)
    assert lines_of(sheet) == [ANA, BO]
    assert not Signature.objects.exists()
    assert not Erasure.objects.exists()
    event = Event.objects.get(kind=EventKind.SHEET_UNDONE)
    assert (event.petition, event.by) == (own, staff)
    assert event.note == "Sheet 1: 2 counted, 0 double, 0 unreadable"
    assert DailyCount.objects.get(petition=own).count == 0


def test_it_can_be_corrected_and_counted_again(own: Petition, sheet: Sheet) -> None:
    paper.undo_sheet(sheet, by=make_staff())
    type_in(sheet, [ANA, BO._replace(verdict=Verdict.DOUBLE)])

    assert paper.count_sheet(sheet, by=make_staff())

    assert count_of(own) == (1, 1)
    assert tally.recount() == 0


def test_pressing_twice_undoes_once(own: Petition, sheet: Sheet) -> None:
    staff = make_staff()

    pressed = [paper.undo_sheet(sheet, by=staff) for _ in range(2)]

    assert pressed == [True, False]
    assert count_of(own) == (0, 0)
    assert Event.objects.filter(kind=EventKind.SHEET_UNDONE).count() == 1


def test_opening_the_page_undoes_nothing(
    log_in: LogIn, own: Petition, sheet: Sheet
) -> None:
    log_in(make_staff()).get(sheet_page(sheet, "undo/"))

    assert count_of(own) == (2, 2)


def test_an_organizer_undoes_what_they_counted_and_nothing_else(
    log_in: LogIn, rosa: Account, own: Petition, sheet: Sheet
) -> None:
    mine = make_sheet(own, [BO])
    client = log_in(rosa)
    client.post(sheet_page(mine, "count/"))

    foreign = client.post(sheet_page(sheet, "undo/"))
    page = Page.of(client.get(sheet_page(sheet, "count/")))
    client.post(sheet_page(mine, "undo/"))

    assert foreign.status_code == 403
    assert page.all("a", href=sheet_page(sheet, "undo/")) == []
    assert count_of(own) == (2, 2)


def erased(signature: Signature) -> None:
    signature.erase()


def withdrawn(signature: Signature) -> None:
    signature.withdraw()


def excluded(signature: Signature) -> None:
    signature.exclude()


@pytest.mark.parametrize("taken_off", [erased, withdrawn, excluded])
def test_what_went_off_the_count_meanwhile_does_not_come_back(
    own: Petition, sheet: Sheet, taken_off: Callable[[Signature], None]
) -> None:
    taken_off(signature_of(ANA))

    assert paper.undo_sheet(sheet, by=make_staff())

    assert lines_of(sheet) == [GONE, BO]
    assert count_of(own) == (0, 0)
    assert paper.count_sheet(sheet, by=make_staff())
    assert count_of(own) == (1, 1)
    assert tally.recount() == 0


def test_who_withdrew_may_still_undo_that(own: Petition, sheet: Sheet) -> None:
    ana = signature_of(ANA)
    ana.withdraw()
    paper.undo_sheet(sheet, by=make_staff())

    assert ana.undo_withdrawal()

    assert count_of(own) == (1, 1)


def test_one_that_its_signer_looks_after_stays(own: Petition, sheet: Sheet) -> None:
    ana = signature_of(ANA)
    ana.show_name = True
    ana.change(["show_name"])

    paper.undo_sheet(sheet, by=make_staff())

    assert Signature.objects.get() == ana
    assert lines_of(sheet) == [Line(), BO]
    assert count_of(own) == (1, 1)
    assert paper.count_sheet(sheet, by=make_staff())
    assert count_of(own) == (2, 2)


def with_country(signature: Signature) -> None:
    signature.country = "PE"
    signature.change(["country"])


def no_more_for_delivery(signature: Signature) -> None:
    for is_allowed in (True, False):
        signature.name_for_delivery = is_allowed
        signature.change(["name_for_delivery"])


def with_links(signature: Signature) -> None:
    Signature.objects.renew_links([signature.address_key])


@pytest.mark.parametrize("take", [with_country, no_more_for_delivery, with_links])
def test_what_its_signer_holds_or_has_changed_stays_with_its_links(
    own: Petition, sheet: Sheet, take: Callable[[Signature], None]
) -> None:
    ana = signature_of(ANA)
    take(ana)

    paper.undo_sheet(sheet, by=make_staff())

    assert Signature.objects.get().key == ana.key
    assert lines_of(sheet) == [Line(), BO]
    assert count_of(own) == (1, 1)


def test_such_a_line_is_not_typed_over(
    log_in: LogIn, own: Petition, sheet: Sheet
) -> None:
    Signature.objects.filter(name=ANA.name).update(reason="It is ours.")
    paper.undo_sheet(sheet, by=make_staff())
    type_in(sheet, [Line("Zed"), BO])

    page = Page.of(log_in(make_staff()).get(sheet_page(sheet)))

    assert "its signer looks after it now" in page.one("li", id="line-1").words
    assert signature_of(ANA).sheet_row.line == Line()


def test_it_is_too_late_when_paper_counts_no_more(sheet: Sheet) -> None:
    sheet.petition.close(outcome="lost", reason="The council has voted.")

    with (
        time_machine.travel(timezone.now() + timedelta(days=31)),
        pytest.raises(WrongState),
    ):
        paper.undo_sheet(sheet, by=make_staff())
