"""What staff learn about a sheet, its organizers do not read on it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns import paper, tally
from campaigns.models import Event, EventKind
from petitions.models import Account, Petition, WrongState
from signatures.models import Sheet, Signature
from signatures.models.paper import SheetNotEven
from signatures.models.sheet_rows import Line, Verdict
from tests.campaigns.paper import (
    ANA,
    BO,
    DOUBLE,
    UNREADABLE,
    LogIn,
    count_of,
    lines_of,
    sheet_page,
    typed,
)
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_counted_sheet,
    make_sheet,
    make_staff,
    type_in,
)

pytestmark = pytest.mark.django_db
FOUND_OUT = [BO, ANA._replace(verdict=Verdict.DOUBLE)]


def words_for(client: Client, sheet: Sheet) -> str:
    pages = [client.get(sheet_page(sheet, end), follow=True) for end in ("", "count/")]
    return " ".join(Page.of(page).one("main").words for page in pages)


def refused(sheet: Sheet, client: Client) -> None:
    client.post(sheet_page(sheet, "count/"))


def compared(sheet: Sheet, client: Client) -> None:
    client.post(sheet_page(sheet, "compare/"))


def counted_and_undone(sheet: Sheet, client: Client) -> None:
    type_in(sheet, FOUND_OUT)
    client.post(sheet_page(sheet, "count/"))
    client.post(sheet_page(sheet, "undo/"))


@pytest.mark.parametrize("learn", [refused, compared, counted_and_undone])
def test_where_staff_learned_who_has_signed_organizers_read_no_line(
    log_in: LogIn, rosa: Account, own: Petition, learn
) -> None:
    make_confirmed_signature(petition=own, email=ANA.email, name=ANA.name)
    sheet = make_sheet(own, [BO, ANA])

    learn(sheet, log_in(make_staff()))

    words = words_for(log_in(rosa), sheet)
    assert "It is with staff" in words
    assert "signed already" not in words
    assert Sheet.objects.with_staff().get() == sheet


@pytest.mark.parametrize("end", ["", "count/", "compare/"])
def test_where_doubles_are_shown_they_can_be_marked(
    log_in: LogIn, own: Petition, end: str
) -> None:
    make_confirmed_signature(petition=own, email=ANA.email)
    sheet = make_sheet(own, [BO, ANA])
    client = log_in(make_staff())
    show = client.post if end else client.get

    form = Page.of(show(sheet_page(sheet, end))).one("form", class_="sheet-form")
    seen = str(form.one("input", name="seen").attributes["value"])
    client.post(form.attributes["action"], typed(FOUND_OUT, seen=seen))

    assert lines_of(sheet) == FOUND_OUT


def test_a_sheet_that_was_counted_is_not_given_back(log_in: LogIn) -> None:
    """Which lines counting has left without words tells who had signed."""
    sheet = make_counted_sheet(lines=[BO, ANA._replace(verdict=Verdict.DOUBLE)])
    client = log_in(make_staff())
    client.post(sheet_page(sheet, "undo/"))

    page = Page.of(client.get(sheet_page(sheet)))
    answer = client.post(sheet_page(sheet, "give-back/"), follow=True)

    assert page.all("input", value="Give it back") == []
    assert "It is too late for this." in answer.content.decode()
    sheet.refresh_from_db()
    assert sheet.is_with_staff


def test_nor_one_of_which_somebody_was_taken_off(own: Petition) -> None:
    sheet = make_counted_sheet(own, [BO, ANA])
    Signature.objects.get(name=ANA.name).withdraw()
    paper.undo_sheet(sheet, by=make_staff())

    with pytest.raises(WrongState):
        sheet.give_back()


def test_giving_back_twice_leaves_what_organizers_marked_meanwhile(
    log_in: LogIn, own: Petition
) -> None:
    sheet = make_sheet(own, [BO, DOUBLE])
    sheet.hand_in()
    client = log_in(make_staff())
    client.post(sheet_page(sheet, "give-back/"))
    sheet.refresh_from_db()
    type_in(sheet, [BO, DOUBLE])

    client.post(sheet_page(sheet, "give-back/"))

    assert lines_of(sheet) == [BO, DOUBLE]


def test_giving_back_is_an_event_and_one_that_fails_is_none(
    log_in: LogIn, own: Petition
) -> None:
    sheet = make_sheet(own, [BO, ANA])
    sheet.hand_in()
    staff = make_staff()

    for _time in range(2):
        log_in(staff).post(sheet_page(sheet, "give-back/"))

    event = Event.objects.get(kind=EventKind.SHEET_GIVEN_BACK)
    assert (event.petition, event.by, event.note) == (own, staff, "Sheet 1")


def test_a_sheet_that_cannot_be_handed_in_leaves_no_event(
    rosa: Account, own: Petition
) -> None:
    with pytest.raises(SheetNotEven):
        paper.hand_in_sheet(make_sheet(own, [Line(place="Ostrey")]), by=rosa)

    assert not Event.objects.filter(kind=EventKind.SHEET_HANDED_IN).exists()


def test_a_sheet_moves_with_its_event_or_not_at_all(own: Petition) -> None:
    here, with_staff = make_sheet(own, [BO, ANA]), make_sheet(own, [BO, ANA])
    with_staff.hand_in()
    nobody = Account()  # no event can name it

    for move, sheet in [
        (paper.hand_in_sheet, here),
        (paper.give_back_sheet, with_staff),
    ]:
        with pytest.raises(ValueError, match="unsaved"):
            move(sheet, by=nobody)

    assert Sheet.objects.with_staff().get() == with_staff


def test_who_read_it_before_it_was_handed_in_types_no_more(own: Petition) -> None:
    sheet = make_sheet(own, [BO])
    as_read = Sheet.objects.get()
    sheet.hand_in()

    with pytest.raises(WrongState):
        type_in(as_read, [ANA])
    with pytest.raises(WrongState):
        as_read.set_written(5)

    assert lines_of(sheet) == [BO]


def test_what_has_no_lines_or_counts_is_not_compared(
    log_in: LogIn, own: Petition
) -> None:
    sheets = [make_sheet(own), make_counted_sheet(own, [BO])]
    client = log_in(make_staff())

    answers = [client.post(sheet_page(sheet, "compare/")) for sheet in sheets]

    assert [answer["Location"] for answer in answers] == list(map(sheet_page, sheets))
    assert not Event.objects.filter(kind=EventKind.LOOKED_UP).exists()
    assert not Sheet.objects.with_staff().exists()


def test_what_cannot_count_any_more_does_not_wait_for_staff(
    log_in: LogIn, own: Petition
) -> None:
    make_sheet(own, [ANA]).hand_in()
    own.close(outcome="lost", reason="The council has voted.")

    for days, waits in [(29, True), (31, False)]:
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            client = log_in(make_staff())
            first_page = client.get("/admin/").content.decode()
            listed = Page.of(client.get("/admin/signatures/sheet/"))
        assert ("1 sheet of paper to count" in first_page) == waits
        assert bool(listed.all("a", href=sheet_page(Sheet.objects.get()))) == waits


def test_staff_erase_the_line_of_who_asks_at_any_time(
    log_in: LogIn, own: Petition
) -> None:
    """Who gave no address has no link; the number of sheet and line is enough."""
    sheet = make_counted_sheet(own, [DOUBLE, UNREADABLE, BO, ANA])
    own.close(outcome="lost", reason="The council has voted.")
    bo = Signature.objects.get(name=BO.name)

    with time_machine.travel(timezone.now() + timedelta(days=100)):
        client = log_in(make_staff())
        page = Page.of(client.get(sheet_page(sheet, "count/")))
        [line] = page.all("a", href=f"/admin/signatures/signature/{bo.pk}/change/")
        shown = client.get(line.attributes["href"])
        client.post(
            f"/admin/signatures/signature/{bo.pk}/erase/do/", {"reason": "Bo asked."}
        )
        left = Page.of(client.get(sheet_page(sheet, "count/")))

    assert line.words == "Line 3"
    assert page.all("a", href=sheet_page(sheet, "undo/")) == []
    assert shown.status_code == 200
    assert BO.name not in page.words + Page.of(shown).words
    assert count_of(own) == (1, 1)
    assert tally.recount() == 0
    assert [one.words for one in left.one(class_="sheet-signed").all("a")] == ["Line 4"]


def test_organizers_do_not_see_who_of_a_sheet_still_counts(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    sheet = make_counted_sheet(own, [Line("Bo"), Line("Cy")])
    client = log_in(rosa)
    before = words_for(client, sheet)

    Signature.objects.get(name="Bo").withdraw()

    assert words_for(client, sheet) == before
    assert "Line 1" not in before
