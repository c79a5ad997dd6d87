"""Staff write down what is to be excluded, see the number, and start it."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client

from campaigns import exclusions
from petitions.models import Account
from signatures.addresses import address_key
from signatures.models import Exclusion
from tests.campaigns.admin_forms import events
from tests.html import Page
from tests.makers import (
    make_counted_signature,
    make_done_exclusion,
    make_exclusion,
    make_moderator,
    make_petition,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
LIST = "/admin/signatures/exclusion/"
ADD = f"{LIST}add/"


@pytest.fixture
def staff(log_in: LogIn) -> Client:
    return log_in(make_staff())


def hidden_of(page: Page) -> dict[str, str]:
    inputs = page.all("input", type="hidden")
    return {one.attributes["name"]: one.attributes["value"] for one in inputs}


def test_the_number_is_seen_before_anything_is_done(staff: Client) -> None:
    petition = make_petition()
    make_counted_signature(petition=petition, email="a@spam.example")
    make_signature(petition=petition, email="b@spam.example")
    form = {"petition": petition.slug, "domain": "SPAM.example", "reason": "Bots."}

    seen = Page.of(staff.post(ADD, form))

    assert "1 counted, 1 not confirmed" in seen.words
    assert "more than 1 % of these petitions' signatures" in seen.words
    assert Exclusion.objects.count() == 0
    answer = staff.post(ADD, {**hidden_of(seen), "begin": "1", "is_sure": "on"})
    exclusion = Exclusion.objects.get()
    assert answer.url == f"{LIST}{exclusion.pk}/change/"
    assert (exclusion.petition, exclusion.domain) == (petition, "spam.example")
    assert (exclusion.state, exclusion.reason) == ("running", "Bots.")
    exclusions.work()
    done = Page.of(staff.get(answer.url)).words
    assert "1 counted signature and 1 pending, on 1 petition." in done
    assert "100 % of the work is done." in done


def test_nothing_starts_without_a_tick(staff: Client) -> None:
    make_counted_signature(name="Bot")
    form = {"name_pattern": "Bot", "reason": "Bots.", "begin": "1"}

    page = Page.of(staff.post(ADD, form))

    assert "Tick this first." in page.words
    assert Exclusion.objects.count() == 0


def test_of_an_address_only_the_key_goes_on(staff: Client) -> None:
    form = {"address": "Bot+1@spam.example", "reason": "A machine."}

    answer = staff.post(ADD, form)
    staff.post(ADD, {**hidden_of(Page.of(answer)), "begin": "1", "is_sure": "on"})

    key = address_key("bot@spam.example")
    assert b"spam.example" not in answer.content
    assert Exclusion.objects.get().address_key == key
    pages = [staff.get(LIST), staff.get(f"{LIST}{Exclusion.objects.get().pk}/change/")]
    words = b"".join(page.content for page in pages)
    assert key.encode() not in words
    assert key[:8].encode() in words
    assert "spam" not in str(events())


def test_conditions_can_be_changed_after_the_number_was_seen(staff: Client) -> None:
    form = {"address": "bot@spam.example", "domain": "spam.example", "reason": "Bots."}
    seen = Page.of(staff.post(ADD, form))

    again = Page.of(staff.post(ADD, {**hidden_of(seen), "change": "1"}))

    assert again.one("input", name="domain").attributes["value"] == "spam.example"
    assert "The address from before holds" in again.words
    assert Exclusion.objects.count() == 0


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Give at least one condition."),
        ({"petition": "none-of-ours"}, "There is no petition of this address."),
        ({"domain": "not a domain"}, "Write a domain like example.org"),
        ({"domain": "a" * 300}, "at most 254 characters"),
        ({"network_key": "203.0.113.7"}, "This is no key."),
        ({"address": "nobody"}, "Enter an e-mail address"),
        ({"address_key": "0'; --"}, "This is no key."),
        ({"name_pattern": "*a" * 11}, "Write fewer asterisks."),
        ({"name_pattern": "a\0b"}, "Null characters are not allowed."),
        ({"since_at_0": "tomorrow", "since_at_1": "noon"}, "Enter a valid date."),
        ({"since_at_0": "0001-01-01", "since_at_1": "00:00"}, "Enter a valid date."),
        ({"until_at_0": "9999-12-31", "until_at_1": "23:59"}, "Enter a valid date."),
        (
            {
                "since_at_0": "2026-03-02",
                "since_at_1": "10:00",
                "until_at_0": "2026-03-01",
                "until_at_1": "10:00",
            },
            "This is before the beginning.",
        ),
    ],
)
def test_what_cannot_be_meant_is_said(
    staff: Client, form: dict[str, str], words: str
) -> None:
    answer = staff.post(ADD, {**form, "reason": "Bots."})

    assert answer.status_code == 200
    assert words in Page.of(answer).words
    assert Exclusion.objects.count() == 0


def test_a_link_fills_the_form_in(staff: Client) -> None:
    query = urlencode(
        {
            "domain": "spam.example",
            "network_key": "a" * 32,
            "since_at": "2026-03-01T10:00:00+00:00",
            "until_at": "yesterday",
        }
    )

    page = Page.of(staff.get(f"{ADD}?{query}"))

    filled = {
        one.attributes["name"]: one.attributes["value"]
        for one in page.all("input")
        if one.attributes.get("value") and one.attributes.get("type") != "submit"
    }
    del filled["csrfmiddlewaretoken"]
    assert filled == {
        "domain": "spam.example",
        "network_key": "a" * 32,
        "since_at_0": "2026-03-01",
        "since_at_1": "10:00:00",
    }


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "2026-13-01", "\0"])
def test_a_moment_that_cannot_be_is_not_filled_in(staff: Client, moment: str) -> None:
    page = staff.get(f"{ADD}?{urlencode({'since_at': moment})}")

    assert page.status_code == 200
    assert not Page.of(page).one("input", name="since_at_0").attributes.get("value")


def test_it_is_stopped_continued_and_undone_by_buttons(staff: Client) -> None:
    make_counted_signature(name="Bot")
    exclusion = make_exclusion(name_pattern="Bot")

    def press(act: str, **form: str) -> str:
        staff.post(f"{LIST}{exclusion.pk}/{act}/do/", form)
        exclusion.refresh_from_db()
        return exclusion.state

    states = [press("stop", reason="Wait."), press("continue")]
    exclusions.work()
    states += [press("stop", reason="Too late."), press("undo", reason="No bots.")]

    assert states == ["stopped", "running", "done", "undoing"]
    kinds = [kind for kind, _note in events()]
    assert kinds == [
        *("excluded_in_bulk", "exclusion_stopped"),
        *("excluded_in_bulk", "excluded_in_bulk", "exclusion_undone"),
    ]


@pytest.mark.parametrize("who", ["rosa", "moderator"])
def test_nobody_but_staff_excludes_in_bulk(
    log_in: LogIn, rosa: Account, who: str
) -> None:
    make_counted_signature(name="Bot")
    exclusion = make_done_exclusion(name_pattern="Bot")
    client = log_in(rosa if who == "rosa" else make_moderator())
    pages = [LIST, ADD, f"{LIST}{exclusion.pk}/change/", f"{LIST}abuse/"]
    form = {"name_pattern": "*", "reason": "Me.", "begin": "1", "is_sure": "on"}

    seen = [client.get(page).status_code for page in pages]
    sent = [
        client.post(ADD, form).status_code,
        client.post(f"{LIST}{exclusion.pk}/undo/do/", {"reason": "Me."}).status_code,
    ]

    assert set(seen) <= {302, 403, 404}
    assert seen.count(302) <= 1  # Django's "perhaps deleted?"
    assert set(sent) <= {403, 404}
    exclusion.refresh_from_db()
    assert (Exclusion.objects.count(), exclusion.state) == (1, "done")


def test_a_stranger_is_led_to_the_log_in(client: Client) -> None:
    assert [client.get(page).status_code for page in [LIST, ADD, f"{LIST}abuse/"]] == [
        302
    ] * 3
