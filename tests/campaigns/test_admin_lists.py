"""The admin's long lists: page by page, by choice, and never slower for more rows."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import some
from campaigns.models import (
    AmendmentMail,
    Ending,
    EndingMail,
    Event,
    EventKind,
    Notice,
    UpdateMail,
)
from petitions.admin_lists import LongListAdmin
from petitions.marks import mark
from petitions.models import Account, Petition, SigningPause
from signatures.models import (
    Exclusion,
    LinkRequest,
    Sheet,
    ShownReason,
    Signature,
    SignatureMail,
)
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_done_exclusion,
    make_ending,
    make_held_signature,
    make_petition,
    make_signature,
    make_staff,
    make_update,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
SIGNATURES = "/admin/signatures/signature/"
LONG_LISTS = {
    Signature: SIGNATURES,
    SigningPause: "/admin/petitions/signingpause/",
    SignatureMail: "/admin/signatures/signaturemail/",
    LinkRequest: "/admin/signatures/linkrequest/",
    UpdateMail: "/admin/campaigns/updatemail/",
    EndingMail: "/admin/campaigns/endingmail/",
    AmendmentMail: "/admin/campaigns/amendmentmail/",
    Notice: "/admin/campaigns/notice/",
    Sheet: "/admin/signatures/sheet/",
    Event: "/admin/campaigns/event/",
    Exclusion: "/admin/signatures/exclusion/",
}


@pytest.fixture
def staff(log_in: LogIn) -> Client:
    return log_in(make_staff())


@pytest.fixture
def three_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LongListAdmin, "list_per_page", 3)


def add_signatures(petition: Petition, number: int, **fields: object) -> list[int]:
    """Confirmed ones, as cheaply as so many should be; their numbers, newest first."""
    signatures = Signature.objects.bulk_create(
        Signature(
            petition=petition,
            version_id=petition.current_version_id,
            origin="paper",
            **{"state": "confirmed", "confirmed_at": timezone.now(), **fields},
        )
        for _one in range(number)
    )
    return sorted((one.pk for one in signatures), reverse=True)


def rows(response: HttpResponse) -> list[int]:
    return [row.pk for row in response.context["cl"].result_list]


def link(response: HttpResponse, words: str) -> str:
    """Where that link leads, or "" if it is not there."""
    links = Page.of(response).all("a", class_="list-pages__link")
    return next((one.attributes["href"] for one in links if one.words == words), "")


def follow(client: Client, response: HttpResponse, words: str) -> HttpResponse:
    return client.get(SIGNATURES + link(response, words))


def test_every_list_that_grows_with_signers_or_time_is_a_long_one() -> None:
    long = {
        model
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, LongListAdmin)
    }

    assert long == {*LONG_LISTS, ShownReason}  # the last is not for staff


def test_older_and_newer_lead_through_all_rows_and_back(
    staff: Client, three_a_page: None
) -> None:
    numbers = add_signatures(make_petition(), 7)

    first = staff.get(SIGNATURES)
    second = follow(staff, first, "Older")
    third = follow(staff, second, "Older")
    back = follow(staff, third, "Newer")
    at_first = follow(staff, back, "Newer")

    pages = [first, second, third, back, at_first]
    a, b, c = numbers[:3], numbers[3:6], numbers[6:]
    assert [rows(page) for page in pages] == [a, b, c, b, a]
    assert (link(first, "Newer"), link(third, "Older")) == ("", "")
    assert link(at_first, "Newer") == ""


def test_a_list_of_one_page_has_no_links(staff: Client, three_a_page: None) -> None:
    numbers = add_signatures(make_petition(), 3)

    page = staff.get(SIGNATURES)

    assert rows(page) == numbers
    assert (link(page, "Newer"), link(page, "Older")) == ("", "")


@pytest.mark.parametrize(
    "nonsense",
    ["after=x", "after=-1", "before=", "after=%00", "before=" + "9" * 30, "after=1.5"],
)
def test_a_page_that_cannot_be_is_the_first(
    staff: Client, three_a_page: None, nonsense: str
) -> None:
    numbers = add_signatures(make_petition(), 4)

    page = staff.get(f"{SIGNATURES}?{nonsense}")

    assert rows(page) == numbers[:3]


@pytest.mark.parametrize(("side", "words"), [("after", "Newer"), ("before", "Older")])
def test_beyond_either_end_a_link_leads_back(
    staff: Client, three_a_page: None, side: str, words: str
) -> None:
    (number,) = add_signatures(make_petition(), 1)

    page = staff.get(f"{SIGNATURES}?{side}={number}")

    assert rows(page) == []
    assert rows(follow(staff, page, words)) == [number]


def test_a_page_holds_while_newer_ones_come_in(
    staff: Client, three_a_page: None
) -> None:
    petition = make_petition()
    numbers = add_signatures(petition, 5)
    first = staff.get(SIGNATURES)

    add_signatures(petition, 2)

    assert rows(follow(staff, first, "Older")) == numbers[3:]


def test_what_waits_longest_comes_first_and_newer_ones_follow(
    staff: Client, three_a_page: None
) -> None:
    petition = make_petition()
    numbers = add_signatures(petition, 4, reason="Because.", reason_state="held")[::-1]
    add_signatures(petition, 2)

    first = staff.get(f"{SIGNATURES}?which=waiting")
    second = follow(staff, first, "Newer")

    assert (rows(first), rows(second)) == (numbers[:3], numbers[3:])
    assert rows(follow(staff, second, "Older")) == numbers[:3]
    assert link(first, "Older") == link(second, "Newer") == ""


def test_each_choice_holds_what_it_says_in_one_petition_or_in_all(
    staff: Client,
) -> None:
    here, there = make_petition(), make_petition()
    choices: dict[str, dict[str, object]] = {
        "waiting": {"reason": "Because.", "reason_state": "held"},
        "shown": {"reason": "Because.", "reason_state": "shown"},
        "hidden": {"reason": "Because.", "reason_state": "hidden"},
        "excluded": {"state": "excluded"},
    }
    made = {
        (name, petition): add_signatures(petition, 1, **fields)[0]
        for name, fields in choices.items()
        for petition in [here, there]
    }
    make_signature(petition=here, reason="Not confirmed yet.")

    for name in choices:
        everywhere = staff.get(f"{SIGNATURES}?which={name}")
        one = staff.get(f"{SIGNATURES}?which={name}&petition__id__exact={here.pk}")

        assert set(rows(everywhere)) == {made[name, here], made[name, there]}
        assert rows(one) == [made[name, here]]
    of_it = staff.get(f"{SIGNATURES}?petition__id__exact={here.pk}")
    assert set(rows(of_it)) == {made[name, here] for name in choices}


def test_choosing_begins_at_the_first_page_and_paging_keeps_the_choice(
    staff: Client, three_a_page: None
) -> None:
    petition = make_petition()
    numbers = add_signatures(petition, 5, reason="Because.", reason_state="shown")
    address = f"{SIGNATURES}?which=shown&petition__id__exact={petition.pk}"

    second = staff.get(f"{address}&after={numbers[2]}")

    choices = Page.of(second).one("nav", id="changelist-filter").all("a")
    assert rows(second) == numbers[3:]
    assert not [one for one in choices if "after=" in one.attributes["href"]]
    assert rows(follow(staff, second, "Newer")) == numbers[:3]
    assert petition.title in [one.words for one in choices]


@pytest.mark.parametrize("number", ["0", "x", "9" * 30])
def test_the_list_of_no_petition_is_empty(staff: Client, number: str) -> None:
    add_signatures(make_petition(), 1)

    page = staff.get(f"{SIGNATURES}?petition__id__exact={number}")

    assert rows(page) == []


def test_no_address_sorts_or_counts_a_long_list(staff: Client) -> None:
    petition = make_petition()
    numbers = add_signatures(petition, 2)

    with CaptureQueriesContext(connection) as queries:
        pages = [staff.get(f"{SIGNATURES}?{way}") for way in ["o=1", "o=-2", "all="]]

    assert [rows(page) for page in pages[:2]] == [numbers, numbers]
    assert not [one for one in queries.captured_queries if "COUNT(" in one["sql"]]


def test_counts_of_each_choice_cannot_be_asked_for(staff: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = staff.get(f"{SIGNATURES}?_facets=True")

    assert "Show counts" not in Page.of(page).words
    assert not [one for one in queries.captured_queries if "COUNT(" in one["sql"]]


def test_an_action_reaches_the_ticked_rows_and_no_others(staff: Client) -> None:
    ticked = make_confirmed_signature(reason="Because.")
    other = make_confirmed_signature(reason="So do I.")
    form = {
        "action": "release_reasons",
        "_selected_action": ticked.pk,
        "seen": [f"{one.pk}:{mark(one.reason)}" for one in (ticked, other)],
        "select_across": "1",
    }

    staff.post(SIGNATURES, form)

    states = dict(Signature.objects.values_list("pk", "reason_state"))
    assert states == {ticked.pk: "shown", other.pk: "held"}


def test_staff_find_the_mails_that_wait_and_those_given_up(staff: Client) -> None:
    for _mail in range(3):
        make_signature()
    waiting, sent, dead = SignatureMail.objects.order_by("pk")
    sent.mark_sent()
    dead.mark_dead("Refused")
    address = LONG_LISTS[SignatureMail]

    found = [
        rows(staff.get(address + choice))
        for choice in ["", "?mails=waiting", "?mails=given-up"]
    ]

    assert found == [[dead.pk, sent.pk, waiting.pk], [waiting.pk], [dead.pk]]


def test_a_petitions_page_leads_staff_to_its_signatures_and_events(
    staff: Client,
) -> None:
    petition = make_petition()
    numbers = add_signatures(petition, 1)
    add_signatures(make_petition(), 1)
    event = Event.objects.record(EventKind.EDITED, petition, by=None)
    Event.objects.record(EventKind.EDITED, make_petition(), by=None)

    page = Page.of(staff.get(f"/admin/petitions/petition/{petition.pk}/overview/"))

    tools = page.one("p", class_="overview__more").all("a")
    links = {one.words: one.attributes["href"] for one in tools}
    assert rows(staff.get(links["Signatures"])) == numbers
    assert rows(staff.get(links["Events"])) == [event.pk]


def add_one_of_each() -> None:
    petition = make_petition()
    signature = make_confirmed_signature(petition=petition, reason="Because.")
    make_held_signature(petition=petition)
    make_done_exclusion(name_pattern="Nobody")
    LinkRequest.objects.create(address_key="somebody", language="en")
    update = make_update(petition)
    UpdateMail.objects.create(update=update, signature=signature)
    ending: Ending = make_ending(petition)
    EndingMail.objects.create(ending=ending, signature=signature)
    Event.objects.record(EventKind.EDITED, petition, by=make_staff())


@pytest.mark.slow
def test_long_lists_ask_no_more_for_more_rows(staff: Client) -> None:
    addresses = [
        *LONG_LISTS.values(),
        *(
            f"{SIGNATURES}?which={name}"
            for name in ["waiting", "shown", "held", "excluded"]
        ),
    ]

    def asked() -> list[int]:
        numbers = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert staff.get(address).status_code == 200
            numbers.append(len(queries))
        return numbers

    add_one_of_each()
    few = asked()
    for _more in range(8):
        add_one_of_each()

    assert asked() == few
    # The session and its renewal, account, roles, numbers, rows, what belongs to them.
    assert max(few) <= 9


@pytest.mark.parametrize("number", [0, 3])
def test_the_first_page_counts_what_waits_only_so_far(
    staff: Client, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(some, "MOST_COUNTED", 2)
    add_signatures(make_petition(), number, reason="Because.", reason_state="held")

    words = Page.of(staff.get("/admin/")).words

    assert ("more than 2 reasons waiting for review" in words) == (number == 3)


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (9, "9"), (10, "10"), (11, "more than 10")]
)
def test_some_are_counted_and_the_rest_said_to_be_more(number: int, words: str) -> None:
    add_signatures(make_petition(), number)

    counted = some.count_some(Signature.objects.all(), most=10)

    assert (str(counted), bool(counted)) == (words, number > 0)


@pytest.mark.parametrize("path", ["signatures/signature", "petitions/petition"])
def test_a_page_of_one_row_finds_it_once(staff: Client, path: str) -> None:
    signature = make_confirmed_signature()
    row = signature if path.endswith("signature") else signature.petition
    table = f'FROM "{row._meta.db_table}"'

    with CaptureQueriesContext(connection) as queries:
        page = staff.get(f"/admin/{path}/{row.pk}/change/")

    asked = [one["sql"] for one in queries.captured_queries]
    assert page.status_code == 200
    assert len([sql for sql in asked if table in sql and '"id" = ' in sql]) == 1


@pytest.mark.parametrize("url", LONG_LISTS.values())
def test_an_empty_list_says_so(staff: Client, url: str) -> None:
    page = staff.get(url).content.decode()

    assert "Nothing is listed here." in page
    assert 'name="action"' not in page
