"""Writing a petition without an account: a page a step, and nothing is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from campaigns.models import Draft
from petitions.models import Petition
from tests.campaigns.drafts import STEPS, post, write
from tests.html import Page
from tests.makers import (
    make_draft,
    make_hidden_petition,
    make_petition,
    make_rejected_petition,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db


def test_each_step_leads_to_the_next_and_says_which_it_is(client: Client) -> None:
    shown = []
    for step, words in STEPS.items():
        page = "/start/" if step == "what" else f"/start/{step}/"
        shown.append(Page.of(client.get(page)).one(id="start-progress").words)
        advised = words.get("title", "")
        post(client, step, **words, do="go", advised=advised)
    response = client.get("/start/check/")

    shown.append(Page.of(response).one(id="start-progress").words)
    assert shown == [f"Step {number} of 7" for number in range(1, 8)]


def test_nothing_is_written_down_before_the_first_answer(client: Client) -> None:
    client.get("/start/")
    refused = post(client, "what", title=" ")

    assert refused.status_code == 400
    assert "Write a title" in Page.of(refused).one(role="alert").words
    assert not Draft.objects.exists()
    assert not client.cookies


def test_what_was_written_is_there_the_next_day(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-03-09T12:00:00Z")
    write(client)

    time_machine.shift(timedelta(days=1))

    again = Page.of(client.get("/start/"))
    assert STEPS["what"]["title"] in again.words
    assert Page.of(client.get("/start/why/")).one(name="story").words == (
        "It has turned for **ages**."
    )
    assert Page.of(client.get("/start/you/")).one(name="email").attributes["value"] == (
        "ada@example.org"
    )


def test_what_is_wrong_is_kept_as_it_was_typed(client: Client) -> None:
    write(client)

    refused = post(client, "why", ask="o" * 501, demands="One", story="Because.")

    assert refused.status_code == 400
    assert Page.of(refused).one("title").words.startswith("Error:")
    page = Page.of(client.get("/start/why/"))
    assert page.one(name="ask").words == "o" * 501
    assert page.one(name="demands").words == "One"
    assert (
        Page.of(client.get("/start/what/")).one(name="title").words
        == (STEPS["what"]["title"])
    )


def test_a_browser_that_has_lost_its_cookie_loses_only_what_was_before(
    client: Client,
) -> None:
    response = post(client, "why", **STEPS["why"], do="go")

    assert response.headers["Location"] == "/start/picture/"
    assert Page.of(client.get("/start/why/")).one(name="ask").words == (
        "Leave the wheel in the water."
    )


def test_without_a_draft_a_step_leads_to_the_beginning_and_says_why(
    client: Client,
) -> None:
    response = client.get("/start/why/", follow=True)

    assert response.redirect_chain == [("/start/?lost", 303)]
    assert "no draft in this browser" in Page.of(response).one(role="status").words


def test_the_draft_follows_into_another_language(client: Client) -> None:
    write(client)

    page = Page.of(client.get("/es/start/what/"))

    assert page.one("html").attributes["lang"] == "es"
    assert page.one(name="title").words == STEPS["what"]["title"]


def test_another_browser_does_not_see_it(client: Client) -> None:
    write(client)
    other = Client()
    other.cookies["draft-en"] = client.cookies["draft-en"].value[:-1] + "x"

    assert other.get("/start/why/").status_code == 303
    assert STEPS["what"]["title"] not in other.get("/start/").content.decode()


def test_a_draft_can_be_deleted(client: Client) -> None:
    write(client)

    response = client.post("/start/", follow=True)

    assert not Draft.objects.exists()
    assert Page.of(response).one(name="title").words == ""


def test_steps_that_do_not_exist_are_not_found(client: Client) -> None:
    write(client)

    assert client.get("/start/nothing/").status_code == 404
    assert client.post("/start/nothing/").status_code == 404


# Who can decide?


def test_several_can_decide(client: Client) -> None:
    post(client, "what", **STEPS["what"])
    post(client, "who", target_name="Dana Petrova", office="Mayor", do="add")
    post(client, "who", organization="Ostrey Council", do="add")
    post(client, "who", organization="Ostrey Council", do="go")

    assert Draft.objects.get().answers["targets"] == [
        {"name": "Dana Petrova", "office": "Mayor", "organization": ""},
        {"name": "", "office": "", "organization": "Ostrey Council"},
    ]
    page = Page.of(client.get("/start/who/"))
    first = next(one for one in page.all("button") if "Remove" in one.words)
    for _press in range(2):
        post(client, "who", do=first.attributes["value"])
    assert Draft.objects.get().answers["targets"] == [
        {"name": "", "office": "", "organization": "Ostrey Council"}
    ]
    assert post(client, "who", do="go").headers["Location"] == "/start/why/"


def test_somebody_has_to_decide(client: Client) -> None:
    post(client, "what", **STEPS["what"])

    refused = post(client, "who", do="go")

    assert refused.status_code == 400
    assert "Say who can decide" in Page.of(refused).one(role="alert").words


def test_ten_can_decide_and_no_more(client: Client) -> None:
    post(client, "what", **STEPS["what"])
    for number in range(10):
        post(client, "who", target_name=f"Nr. {number}", do="add")

    refused = post(client, "who", target_name="One more", do="add")

    assert refused.status_code == 400
    assert len(Draft.objects.get().answers["targets"]) == 10


def test_who_was_asked_before_can_be_looked_for_and_added(client: Client) -> None:
    target = make_target(name="Dana Petrova", office="Mayor")
    make_petition(targets=[target, make_target(name="Bo Lind")])
    make_draft(targets=[make_target(name="Dana Unread")])
    post(client, "what", **STEPS["what"])

    found = Page.of(post(client, "who", find="dana", do="find", office="Half typed"))

    picks = [
        one.attributes["value"]
        for one in found.all("button")
        if one.attributes.get("value", "").startswith("pick")
    ]
    assert picks == [f"pick:{target.pk}"]
    assert found.one(name="office").attributes["value"] == "Half typed"
    post(client, "who", do=picks[0])
    post(client, "who", do=picks[0])
    assert Draft.objects.get().answers["targets"] == [
        {"name": "Dana Petrova", "office": "Mayor", "organization": ""}
    ]


@pytest.mark.parametrize(
    "act", ["pick:x", "pick:", "pick:" + "9" * 30, "drop:99", "drop:", "pick:٣", "xx"]
)
def test_buttons_that_are_none_do_nothing(client: Client, act: str) -> None:
    write(client)

    assert post(client, "who", do=act).status_code == 303
    assert len(Draft.objects.get().answers["targets"]) == 1


def test_whom_only_a_hidden_petition_asks_cannot_be_added(client: Client) -> None:
    target = make_target(name="Dana Unread")
    make_draft(targets=[target])
    post(client, "what", **STEPS["what"])

    post(client, "who", do=f"pick:{target.pk}")

    assert Draft.objects.get().answers["targets"] == []


def test_nobody_is_offered_whom_only_unpublished_petitions_ask(client: Client) -> None:
    target = make_target(name="Dana Petrova")
    make_petition(targets=[target])
    for make in [make_draft, make_hidden_petition, make_rejected_petition]:
        make(targets=[make_target(name=f"Bo Unread, {make.__name__}")])
    post(client, "what", **STEPS["what"])

    pages = [client.get("/start/who/"), post(client, "who", find="bo", do="find")]

    words = [Page.of(page).words for page in pages]
    assert "Dana Petrova" in words[0]
    assert not any("Unread" in one for one in words)


# Why does it matter?


def test_a_preview_shows_the_words_as_the_page_will(client: Client) -> None:
    post(client, "what", **STEPS["what"])
    story = (
        "### Once\n\nIt **turned**. <script>alert(1)</script> ![x](//evil.example/x)"
    )

    page = Page.of(
        post(client, "why", **{**STEPS["why"], "story": story}, do="preview")
    )

    preview = page.one("section", class_="panel")
    assert preview.one("h3").words == "Once"
    assert preview.one("strong").words == "turned"
    assert preview.all("script") == preview.all("img") == []
    assert [one.words for one in preview.all("li")] == [
        "Mend the wheel.",
        "Pay the miller.",
    ]
    assert Draft.objects.get().answers["story"] == story


@pytest.mark.parametrize(
    "demands", ["One\n" * 11, "o" * 301, "\n".join(["o" * 299] * 11)]
)
def test_too_many_or_too_long_demands_are_refused(client: Client, demands: str) -> None:
    post(client, "what", **STEPS["what"])

    refused = post(client, "why", **{**STEPS["why"], "demands": demands})

    assert refused.status_code == 400
    assert Draft.objects.get().answers["demands"].startswith(demands[:200])


def test_words_parted_by_a_tab_stay_apart(client: Client) -> None:
    write(client, why={**STEPS["why"], "demands": "-\tMend\tit.", "story": "One\ttwo"})

    page = Page.of(post(client, "why", **Draft.objects.get().answers, do="preview"))

    assert "Mend it." in page.words
    assert "One two" in page.one("section", class_="panel").words


# How far, how long, what about?


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"goal": "0"}, "like 500"),
        ({"goal": "many"}, "like 500"),
        ({"goal": "9" * 60}, "ten million"),
        ({"closes_on": "2020-01-01"}, "still to come"),
        ({"closes_on": "3020-01-01"}, "three years"),
        ({"closes_on": "soon"}, "2030-12-31"),
        ({"topics": "x"}, "Choose among"),
        ({"topics": "9" * 30}, "Choose among"),
    ],
)
def test_figures_that_cannot_be_are_refused_and_kept(
    client: Client, typed: dict[str, str], message: str
) -> None:
    write(client)

    refused = post(client, "goal", **typed)

    assert refused.status_code == 400
    assert message in Page.of(refused).one(role="alert").words
    ((name, words),) = typed.items()
    assert words[:20] in str(Draft.objects.get().answers[name])


@pytest.mark.parametrize("typed", ["1000", "1.000", "1,000", "1 000", "1\u202f000"])
def test_a_goal_is_read_however_its_thousands_are_parted(
    client: Client, typed: str
) -> None:
    write(client, goal={"goal": typed})

    page = Page.of(client.get("/start/check/"))

    goal = next(row for row in page.all(class_="answers__row") if "Goal" in row.words)
    assert "1,000" in goal.words


def test_three_topics_at_most(client: Client) -> None:
    topics = [str(make_topic().pk) for _topic in range(4)]
    write(client, goal={"topics": topics[:3]})

    refused = post(client, "goal", topics=topics)

    assert refused.status_code == 400


# Who are you?


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "full name"),
        ({"email": "ada@"}, "name@example.org"),
        ({"kind": ""}, "as a person or for a group"),
        ({"kind": "firm"}, "as a person or for a group"),
        ({"kind": "group", "group": ""}, "name of the group"),
    ],
)
def test_who_starts_it_has_to_be_told(
    client: Client, typed: dict[str, str], message: str
) -> None:
    write(client)

    refused = post(client, "you", **{**STEPS["you"], **typed})

    assert refused.status_code == 400
    assert message in Page.of(refused).one(role="alert").words


def test_nul_and_endless_words_break_nothing(client: Client) -> None:
    write(client)

    for step, words in STEPS.items():
        post(client, step, **dict.fromkeys(words, "\0\u202e" + "o" * 5000))
        assert client.get(f"/start/{step}/?check").status_code == 200
    assert client.get("/start/check/").status_code == 200
    assert not Petition.objects.exists()
