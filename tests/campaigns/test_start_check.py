"""The last look at all answers, and sending them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from campaigns import worker
from campaigns.models import Draft, Notice
from campaigns.start import confirming
from petitions.models import Account, Petition
from tests.attacks.scripts import PAYLOADS, dangers
from tests.campaigns.drafts import EMAIL, STEPS, post, write
from tests.html import Page
from tests.makers import make_account

pytestmark = pytest.mark.django_db


def test_all_that_was_answered_is_shown_with_a_way_to_change_it(
    client: Client,
) -> None:
    write(client, goal={"goal": "500", "closes_on": "", "sensitive": "on"})

    page = Page.of(client.get("/start/check/"))

    words = page.one("dl", class_="answers").words
    for shown in [
        STEPS["what"]["title"],
        "Dana Petrova, Mayor, Ostrey",
        STEPS["why"]["ask"],
        "Pay the miller.",
        "It has turned for ages",
        "500",
        "Yes",
        "Ada Example",
        EMAIL,
    ]:
        assert shown in words
    links = {a.attributes["href"] for a in page.one("dl", class_="answers").all("a")}
    assert links == {f"/start/{step}/?check" for step in STEPS}


@pytest.mark.parametrize("step", STEPS)
def test_what_is_changed_leads_back_to_the_answers(client: Client, step: str) -> None:
    write(client)
    form = Page.of(client.get(f"/start/{step}/?check")).one("form", class_="form")
    assert form.one(name="check")

    words = {**STEPS[step], "advised": STEPS["what"]["title"], "check": "1"}
    response = post(client, step, **words, do="go")

    assert response.headers["Location"] == "/start/check/"


def test_what_is_missing_is_said_and_not_sent(client: Client) -> None:
    post(client, "what", **STEPS["what"])
    post(client, "you", **{**STEPS["you"], "email": "ada@"})

    page = Page.of(client.get("/start/check/"))
    refused = client.post("/start/check/")

    summary = page.one(role="alert")
    assert [a.attributes["href"] for a in summary.all("a")] == [
        "/start/who/?check",
        "/start/why/?check",
        "/start/why/?check",
        "/start/you/?check",
    ]
    assert page.all("button") == []
    assert refused.status_code == 400
    assert not Notice.objects.exists()
    there = Page.of(client.get("/start/you/?check"))
    assert "name@example.org" in there.one(role="alert").words


def test_a_closing_day_that_has_passed_meanwhile_is_said(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-03-09T12:00:00Z")
    tomorrow = timezone.localdate() + timedelta(days=1)
    write(client, goal={"closes_on": tomorrow.isoformat()})

    time_machine.shift(timedelta(days=3))

    refused = client.post("/start/check/")
    assert refused.status_code == 400
    assert "still to come" in Page.of(refused).one(role="alert").words


@pytest.mark.parametrize("turn", range(0, len(PAYLOADS), 7))
def test_nothing_that_was_typed_does_anything(client: Client, turn: int) -> None:
    payloads = [PAYLOADS[(turn + number) % len(PAYLOADS)] for number in range(15)]
    names = [name for words in STEPS.values() for name in words]
    typed = dict(zip(names, payloads, strict=False))
    for step, words in STEPS.items():
        mixed = {name: typed[name][:140] for name in words}
        keep = {"email": EMAIL, "kind": "person", "goal": "", "closes_on": ""}
        mixed |= {name: keep[name] for name in words if name in keep}
        answer = post(client, step, **mixed, do="preview")
        assert dangers(answer.content.decode()) == []

    for path in ["/start/", "/start/check/", *(f"/start/{step}/" for step in STEPS)]:
        page = client.get(path)
        assert page.status_code == 200
        assert dangers(page.content.decode()) == []


# Sending


def test_sending_mails_a_link_and_makes_nothing_else(client: Client) -> None:
    write(client)

    sent = client.post("/start/check/", follow=True)
    worker.send_all_mail()

    assert sent.redirect_chain == [("/start/sent/", 303)]
    assert "confirm your address" in Page.of(sent).one("h1").words
    (message,) = mail.outbox
    assert message.to == [EMAIL]
    assert not Petition.objects.exists()
    assert not Account.objects.exists()


def test_the_mail_carries_no_word_of_what_was_typed(client: Client) -> None:
    write(client)

    client.post("/start/check/")
    worker.send_all_mail()

    (message,) = mail.outbox
    ((html, _kind),) = message.alternatives
    said = message.subject + message.body + html
    for typed in ["mill", "Ada", "Dana", "wheel", "turned"]:
        assert typed not in said
    assert "14 days" in message.body


def test_the_answer_is_the_same_whatever_the_address(client: Client) -> None:
    make_account(email="known@example.org")
    pages = []
    for email in ["known@example.org", "other@example.org"]:
        browser = Client()
        write(browser, you={"email": email})
        sent = browser.post("/start/check/", follow=True)
        pages.append(sent.content.decode().replace(email, "…"))

    assert pages[0] == pages[1]


def test_the_mail_can_be_sent_again_after_a_minute_three_times_a_day(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-03-09T12:00:30Z")
    write(client)
    client.post("/start/check/")

    again = client.post("/start/sent/")
    assert "again" in Page.of(again).one(role="status").words
    worker.send_all_mail()
    for _try in range(5):
        time_machine.shift(timedelta(minutes=2))
        assert client.post("/start/sent/").status_code == 200
        worker.send_all_mail()

    assert len(mail.outbox) == 3
    assert len({message.body for message in mail.outbox}) == 1


def test_the_mail_speaks_the_language_it_was_written_in(client: Client) -> None:
    write(client)
    words = {**STEPS["you"], "do": "go"}
    client.post("/es/start/you/", words)

    client.post("/es/start/check/")
    worker.send_all_mail()

    assert "/es/start/confirm/" in mail.outbox[0].body


@pytest.mark.parametrize("change", [{"title": ""}, {"email": "bo@example.org"}])
def test_what_another_window_has_changed_meanwhile_is_not_sent(
    client: Client, change: dict[str, str]
) -> None:
    write(client)
    read, other_window = Draft.objects.get(), Draft.objects.get()
    other_window.keep(change, language="en")

    with pytest.raises(Draft.DoesNotExist):
        confirming.send(read, network="")

    assert not Draft.objects.get().is_sent
    assert not Notice.objects.exists()


def test_there_is_nothing_to_wait_for_before_it_is_sent(client: Client) -> None:
    write(client)

    assert client.get("/start/sent/").headers["Location"] == "/start/check/"
    assert Draft.objects.get().sent_at is None
