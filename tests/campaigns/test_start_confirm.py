"""The link in the mail, its button, and what pressing it makes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import TimeMachineFixture

from campaigns import worker
from campaigns.joining import free_slug
from campaigns.models import Draft, Event, EventKind, Notice, NoticeKind
from petitions.models import (
    Account,
    Organizer,
    Petition,
    PetitionState,
    Role,
    Target,
    Topic,
)
from signatures.addresses import address_key
from signatures.models import Suppression
from signatures.tokens import Purpose, make_token
from tests.campaigns.drafts import (
    EMAIL,
    STEPS,
    mailed_link,
    picture,
    post,
    send,
    write,
)
from tests.html import Page
from tests.log_in import mails_to
from tests.makers import (
    PASSWORD,
    make_account,
    make_organizer,
    make_signature,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db


def test_opening_the_link_makes_nothing(client: Client) -> None:
    link = send(client)

    for _scanner in range(3):
        opened = Client().get(link)
        Client().head(link)

    assert opened.status_code == 200
    assert "no-store" in opened["Cache-Control"]
    assert opened["Referrer-Policy"] == "no-referrer"
    assert STEPS["what"]["title"] in opened.content.decode()
    assert not Petition.objects.exists()
    assert not Account.objects.exists()


def test_pressing_the_button_makes_a_petition_in_review(client: Client) -> None:
    topic = make_topic()
    closes_on = (timezone.localdate() + timedelta(days=90)).isoformat()
    goal = {"goal": "500", "closes_on": closes_on, "topics": [str(topic.pk)]}
    link = send(client, goal={**goal, "sensitive": "on"})

    pressed = Client().post(link)

    assert pressed.status_code == 303
    petition = Petition.objects.get()
    assert petition.state == PetitionState.REVIEW
    assert petition.slug == "keep-the-mill-of-ostrey-turning"
    assert petition.language == "en"
    assert petition.words() == {
        "title": "Keep the mill of Ostrey turning",
        "ask": "Leave the wheel in the water.",
        "story": "It has turned for **ages**.",
        "demands": ["Mend the wheel.", "Pay the miller."],
    }
    assert (petition.goal, petition.sensitive) == (500, True)
    assert petition.closes_at is not None
    assert timezone.localdate(petition.closes_at).isoformat() == closes_on
    assert petition.topic_list == [topic]
    assert [str(one) for one in petition.targets.all()] == [
        "Dana Petrova, Mayor, Ostrey"
    ]
    account = Account.objects.get()
    assert (account.email, account.name) == (EMAIL, "Ada Example")
    assert account.is_organizer
    assert not account.runs_site
    assert not account.has_usable_password()
    organizer = petition.organizers.get()
    assert (organizer.name, organizer.place) == ("Ada Example", "Ostrey")
    assert list(organizer.members.all()) == [account]
    event = Event.objects.get(petition=petition)
    assert (event.kind, event.by) == (EventKind.SUBMITTED, account)


def test_a_group_stands_on_the_page_in_place_of_who_acts_for_it(
    client: Client,
) -> None:
    client.post(send(client, you={"kind": "group", "group": "Mill Friends"}))

    organizer = Organizer.objects.get()
    assert (organizer.name, organizer.kind) == ("Mill Friends", "group")
    assert Account.objects.get().name == "Ada Example"


def test_afterwards_the_page_says_what_comes_next_and_a_mail_too(
    client: Client,
) -> None:
    link = send(client)
    mail.outbox.clear()

    page = Page.of(client.post(link, follow=True))
    worker.send_all_mail()

    assert "with us" in page.one("h1").words
    assert "20 signatures in the first hour" in page.words
    links = {a.attributes.get("href") for a in page.all("a")}
    assert {"/accounts/password/reset/", "/admin/"} <= links
    (message,) = mail.outbox
    assert message.to == [EMAIL]
    assert STEPS["what"]["title"] in message.subject
    assert "http://testserver/accounts/password/reset/" in message.body


def test_no_title_of_a_sensitive_petition_stands_in_a_subject(client: Client) -> None:
    client.post(send(client, goal={"sensitive": "on"}))
    worker.send_all_mail()

    assert len(mail.outbox) == 2
    assert all("mill" not in message.subject for message in mail.outbox)


def test_the_new_account_gets_in_by_a_password_that_comes_by_mail(
    client: Client,
) -> None:
    client.post(send(client))
    mail.outbox.clear()

    client.post("/accounts/password/reset/", {"email": EMAIL})

    (message,) = mails_to(Account.objects.get(), 1)
    assert "/password/reset/key/" in message.body


def test_pressing_twice_makes_one(client: Client) -> None:
    link = send(client)

    answers = [client.post(link), client.post(link), client.get(link)]

    assert [answer.status_code for answer in answers] == [303, 303, 200]
    assert "with us" in Page.of(answers[2]).one("h1").words
    assert Petition.objects.count() == Event.objects.count() == 1
    assert Notice.objects.filter(kind=NoticeKind.IN_REVIEW).count() == 1


def test_the_draft_is_emptied_and_its_browser_begins_anew(client: Client) -> None:
    client.post(send(client))

    draft = Draft.objects.get()
    assert (draft.answers, draft.email, draft.picture.name) == ({}, "", "")
    assert draft.petition == Petition.objects.get()
    assert Page.of(client.get("/start/")).one(name="title").words == ""
    assert client.get("/start/check/").status_code == 303
    post(client, "what", title="Mend the bridge of Ostrey")
    assert Draft.objects.count() == 2
    assert Petition.objects.get().title == STEPS["what"]["title"]


# What was there before


def test_an_account_of_that_address_is_used_and_stays_as_it_is(
    client: Client,
) -> None:
    account = make_account(email=EMAIL, role=Role.ORGANIZER)
    before = (account.name, account.password)
    own = make_organizer(name="Ada Example", member=account)
    make_organizer(name="Ada Example")

    client.post(send(client, you={"email": "Ada@Example.org"}))

    account.refresh_from_db()
    assert (account.name, account.password) == before
    assert account.check_password(PASSWORD)
    assert Account.objects.count() == 1
    assert list(Petition.objects.get().organizers.all()) == [own]


def test_a_face_of_another_account_is_not_taken(client: Client) -> None:
    other = make_organizer(name="Ada Example", member=make_account())

    client.post(send(client))

    organizer = Petition.objects.get().organizers.get()
    assert organizer != other
    assert organizer.slug == "ada-example"


def test_a_target_of_the_same_words_is_the_same(client: Client) -> None:
    known = make_target(name="Dana Petrova", office="Mayor", organization="Ostrey")
    make_target(name="Dana Petrova", office="Mayor", organization="Elsewhere")

    client.post(send(client))

    assert list(Petition.objects.get().targets.all()) == [known]
    assert Target.objects.count() == 2


def test_petitions_of_one_title_have_addresses_of_their_own() -> None:
    for number in range(3):
        browser = Client()
        browser.post(send(browser, you={"email": f"ada{number}@example.org"}))

    assert sorted(Petition.objects.values_list("slug", flat=True)) == [
        "keep-the-mill-of-ostrey-turning",
        "keep-the-mill-of-ostrey-turning-2",
        "keep-the-mill-of-ostrey-turning-3",
    ]


def test_a_closed_account_starts_nothing(client: Client) -> None:
    account = make_account(email=EMAIL)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    link = send(client)

    refused = client.post(link)

    assert refused.status_code == 403
    assert "account is closed" in Page.of(refused).one("h1").words
    assert not Petition.objects.exists()
    assert Draft.objects.get().confirmed_at is None


@pytest.mark.parametrize("taken", [1, 2, 150])
def test_a_free_address_is_found_by_a_few_questions(taken: int) -> None:
    slugs = ["bus", *(f"bus-{number}" for number in range(2, taken + 1))]
    Topic.objects.bulk_create(Topic(name=slug, slug=slug) for slug in slugs)
    make_topic(name="Bus stops")

    with CaptureQueriesContext(connection) as queries:
        assert free_slug(Topic, "Bus") == f"bus-{taken + 1}"

    assert len(queries) <= 4


def test_what_is_not_in_review_any_more_is_not_named_behind_an_old_link(
    client: Client,
) -> None:
    link = send(client)
    client.post(link)
    named = client.get(link).content.decode()
    petition = Petition.objects.get()
    petition.take_back()

    later = client.get(link)

    assert petition.title in named
    assert later.status_code == 200
    assert petition.title not in later.content.decode()


# Links that open nothing


def test_a_link_for_another_address_confirms_nothing(client: Client) -> None:
    """Who reads one mailbox must not confirm for who reads another."""
    own = send(client, you={"email": "mallory@example.org"})
    staff = make_account(email="staff@example.org", role=Role.STAFF)
    post(client, "you", **{**STEPS["you"], "email": staff.email}, do="go")

    assert client.post(own).status_code == 404
    client.post("/start/check/")
    assert client.post(own).status_code == 404
    assert not Petition.objects.exists()


@pytest.mark.parametrize("step", ["what", "who", "why", "picture", "goal"])
def test_what_is_changed_after_sending_is_confirmed_by_no_earlier_link(
    client: Client, step: str
) -> None:
    earlier = send(client)
    changes = {
        "what": {"title": "Sell the mill of Ostrey", "advised": ""},
        "who": {"target_name": "Bo Lind"},
        "why": {**STEPS["why"], "ask": "Sell it."},
        "picture": {"picture": picture(), "picture_alt": "Another mill"},
        "goal": {"goal": "5"},
    }
    post(client, step, **changes[step], do="go")

    refused = client.post(earlier)

    assert refused.status_code == 404
    assert "newest mail" in refused.content.decode()
    assert not Petition.objects.exists()
    assert client.get("/start/sent/").status_code == 303
    Draft.objects.get()


def test_looking_again_without_a_change_leaves_the_link_as_it_is(
    client: Client,
) -> None:
    link = send(client)
    words = {**STEPS["why"], "check": "1", "do": "go"}

    post(client, "why", **words)

    assert client.post(link).status_code == 303
    assert Petition.objects.exists()


def test_a_changed_petition_sent_again_is_confirmed_by_its_new_link(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-03-09T12:00:00Z")
    earlier = send(client)
    time_machine.shift(timedelta(minutes=5))
    post(client, "why", **{**STEPS["why"], "ask": "Leave it in the water."})
    client.post("/start/check/")

    newer = mailed_link()

    assert newer != earlier
    assert client.post(earlier).status_code == 404
    assert client.post(newer).status_code == 303
    assert Petition.objects.get().ask == "Leave it in the water."


def test_a_mail_that_waits_while_its_petition_is_changed_is_not_sent(
    client: Client,
) -> None:
    write(client)
    client.post("/start/check/")

    post(client, "why", **{**STEPS["why"], "ask": "Leave it in the water."})
    worker.send_all_mail()

    assert mail.outbox == []


def test_an_address_that_wants_no_mail_gets_none(client: Client) -> None:
    Suppression.objects.create(address_key=address_key(EMAIL))
    write(client)

    sent = client.post("/start/check/")
    worker.send_all_mail()

    assert sent.headers["Location"] == "/start/sent/"
    assert mail.outbox == []


def test_a_link_that_is_too_old_says_so(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-03-09T12:00:00Z")
    link = send(client)

    time_machine.shift(timedelta(days=15))

    assert "too old" in client.get(link).content.decode()
    assert client.post(link).status_code == 404
    assert not Petition.objects.exists()


def test_forged_links_and_links_for_other_things_open_nothing(client: Client) -> None:
    write(client)
    draft = Draft.objects.get()
    signature = make_signature()
    before = Petition.objects.count()
    tokens = [
        "forged",
        make_token(draft.link_key, Purpose.CONFIRM),
        make_token(draft.link_key, Purpose.START),  # never sent
        make_token(draft.key, Purpose.START),
        make_token(signature.key, Purpose.START),
        client.cookies["draft-en"].value,
    ]

    for token in tokens:
        assert client.get(f"/start/confirm/{token}/").status_code == 404
        assert client.post(f"/start/confirm/{token}/").status_code == 404
    assert Petition.objects.count() == before
