"""One private link: see, hide, change, stop the mail, take the data along."""

import json

import pytest
from django.test import Client

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
    assert texts == {"name": "Ana Quispe", "place": "Cusco"}
    assert page.one("textarea").words == "My school is there."
    assert boxes == {"show_name": True, "wants_updates": True}


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "Ana Q.", "Ana Q."),
        ("name", "Ana\r\nBcc: x", "Ana Bcc: x"),
        ("place", "Lima", "Lima"),
        ("place", "", ""),
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
        "started_at": signature.started_at.isoformat(),
        "confirmed_at": signature.confirmed_at.isoformat(),
    }


def test_no_field_is_forgotten_in_the_download() -> None:
    """What is left out is a number of ours, or stands for what is in it."""
    ours = {"id", "key", "address_key", "signed_as_written", "version"}
    fields = {field.name for field in Signature._meta.concrete_fields}

    data = make_signature().as_data()

    assert set(data) == fields - ours | {"version_signed"}


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
