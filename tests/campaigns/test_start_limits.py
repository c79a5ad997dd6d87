"""How much a stranger may start, what is said to caches, and what is forgotten."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from time_machine import TimeMachineFixture

from campaigns import retention, worker
from campaigns.models import Draft, Notice
from config.bounds import MOST_BYTES_OF_STORY
from petitions.models import Petition
from signatures.limits import STARTS
from tests.campaigns.drafts import EMAIL, STEPS, picture, post, send, write
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
