"""One private link: see, hide, change, stop the mail, take the data along."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import tally
from campaigns.models import DailyCount, PlaceCount
from signatures.models import Signature
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_petition,
    make_signature,
    my_signature_url,
)
from tests.signatures.acts import count_now, stored

pytestmark = pytest.mark.django_db

EVERYTHING = {
    "name": "Ana Quispe",
    "email": "ana@example.org",
    "place": "Cusco",
    "country": "PE",
    "reason": "My school is there.",
    "show_name": True,
    "wants_updates": True,
    "language": "es",
}
FORM = {
    "name": "Ana Quispe",
    "place": "Cusco",
    "reason": "My school is there.",
    "show_name": "on",
    "wants_updates": "on",
}


@pytest.fixture
def signature() -> Signature:
    return make_confirmed_signature(**EVERYTHING)


def post_change(client: Client, signature: Signature, **changes: str):
    form = {name: value for name, value in {**FORM, **changes}.items() if value}
    return client.post(f"{my_signature_url(signature)}change/", form)


def test_the_page_shows_what_was_typed(client: Client, signature) -> None:
    page = Page.of(client.get(my_signature_url(signature)))

    texts = {
        one.attributes["name"]: one.attributes.get("value")
        for one in page.all("input", type="text")
    }
    boxes = {
        one.attributes["name"]: "checked" in one.attributes
        for one in page.all("input", type="checkbox")
    }
    assert texts == {"name": "Ana Quispe", "place": "Cusco", "country": "Perú"}
    assert page.one("textarea").words == "My school is there."
    assert boxes == {
        "show_name": True,
        "wants_updates": True,
        "name_for_delivery": False,
        "organizer_may_write": False,
    }


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "Ana Q.", "Ana Q."),
        ("name", "Ana\r\nBcc: x", "Ana Bcc: x"),
        ("place", "Lima", "Lima"),
        ("place", "", ""),
        ("country", "Bolivia", "BO"),
        ("country", "españa", "ES"),
        ("reason", "My bus goes there.", "My bus goes there."),
        ("reason", "", ""),
        ("show_name", "", False),
        ("wants_updates", "", False),
    ],
)
def test_each_thing_can_be_changed_by_itself(
    client: Client, signature, field: str, typed: str, kept: object
) -> None:
    (before,) = stored()

    response = post_change(client, signature, **{field: typed})

    (after,) = stored()
    assert response.status_code == 303
    assert response["Location"].startswith(my_signature_url(signature))
    assert client.get(response["Location"]).context["was_changed"]
    assert after == {**before, field: kept}


def test_a_country_that_there_is_not_is_told(client: Client, signature) -> None:
    before = stored()

    response = post_change(client, signature, country="Atlantis")

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["country"]
    assert 'value="Atlantis"' in response.content.decode()
    assert stored() == before


def test_a_country_can_be_taken_back(client: Client, signature) -> None:
    client.post(f"{my_signature_url(signature)}change/", {**FORM, "country": ""})

    signature.refresh_from_db()
    assert signature.country == ""


def test_a_form_that_does_not_ask_for_the_country_leaves_it(
    client: Client, signature
) -> None:
    post_change(client, signature)

    signature.refresh_from_db()
    assert signature.country == "PE"


def test_the_figures_follow_to_another_country_and_nothing_else(
    client: Client,
) -> None:
    petition = make_petition()
    signature = make_counted_signature(petition=petition, country="PE")
    make_counted_signature(petition=petition, country="BO")
    days = list(DailyCount.objects.values_list("day", "count"))

    post_change(client, signature, country="Bolivia")

    assert count_now(petition) == 2
    places = PlaceCount.objects.exclude(count=0).values_list("country", "count")
    assert list(places) == [("BO", 2)]
    assert list(DailyCount.objects.values_list("day", "count")) == days
    assert tally.recount() == 0


def test_the_country_of_what_does_not_count_moves_no_figure(client: Client) -> None:
    signature = make_signature(country="PE")

    post_change(client, signature, country="Bolivia")
    signature.refresh_from_db()
    signature.confirm()

    assert count_now(signature.petition) == 1
    places = PlaceCount.objects.values_list("country", "count")
    assert list(places) == [("BO", 1)]
    assert tally.recount() == 0


def test_what_moved_is_excluded_and_withdrawn_where_it_is(client: Client) -> None:
    petition = make_petition()
    one, other = [
        make_counted_signature(petition=petition, country="PE") for _ in range(2)
    ]
    for signature in (one, other):
        post_change(client, signature, country="Bolivia")

    one.exclude()
    other.withdraw()

    assert count_now(petition) == 0
    assert not PlaceCount.objects.exclude(count=0).exists()
    assert tally.recount() == 0


def test_the_address_and_the_state_cannot_be_changed(client: Client, signature) -> None:
    before = stored()

    post_change(
        client,
        signature,
        email="eve@example.org",
        address_key="0",
        state="excluded",
        reason_state="shown",
        petition="99",
    )

    assert stored() == before


def test_a_mistake_is_told_and_changes_nothing(client: Client, signature) -> None:
    before = stored()

    response = post_change(client, signature, name="", place="Lima")

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["name"]
    assert 'value="Lima"' in response.content.decode()
    assert stored() == before


def test_a_new_reason_waits_for_review_again(client: Client, signature) -> None:
    signature.release_reason()

    post_change(client, signature, reason="Buy my pills!")

    signature.refresh_from_db()
    assert (signature.reason_state, signature.public_reason) == ("held", "")


def test_a_reason_that_stays_stays_released(client: Client, signature) -> None:
    signature.release_reason()

    post_change(client, signature, place="Lima")

    signature.refresh_from_db()
    assert signature.public_reason == "My school is there."


def test_hiding_the_name_hides_the_place_too(client: Client, signature) -> None:
    post_change(client, signature, show_name="")

    signature.refresh_from_db()
    assert (signature.public_name, signature.public_place) == ("", "")


def test_changing_words_changes_no_count(client: Client) -> None:
    signature = make_counted_signature(**EVERYTHING)

    post_change(client, signature, name="Ana")

    assert count_now(signature.petition) == 1


def test_of_a_sensitive_petition_only_the_first_name_is_public() -> None:
    petition = make_petition(sensitive=True)

    signature = make_confirmed_signature(petition=petition, **EVERYTHING)

    assert (signature.public_name, signature.public_place) == ("Ana", "")


def test_the_download_holds_everything(client: Client, signature) -> None:
    response = client.get(f"{my_signature_url(signature)}data.json")

    data = json.loads(response.content)
    assert response["Content-Type"] == "application/json"
    assert "attachment" in response["Content-Disposition"]
    assert data == {
        **EVERYTHING,
        "petition": signature.petition.title,
        "version_signed": 1,
        "reason_state": "held",
        "origin": "online",
        "via": "",
        "state": "confirmed",
        "state_in_words": "Confirmada y contada",
        "started_at": signature.started_at.isoformat(),
        "confirmed_at": signature.confirmed_at.isoformat(),
        "held_at": None,
        "withdrawn_at": None,
        "forgotten_at": None,
        "reports_by_readers": 0,
        "kept_days": 183,
        "kept_until_at": None,
        "link_number": 0,
        "name_for_delivery": False,
        "organizer_may_write": False,
        "consents_changed_at": None,
        "sheet_and_line": None,
        "consent": {
            "wording": None,
            "wording_number": "",
            "language": "es",
            "version_signed": 1,
            "ticked": ["show_name", "wants_updates"],
            "agreed_at": signature.started_at.isoformat(),
            "confirmed_at": signature.confirmed_at.isoformat(),
        },
    }


def test_no_field_is_forgotten_in_the_download() -> None:
    """What is left out is a number of ours, or stands for what is in it."""
    ours = {"id", "key", "address_key", "signed_as_written", "version", "exclusion"}
    in_words = {"state_in_words", "version_signed", "reports_by_readers"}
    in_words.add("sheet_and_line")
    fields = {field.name for field in Signature._meta.concrete_fields}

    data = make_signature().as_data()

    assert set(data) == fields - ours | in_words | {"kept_until_at"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Not confirmed yet, not counted"),
        (
            {"held_at": timezone.now()},
            "Not counted: the people who run this site look at it first",
        ),
        (
            {"state": "excluded", "confirmed_at": timezone.now()},
            "Not counted: the people who run this site have excluded it",
        ),
        (
            {
                "state": "withdrawn",
                "confirmed_at": timezone.now(),
                "withdrawn_at": timezone.now(),
            },
            "Removed by you, not counted",
        ),
    ],
)
def test_the_download_and_the_page_say_how_it_stands(
    client: Client, change: dict[str, object], words: str
) -> None:
    signature = make_signature()
    Signature.objects.filter(pk=signature.pk).update(**change)
    mine = my_signature_url(signature)

    data = client.get(f"{mine}data.json").json()
    page = client.get(mine).content.decode()

    assert data["state_in_words"] == words
    assert words.split(":")[0].removesuffix(" counted") in page


def test_a_mailbox_provider_stops_the_updates_with_one_click(signature) -> None:
    provider = Client(enforce_csrf_checks=True)

    response = provider.post(
        f"{my_signature_url(signature)}unsubscribe/",
        {"List-Unsubscribe": "One-Click"},
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )

    signature.refresh_from_db()
    assert response.status_code == 200
    assert not provider.cookies
    assert not signature.wants_updates
    assert signature.is_confirmed


def test_opening_the_link_to_unsubscribe_stops_nothing(
    client: Client, signature
) -> None:
    before = stored()

    response = client.get(f"{my_signature_url(signature)}unsubscribe/")

    assert response.status_code == 200
    assert not response.context["is_done"]
    assert stored() == before


def test_unsubscribing_twice_is_fine(client: Client, signature) -> None:
    url = f"{my_signature_url(signature)}unsubscribe/"

    answers = [client.post(url) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert client.get(url).context["is_done"]


def test_a_pending_signature_has_its_page_too(client: Client) -> None:
    signature = make_signature()

    response = client.get(my_signature_url(signature))

    assert response.status_code == 200
