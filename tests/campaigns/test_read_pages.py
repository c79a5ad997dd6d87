"""The pages around a petition."""

import pytest
from django.test import Client

from campaigns import lifecycle
from petitions.models import Petition
from signatures.models import Signature
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_draft,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_staff,
    make_target,
    make_topic,
    make_update,
    make_won_petition,
)

pytestmark = pytest.mark.django_db


def make_shown_reason(petition: Petition, reason: str, **fields: object) -> Signature:
    signature = make_confirmed_signature(petition=petition, reason=reason, **fields)
    lifecycle.release_reason(signature, by=make_staff())
    return signature


def test_the_start_page_features_the_petition_that_most_have_signed(
    client: Client,
) -> None:
    make_petition(title="Small one", signature_count=3)
    most = make_petition(title="Big one", signature_count=300)
    make_won_petition(title="Won one", signature_count=5000)
    make_draft(title="Draft one")

    response = client.get("/")

    assert response.context["featured"] == most
    assert [one.title for one in response.context["open_petitions"]] == ["Small one"]
    assert [one.title for one in response.context["won_petitions"]] == ["Won one"]
    assert response.context["open_count"] == 2
    assert "Draft one" not in response.content.decode()


def test_an_empty_site_has_a_start_page(client: Client) -> None:
    page = Page.of(client.get("/"))

    assert len(page.all("h1")) == 1


def test_an_update_has_a_page_of_its_own(client: Client) -> None:
    petition = make_petition(organizers=[make_organizer(name="Rosa")])
    update = make_update(
        petition,
        title="We were heard",
        body="It was **loud**.",
        organizer=petition.organizers.get(),
    )

    page = Page.of(client.get(update.get_absolute_url()))

    assert "We were heard" in page.words
    assert page.one("strong").words == "loud"
    assert "Rosa" in page.words


def test_an_update_is_found_under_its_own_petition_only(client: Client) -> None:
    petition, other = make_petition(), make_petition()
    update = make_update(petition)

    found = client.get(f"/petitions/{petition.slug}/updates/{update.pk}/")
    elsewhere = client.get(f"/petitions/{other.slug}/updates/{update.pk}/")
    huge = client.get(f"/petitions/{petition.slug}/updates/{'9' * 40}/")

    assert found.status_code == 200
    assert elsewhere.status_code == huge.status_code == 404


def test_all_updates_are_paged(client: Client) -> None:
    petition = make_petition()
    for number in range(21):
        make_update(petition, title=f"Update number {number}")
    url = f"/petitions/{petition.slug}/updates/"

    first, second = client.get(url), client.get(url, {"page": "2"})

    assert len(first.context["page"].object_list) == 20
    kinds = [item.kind for item in second.context["page"].object_list]
    assert kinds == ["update", "opened"]


def test_reasons_are_those_that_staff_released(client: Client) -> None:
    petition = make_petition()
    make_shown_reason(petition, "My school is there.", name="Ada", show_name=True)
    make_shown_reason(petition, "I must stay unnamed.", name="Hidden Hugo")
    make_confirmed_signature(petition=petition, reason="Not read by staff yet.")
    hidden = make_shown_reason(petition, "Rude words.")
    lifecycle.hide_reason(hidden, by=make_staff())
    make_shown_reason(make_petition(), "Of another petition.")

    response = client.get(f"/petitions/{petition.slug}/reasons/")

    page = Page.of(response)
    reasons = [one.words for one in page.all("p", class_="signers__reason")]
    names = [one.words for one in page.all("span", class_="signers__name")]
    assert reasons == ["I must stay unnamed.", "My school is there."]
    assert names == ["A supporter", "Ada"]
    assert "Hidden Hugo" not in page.words


@pytest.mark.slow
def test_reasons_are_read_page_after_page_without_a_gap(client: Client) -> None:
    petition = make_petition()
    expected = [f"Reason {number}" for number in range(120)]
    for reason in expected:
        make_confirmed_signature(petition=petition, reason=reason)
    Signature.objects.update(reason_state="shown")
    url = f"/petitions/{petition.slug}/reasons/"
    read, sizes, query = [], [], ""

    while True:
        context = client.get(url + query).context
        read += [signer.reason for signer in context["signers"]]
        sizes.append(len(context["signers"]))
        query = context["next_url"]
        if not query:
            break

    assert read == expected[::-1]
    assert sizes == [50, 50, 20]


@pytest.mark.parametrize(
    "after", ["abc", "-1", "", "0", "9" * 18, "9" * 40, "1e3", "\0", "٣", "1;2"]
)
def test_nonsense_begins_the_reasons_at_the_newest(client: Client, after: str) -> None:
    petition = make_petition()
    make_shown_reason(petition, "My school is there.")

    response = client.get(f"/petitions/{petition.slug}/reasons/", {"after": after})

    assert response.status_code == 200
    assert len(response.context["signers"]) == 1


def test_the_signature_of_another_petition_is_no_place_to_go_on_from(
    client: Client,
) -> None:
    petition = make_petition()
    make_shown_reason(petition, "My school is there.")
    other = make_shown_reason(make_petition(), "Elsewhere.")

    response = client.get(
        f"/petitions/{petition.slug}/reasons/", {"after": str(other.pk)}
    )

    assert len(response.context["signers"]) == 1


def test_versions_show_what_was_changed_and_why(client: Client) -> None:
    petition = make_petition(ask="Keep the old bridge open.")
    petition.ask = "Keep the new bridge open."
    lifecycle.revise(petition, by=make_staff(), reason="There is a new one.")

    page = Page.of(client.get(f"/petitions/{petition.slug}/versions/"))

    assert [one.words for one in page.all("del")] == ["old"]
    assert [one.words for one in page.all("ins")] == ["new"]
    assert "There is a new one." in page.words
    headings = [one.words for one in page.all("h2")]
    assert headings.index("Version 2") < headings.index("Version 1")


@pytest.mark.parametrize("kind", ["organizer", "target", "topic"])
def test_public_petitions_are_found_by_whom_they_are_of_to_and_about(
    client: Client, kind: str
) -> None:
    organizer, target, topic = make_organizer(), make_target(), make_topic()
    place = {"organizers": [organizer], "targets": [target], "topics": [topic]}
    make_petition(title="Open one", **place)
    make_won_petition(title="Won one", **place)
    make_draft(title="Draft one", **place)
    make_hidden_petition(title="Hidden one", **place)
    make_petition(title="Of others")
    found = {"organizer": organizer, "target": target, "topic": topic}[kind]

    response = client.get(found.get_absolute_url())

    titles = [petition.title for petition in response.context["page"].object_list]
    assert titles == ["Won one", "Open one"]
    assert "Draft one" not in response.content.decode()


def test_the_private_address_of_a_target_is_on_no_page(client: Client) -> None:
    target = make_target(name="Magda", email="magda@example.net")
    petition = make_petition(targets=[target])

    pages = [
        client.get(url)
        for url in (target.get_absolute_url(), petition.get_absolute_url())
    ]

    assert all(b"Magda" in page.content for page in pages)
    assert not any(b"magda@example.net" in page.content for page in pages)


@pytest.mark.parametrize("path", ["/about/", "/privacy/", "/accessibility/"])
@pytest.mark.parametrize("language", ["", "/es"])
def test_the_pages_about_the_site_stand(
    client: Client, language: str, path: str
) -> None:
    assert client.get(language + path).status_code == 200


def test_the_count_can_be_fetched_by_itself(client: Client) -> None:
    petition = make_petition(signature_count=138)
    make_counted_signature(petition=petition)

    response = client.get(f"/petitions/{petition.slug}/count.json")

    assert response.json() == {"count": 139, "goal": 200, "state": "open"}
    assert response["Cache-Control"].startswith("public")


def test_the_count_of_a_closed_petition_has_no_goal_but_its_own(client: Client) -> None:
    without = make_won_petition(signature_count=139)
    own = make_won_petition(signature_count=139, goal=150)

    answers = [
        client.get(f"/petitions/{petition.slug}/count.json").json()
        for petition in (without, own)
    ]

    assert answers == [
        {"count": 139, "goal": None, "state": "won"},
        {"count": 139, "goal": 150, "state": "won"},
    ]
