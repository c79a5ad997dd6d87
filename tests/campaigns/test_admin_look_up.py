"""Staff look up what an address has signed, for its owner and never unnoticed."""

from collections.abc import Callable

import pytest
from django.test import Client

from campaigns import tally
from campaigns.models import Event
from petitions.models import Account
from signatures.addresses import address_key
from signatures.models import Erasure, Signature, Suppression
from tests.campaigns.admin_forms import events
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_held_signature,
    make_moderator,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
LOOK_UP = "/admin/signatures/signature/look-up/"
ADDRESS = "ana@example.org"
FORM = {"address": ADDRESS, "purpose": "She asked by letter.", "look_up": "1"}


@pytest.fixture
def staff(log_in: LogIn) -> Client:
    return log_in(make_staff())


def test_it_lists_all_that_an_address_has_signed_and_not_the_address(
    staff: Client,
) -> None:
    of_ana = [
        make_signature(email="Ana+x@example.org", name="Ana Berg"),
        make_confirmed_signature(email=ADDRESS, name="Ana Berg"),
        make_counted_signature(email=ADDRESS, name="Ana Berg"),
        make_held_signature(email=ADDRESS),
    ]
    of_ana[1].exclude()
    make_confirmed_signature(email="bo@example.org")

    page = staff.post(LOOK_UP, FORM)

    listed = Page.of(page).all("a", class_="admin-list__name")
    assert [one.words for one in listed] == [str(one) for one in of_ana[::-1]]
    assert b"example.org" not in page.content
    assert b"Berg" not in page.content
    assert page.headers["Cache-Control"].count("no-store") == 1


def test_each_look_up_is_an_event_with_its_purpose(staff: Client) -> None:
    staff.post(LOOK_UP, FORM)
    staff.post(LOOK_UP, {**FORM, "address": "nobody@example.org"})

    assert events() == [("looked_up", "She asked by letter.")] * 2
    assert {event.petition for event in Event.objects.all()} == {None}
    (by,) = {event.by for event in Event.objects.all()}
    assert by is not None


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"purpose": ""}, "This field is required."),
        ({"address": "nobody"}, "Enter an e-mail address"),
        ({"purpose": "For ana@example.org"}, "Leave the address out"),
        ({"purpose": "x" * 301}, "at most 300 characters"),
    ],
)
def test_without_purpose_or_address_nothing_is_looked_up(
    staff: Client, form: dict[str, str], words: str
) -> None:
    page = staff.post(LOOK_UP, {**FORM, **form})

    assert words in Page.of(page).words
    assert events() == []


def test_from_there_a_signature_is_erased(staff: Client) -> None:
    signature = make_counted_signature(email=ADDRESS)
    (link,) = [
        one.attributes["href"]
        for one in Page.of(staff.post(LOOK_UP, FORM)).all("a")
        if one.words.startswith("Erase for the signer")
    ]

    answer = staff.post(link, {"reason": "By letter."}, follow=True)

    assert answer.request["PATH_INFO"] == "/admin/signatures/signature/"
    assert Signature.objects.count() == 0
    assert [one.signature_number for one in Erasure.objects.all()] == [signature.pk]
    assert events()[1:] == [("erased", f"Signature {signature.pk}: By letter.")]
    tally.fold()
    signature.petition.refresh_from_db()
    assert signature.petition.signature_count == 0
    assert tally.recount() == 0


def test_from_there_an_address_gets_no_mail_any_more(staff: Client) -> None:
    page = Page.of(staff.post(LOOK_UP, FORM))
    key = page.one("input", name="address_key").attributes["value"]

    staff.post(LOOK_UP, {"address_key": key, "never_mail": "1"})

    assert [one.address_key for one in Suppression.objects.all()] == [
        address_key(ADDRESS)
    ]
    again = Page.of(staff.post(LOOK_UP, FORM))
    assert "This address gets no mail." in again.words
    assert len(events()) == 3


@pytest.mark.parametrize("key", ["", "x" * 32, "0" * 31, "0" * 33])
def test_what_is_no_key_is_not_kept(staff: Client, key: str) -> None:
    answer = staff.post(LOOK_UP, {"address_key": key, "never_mail": "1"})

    assert answer.status_code == 200
    assert Suppression.objects.count() == 0


@pytest.mark.parametrize("who", ["rosa", "moderator"])
def test_nobody_but_staff_looks_anybody_up(
    log_in: LogIn, rosa: Account, who: str
) -> None:
    signature = make_confirmed_signature(email=ADDRESS)
    client = log_in(rosa if who == "rosa" else make_moderator())
    erase = f"/admin/signatures/signature/{signature.pk}/erase/do/"
    never = {"address_key": address_key(ADDRESS), "never_mail": "1"}

    answers = [
        client.get(LOOK_UP),
        client.post(LOOK_UP, FORM),
        client.post(LOOK_UP, never),
        client.post(erase, {"reason": "Me."}),
    ]

    assert {answer.status_code for answer in answers} <= {403, 404}
    assert (Signature.objects.count(), Suppression.objects.count()) == (1, 0)
    assert events() == []


def test_a_stranger_is_led_to_the_log_in(client: Client) -> None:
    assert client.post(LOOK_UP, FORM).status_code == 302
    assert events() == []


def test_events_without_a_petition_are_listed(staff: Client) -> None:
    staff.post(LOOK_UP, FORM)
    event = Event.objects.get()

    listed = Page.of(staff.get("/admin/campaigns/event/"))
    page = staff.get(f"/admin/campaigns/event/{event.pk}/change/")

    assert "Address looked up" in listed.one("table", id="result_list").words
    assert page.status_code == 200
    assert "She asked by letter." in Page.of(page).words
