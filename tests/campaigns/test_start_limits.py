"""How much a stranger may start, what is said to caches, and what is forgotten."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from time_machine import TimeMachineFixture

from campaigns import retention, worker
from campaigns.models import Draft, Notice
from config.bounds import MOST_BYTES_OF_STORY
from petitions.models import Petition
from signatures.limits import STARTS
from signatures.models import Suppression
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

pytestmark = pytest.mark.django_db

NETWORK = "198.51.100.7"
NOON = "2026-03-09T12:00:00Z"


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    for name in STARTS:
        monkeypatch.setitem(STARTS, name, 2)
    return STARTS


def stranger(address: str = NETWORK) -> Client:
    return Client(REMOTE_ADDR=address)


@pytest.mark.usefixtures("limits")
def test_a_network_begins_so_many_in_an_hour_and_what_is_typed_stays(
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to(NOON)
    statuses = [post(stranger(), "what", **STEPS["what"]).status_code for _ in range(2)]

    refused = post(stranger(), "what", **STEPS["what"])

    assert statuses == [303, 303]
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert Page.of(refused).one(name="title").words == STEPS["what"]["title"]
    assert "again in 60 minutes" in Page.of(refused).one(role="alert").words
    assert Draft.objects.count() == 2
    assert post(stranger("203.0.113.1"), "what", **STEPS["what"]).status_code == 303
    time_machine.shift(timedelta(hours=1))
    assert post(stranger(), "what", **STEPS["what"]).status_code == 303


@pytest.mark.usefixtures("limits")
def test_a_network_sends_so_many_in_an_hour_and_the_draft_stays(
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to(NOON)
    browser = stranger()
    write(browser)
    for _try in range(2):
        assert browser.post("/start/check/").status_code == 303

    refused = browser.post("/start/check/")

    assert refused.status_code == 429
    assert refused["Retry-After"]
    assert "still here" in Page.of(refused).one(role="alert").words
    assert browser.post("/start/sent/").status_code == 429
    assert Draft.objects.get().answers["title"] == STEPS["what"]["title"]


@pytest.mark.usefixtures("limits")
def test_a_network_uploads_so_many_pictures_in_an_hour() -> None:
    browser = stranger()
    write(browser)

    statuses = [
        post(browser, "picture", picture=picture(), picture_alt="A").status_code
        for _try in range(3)
    ]

    assert statuses == [303, 303, 429]
    assert post(browser, "picture", picture_alt="A mill").status_code == 303


@pytest.mark.usefixtures("limits")
def test_this_machine_itself_is_not_counted() -> None:
    answers = [
        post(stranger("127.0.0.1"), "what", **STEPS["what"]) for _try in range(4)
    ]

    assert [answer.status_code for answer in answers] == [303] * 4


def test_an_address_gets_three_mails_a_day_whoever_asks(
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to(NOON)
    for _browser in range(5):
        browser = Client()
        write(browser, you={"email": EMAIL})
        assert browser.post("/start/check/").status_code == 303
        time_machine.shift(timedelta(minutes=2))

    worker.send_all_mail()

    assert [message.to for message in mail.outbox] == [[EMAIL]] * 3


def test_the_longest_story_may_be_sent_in_any_script(client: Client) -> None:
    write(client)
    story, ask = "水" * 20_000, "水" * 500

    words = {"ask": ask, "demands": "", "story": story, "do": "go"}
    sent = client.post(
        "/start/why/",
        "&".join(f"{name}={_percent(text)}" for name, text in words.items()),
        content_type="application/x-www-form-urlencoded",
    )

    assert sent.status_code == 303
    assert Draft.objects.get().answers["story"] == story
    too_long = client.post("/start/why/", {"story": "x" * MOST_BYTES_OF_STORY})
    assert too_long.status_code == 413


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def test_one_network_does_not_use_up_what_an_address_may_get(
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to(NOON)
    owner = "203.0.113.9"
    for network in [NETWORK] * 5 + [owner] + [f"192.0.2.{n}" for n in range(9)]:
        browser = stranger(network)
        write(browser)
        assert browser.post("/start/check/").status_code == 303
        worker.send_all_mail()
        if network == owner:
            assert len(mail.outbox) == 4  # three of the stranger's, and the owner's
        time_machine.shift(timedelta(minutes=2))

    assert [message.to for message in mail.outbox] == [[EMAIL]] * 5


def test_mails_that_wait_for_other_addresses_do_not_go_to_the_last(
    client: Client,
) -> None:
    write(client)
    for email in ["one@example.org", "two@example.org", EMAIL]:
        post(client, "you", **{**STEPS["you"], "email": email}, do="go")
        client.post("/start/check/")

    worker.send_all_mail()

    assert [message.to for message in mail.outbox] == [[EMAIL]]


def test_nor_do_they_where_the_last_may_get_no_more(client: Client) -> None:
    send(Client())
    write(client, you={"email": "one@example.org"})
    client.post("/start/check/")
    post(client, "you", **STEPS["you"], do="go")
    client.post("/start/check/")

    worker.send_all_mail()

    assert [message.to for message in mail.outbox] == [[EMAIL]]


def test_a_mail_that_waits_is_not_lost_when_there_is_room_for_no_other(
    client: Client,
) -> None:
    write(client)
    client.post("/start/check/")
    post(client, "why", **{**STEPS["why"], "ask": "Leave it in the water."})
    client.post("/start/check/")

    link = mailed_link()

    assert len(mail.outbox) == 1
    assert "Leave it in the water." in client.get(link).content.decode()


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("has_draft", [True, False])
def test_a_picture_counts_before_anybody_looks_at_it(has_draft: bool) -> None:
    browser = stranger()
    if has_draft:
        post(browser, "what", **STEPS["what"])
    broken = b"no picture"

    pages = [
        post(browser, "picture", picture=SimpleUploadedFile("a.jpg", broken))
        for _try in range(3)
    ]

    assert [page.status_code for page in pages] == [400, 400, 429]
    refused = Page.of(pages[-1])
    assert "Too much was sent" in refused.one(role="alert").words
    assert refused.all(class_="field__error") == []


# Not me


def test_who_never_asked_for_it_gets_no_more_of_them(client: Client) -> None:
    send(client, you={"email": "Ada+mill@example.org"})
    link = re.findall(
        r"http://testserver(\S+/not-me/\S+|/not-me/\S+)", mail.outbox[0].body
    )[0]
    client.post("/start/")  # whatever has become of the draft

    assert Client().get(link).status_code == 200
    assert not Suppression.objects.exists()
    answers = [Client().post(link).status_code for _press in range(2)]

    assert answers == [200, 200]
    mail.outbox.clear()
    other = Client()
    write(other)
    other.post("/start/check/")
    worker.send_all_mail()
    assert mail.outbox == []
    Client().post(link, {"allow": "1"})
    assert not Suppression.objects.exists()
    assert Client().post(f"{link[:-3]}xx/").status_code == 404


# Browsers and caches


def test_pages_of_starting_are_kept_by_no_cache(client: Client) -> None:
    empty = client.get("/start/")
    write(client)
    pages = [empty, client.get("/start/"), client.get("/start/check/")]
    pages += [client.get(f"/start/{step}/") for step in STEPS]
    pages += [client.post("/start/check/"), client.get("/start/sent/")]

    assert {page["Cache-Control"] for page in pages} == {"no-store, private"}


def test_the_cookie_goes_to_the_pages_of_starting_alone(client: Client) -> None:
    assert not client.get("/start/").cookies

    answer = post(client, "what", **STEPS["what"])

    cookies = dict(answer.cookies)
    assert {cookies[name]["path"] for name in cookies} >= {"/start/", "/es/start/"}
    for name, cookie in cookies.items():
        assert name.startswith("draft-")
        assert cookie["path"].endswith("/start/")
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["max-age"] == 30 * 24 * 3600
        assert not cookie["domain"]
        assert not cookie["secure"]


def test_on_https_the_cookie_is_secure(client: Client, settings) -> None:
    settings.SESSION_COOKIE_SECURE = True

    answer = post(client, "what", **STEPS["what"])

    assert answer.cookies["__Secure-draft-en"]["secure"]


@pytest.mark.parametrize(
    "path", ["/start/", "/start/what/", "/start/check/", "/start/sent/"]
)
def test_another_site_cannot_post_there(client: Client, path: str) -> None:
    write(client)

    refused = client.post(path, {}, headers={"Sec-Fetch-Site": "cross-site"})

    assert refused.status_code == 403
    assert Draft.objects.get().answers["title"] == STEPS["what"]["title"]
    assert not Notice.objects.exists()


def test_other_pages_stay_the_same_for_everybody(client: Client) -> None:
    write(client)
    other = Client().get("/petitions/")

    own = client.get("/petitions/")

    assert own.content == other.content
    assert own["Cache-Control"].startswith("public")


# Forgetting


def test_a_draft_that_nobody_touches_is_forgotten_after_30_days(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON)
    send(client)
    kept = Client()
    write(kept, you={"email": "bo@example.org"})
    time_machine.shift(timedelta(days=20))
    post(kept, "goal", goal="500")
    time_machine.shift(timedelta(days=10, seconds=1))

    forgotten = retention.forget()

    assert forgotten["drafts"] == 1
    assert Draft.objects.get().answers["email"] == "bo@example.org"


def test_what_became_a_petition_is_forgotten_too_and_the_petition_stays(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON)
    client.post(send(client))
    time_machine.shift(timedelta(days=31))

    retention.forget()

    assert not Draft.objects.exists()
    assert Petition.objects.exists()


def test_what_is_touched_this_moment_is_not_forgotten(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON)
    write(client)
    time_machine.shift(timedelta(days=31))
    touched = []

    def touch(execute, sql, parameters, many, context):
        answer = execute(sql, parameters, many, context)
        if not touched:
            touched.append(sql)
            Draft.objects.get().keep({}, language="en")
        return answer

    with connection.execute_wrapper(touch):
        assert Draft.objects.untouched().forget() == 0

    assert Draft.objects.exists()
