"""A petition's own page in the admin: how it goes, and what can be done to it."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import tally
from campaigns.admin.petition_pages import PAGES
from campaigns.admin.petition_ways import EXPLANATIONS
from petitions.models import Account, Petition
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_confirmed_signature,
    make_draft,
    make_ending,
    make_held_signature,
    make_hidden_petition,
    make_moderator,
    make_organizer,
    make_petition,
    make_signature,
    make_staff,
    make_target,
    make_update,
)
from tests.signatures.acts import send_mail

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
MOST_QUERIES = 12


@pytest.fixture
def own(rosa: Account) -> Petition:
    return make_petition(organizers=[make_organizer(member=rosa)])


def overview(petition: Petition) -> str:
    return f"/admin/petitions/petition/{petition.pk}/overview/"


def read(client: Client, petition: Petition) -> Page:
    response = client.get(overview(petition))
    assert response.status_code == 200
    return Page.of(response)


def numbers(page: Page) -> dict[str, str]:
    cards = page.all("div", class_="numbers__card")
    return {
        card.one("dt").words: card.one("dd", class_="numbers__number").words
        for card in cards
    }


def ways(page: Page) -> list[str]:
    """The buttons, the one to be pressed next first."""
    return [way.one("a").words for way in page.all("div", class_="way")]


def groups(page: Page) -> dict[str, list[str]]:
    boxes = page.all("section", class_="way-group")
    return {box.one("h3").words: ways(box) for box in boxes}


def tables(page: Page) -> dict[str, list[list[str]]]:
    return {
        table.one("caption").words: [
            [cell.words for cell in [*row.all("th"), *row.all("td")]]
            for row in table.one("tbody").all("tr")
        ]
        for table in page.all("table")
    }


def sign(petition: Petition, number: int, **fields: object) -> None:
    for _ in range(number):
        make_confirmed_signature(petition=petition, **fields)
    tally.fold()


def test_held_signatures_are_for_those_who_decide_on_them(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    make_held_signature(petition=own)
    make_held_signature()

    of_organizer = numbers(read(log_in(rosa), own))
    page = read(log_in(make_moderator()), own)

    assert "Held for you" not in of_organizer
    assert numbers(page)["Held for you"] == "1"
    links = [link.attributes["href"] for link in page.all("a")]
    held = "/admin/signatures/signature/?which=held&petition__id__exact="
    assert f"{held}{own.pk}" in links


def test_a_draft_shows_what_staff_ask_to_change(log_in: LogIn, rosa: Account) -> None:
    draft = make_draft(organizers=[make_organizer(member=rosa)])
    Petition.objects.filter(pk=draft.pk).update(changes_asked="Name the bridge.")

    page = read(log_in(rosa), draft)

    assert "Name the bridge." in page.words
    assert ways(page)[:2] == ["Send for review", "Edit text"]
    assert list(numbers(page)) == ["Signatures"]
    assert page.all("svg", role="img") == []


def test_a_hidden_one_tells_why_and_is_only_read(log_in: LogIn, rosa: Account) -> None:
    petition = make_hidden_petition(organizers=[make_organizer(member=rosa)])

    page = read(log_in(rosa), petition)

    assert "It names a private person." in page.words
    assert "Edit text" not in ways(page)
    assert "Read" in ways(page)
    assert f"/petitions/{petition.slug}/" not in [
        link.attributes["href"] for link in page.all("a")
    ]


def test_each_way_stands_below_what_it_is_for(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    of_organizer = read(log_in(rosa), own)
    of_staff = read(log_in(make_staff()), own)

    assert ways(of_organizer)[0] == ways(of_staff)[0] == "Post an update"
    assert groups(of_organizer) == {
        "Write to people": ["Mail to signers"],
        "The words": ["Edit text"],
        "Collect and deliver": ["Paper", "Hand-over", "Export"],
        "Who runs it": ["Invite co-organizer", "Hand over to another organizer"],
    }
    assert groups(of_staff) == {
        **groups(of_organizer),
        "Write to people": ["Mail to signers", "Ask a target"],
        "Pause or end it": ["Declare victory", "Close", "Pause signing", "Decide"],
    }


def test_one_button_alone_is_marked_and_is_not_repeated(
    log_in: LogIn, own: Petition
) -> None:
    page = read(log_in(make_staff()), own)

    assert [link.words for link in page.all("a", class_="default")] == [ways(page)[0]]
    assert len(set(ways(page))) == len(ways(page))


def test_no_button_is_without_a_heading() -> None:
    pages = {page.name for page in PAGES.values() if page.label}
    acts = set(admin.site.get_model_admin(Petition).acts)

    assert set(EXPLANATIONS) == pages | acts | {"update", "edit", "read"}


def test_every_way_leads_somewhere(log_in: LogIn, own: Petition) -> None:
    client = log_in(make_staff())

    page = read(client, own)

    links = [way.one("a") for way in page.all("div", class_="way")]
    answers = {link.words: client.get(link.attributes["href"]) for link in links}
    assert {words: one.status_code for words, one in answers.items()} == {
        link.words: 200 for link in links
    }


def test_the_next_step_leads_to_where_it_is_taken_and_not_here(
    log_in: LogIn, rosa: Account
) -> None:
    organizers = [make_organizer(member=rosa)]
    petition = make_closed_petition(organizers=organizers, targets=[make_target()])

    page = read(log_in(rosa), petition)

    link = page.one("p", class_="overview__next").one("a")
    assert link.words == ways(page)[0] == "Hand-over"
    hand_over = reverse("admin:petition_hand_over", args=[petition.pk])
    assert link.attributes["href"] == hand_over


def test_a_way_that_explains_itself_says_so(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    found = read(log_in(rosa), own).all("div", class_="way")

    silent = [way.words for way in found if not way.all("p")]

    assert silent == []


def test_mails_and_what_happened_are_told(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    make_confirmed_signature(petition=own, wants_updates=True)
    make_update(own, title="We met the mayor", with_mail=True)
    make_ending(own)

    page = read(log_in(rosa), own)

    lines = [line.words for line in page.one("ul", class_="mail-lines").all("li")]
    assert [line.split(":")[0].strip() for line in lines] == [
        "About closing",
        "We met the mayor",
    ]
    assert "The petition closed" in page.words
    assert "The petition opened" in page.words


def test_the_list_leads_here_and_the_form_leads_back(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    client = log_in(rosa)

    rows = Page.of(client.get("/admin/petitions/petition/")).one(id="result_list")
    form = Page.of(client.get(f"/admin/petitions/petition/{own.pk}/change/"))

    assert [link.attributes["href"] for link in rows.one("tbody").all("a")] == [
        overview(own)
    ]
    tools = form.one("ul", class_="object-tools").all("a")
    assert tools[0].attributes["href"] == overview(own)


def test_after_an_act_one_is_back_here(log_in: LogIn, own: Petition) -> None:
    client = log_in(make_staff())

    answer = client.post(
        f"/admin/petitions/petition/{own.pk}/pause/do/", {"notice": "We look into it."}
    )
    page = read(client, own)

    assert answer.url == overview(own)
    assert "Signing is paused." in page.words
    assert "We look into it." in page.words
    assert "Resume signing" in ways(page)


def test_anothers_petition_does_not_exist(log_in: LogIn, rosa: Account) -> None:
    foreign = make_petition()

    assert log_in(rosa).get(overview(foreign)).status_code == 404


def test_it_only_shows(log_in: LogIn, rosa: Account, own: Petition) -> None:
    assert log_in(rosa).post(overview(own)).status_code == 405


@pytest.mark.slow
@pytest.mark.parametrize("role", ["organizer", "staff"])
def test_its_queries_are_few_however_much_there_is(
    log_in: LogIn, rosa: Account, role: str
) -> None:
    organizers = [make_organizer(member=rosa)]
    targets = [make_target() for _ in range(3)]
    petition = make_petition(organizers=organizers, targets=targets)
    sign(petition, 1)
    client = log_in(rosa if role == "organizer" else make_staff())
    client.get(overview(petition))
    with CaptureQueriesContext(connection) as few:
        client.get(overview(petition))

    for country in ["FR", "ES", "PL", ""]:
        sign(petition, 6, country=country, wants_updates=True)
    for number in range(6):
        make_update(petition, title=f"Update {number}", with_mail=number < 3)
        make_held_signature(petition=petition)
        make_signature(petition=petition)
    make_ending(petition)
    send_mail()
    with CaptureQueriesContext(connection) as many:
        client.get(overview(petition))

    statements = [one["sql"] for one in many.captured_queries]
    assert len(many) <= len(few) <= MOST_QUERIES, statements
