"""Staff pause the signing, of one petition or of all; pages stay, with a notice."""

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import lifecycle
from campaigns.models import Event
from petitions.models import Account, Petition, SigningPause, WrongState
from signatures.models import Signature
from tests.campaigns.admin_forms import act_url, change_url, events
from tests.html import Page
from tests.makers import (
    confirm_url,
    make_account,
    make_closed_petition,
    make_confirmed_signature,
    make_moderator,
    make_organizer,
    make_petition,
    make_signature,
    make_staff,
    sign_url,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
NOTICE = "We look into <some> signatures. Come back tomorrow."
TYPED = {"name": "Ann Otter", "email": "ann@example.org", "reason": "I cross it."}
SITE_PAUSES = "/admin/petitions/signingpause/"


def pause(petition: Petition | None) -> None:
    lifecycle.pause_signing(petition, by=make_staff(), notice=NOTICE)


def resume(petition: Petition | None) -> None:
    lifecycle.resume_signing(petition, by=make_staff())


def structured_of(page: Page) -> dict:
    script = page.one("script", type="application/ld+json")
    return json.loads(script.words)["@graph"][0]


@pytest.mark.parametrize("is_whole_site", [False, True])
def test_the_notice_stands_where_the_form_stood(
    client: Client, is_whole_site: bool
) -> None:
    petition = make_petition(title="Keep the mill")
    before = client.get(petition.get_absolute_url()).content

    pause(None if is_whole_site else petition)
    page = Page.of(client.get(petition.get_absolute_url()))
    resume(None if is_whole_site else petition)

    assert NOTICE in page.one("section", id="sign").words
    assert "Keep the mill" in page.words
    assert page.all("form") == []
    assert page.all("aside", class_="sign-bar") == []
    assert "potentialAction" not in structured_of(page)
    assert client.get(petition.get_absolute_url()).content == before


def test_a_pause_of_one_petition_leaves_the_others_alone(client: Client) -> None:
    paused, other = make_petition(), make_petition()
    pause(paused)

    assert NOTICE not in Page.of(client.get(other.get_absolute_url())).words
    assert client.post(sign_url(other), TYPED).status_code == 303
    assert client.post(sign_url(paused), TYPED).status_code == 409


def test_its_own_notice_goes_before_that_of_the_site(client: Client) -> None:
    petition = make_petition()
    pause(None)
    lifecycle.pause_signing(petition, by=make_staff(), notice="Its own words.")

    page = client.get(petition.get_absolute_url())

    assert "Its own words." in Page.of(page).words
    assert NOTICE not in Page.of(page).words


def test_an_ended_petition_says_that_it_has_ended(client: Client) -> None:
    petition = make_closed_petition()
    pause(None)

    page = Page.of(client.get(petition.get_absolute_url()))

    assert NOTICE not in page.words
    assert client.get(sign_url(petition)).status_code == 409


def test_the_form_on_its_own_page_gives_way_too(client: Client) -> None:
    petition = make_petition()
    pause(petition)

    response = client.get(sign_url(petition))

    page = Page.of(response)
    assert response.status_code == 200
    assert NOTICE in page.words
    assert page.all("form") == []
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize("is_whole_site", [False, True])
def test_who_had_the_form_open_gets_back_what_was_typed(
    client: Client, is_whole_site: bool
) -> None:
    petition = make_petition()
    pause(None if is_whole_site else petition)

    response = client.post(sign_url(petition), TYPED)

    page = Page.of(response)
    assert (response.status_code, response["Retry-After"]) == (409, "3600")
    assert NOTICE in page.words
    assert page.one("input", name="name").attributes["value"] == TYPED["name"]
    assert page.one("input", name="email").attributes["value"] == TYPED["email"]
    assert page.one("textarea", name="reason").words == TYPED["reason"]
    assert Signature.objects.count() == 0
    resume(None if is_whole_site else petition)
    assert client.post(sign_url(petition), TYPED).status_code == 303


def test_a_mistake_in_a_paused_form_loses_nothing_either(client: Client) -> None:
    petition = make_petition()
    pause(petition)

    response = client.post(sign_url(petition), {"name": "Ann", "email": "ann@"})

    assert response.status_code == 409
    assert Page.of(response).one("input", name="email").attributes["value"] == "ann@"


def test_confirming_and_withdrawing_go_on(client: Client) -> None:
    pending = make_signature()
    counted = make_confirmed_signature(petition=pending.petition)
    pause(None)

    client.post(confirm_url(pending))
    counted.withdraw()

    pending.refresh_from_db()
    assert pending.is_confirmed
    assert not Signature.objects.confirmed().filter(pk=counted.pk).exists()


def test_machines_are_told_of_an_open_petition(client: Client) -> None:
    petition = make_petition(title="Keep the mill")
    pause(petition)

    count = client.get(f"{petition.get_absolute_url()}count.json").json()

    assert count["state"] == "open"
    assert client.get(f"{petition.get_absolute_url()}feed/").status_code == 200
    assert b"Keep the mill" in client.get("/petitions/").content


def test_a_paused_page_is_one_question(client: Client) -> None:
    petition = make_petition()
    pause(petition)
    pause(None)

    with CaptureQueriesContext(connection) as queries:
        client.get(petition.get_absolute_url())

    assert len(queries) == 1


@pytest.mark.parametrize("is_whole_site", [False, True])
def test_a_second_pause_does_not_begin(is_whole_site: bool) -> None:
    petition = None if is_whole_site else make_petition()
    pause(petition)

    with pytest.raises(WrongState):
        pause(petition)
    resume(petition)
    with pytest.raises(WrongState):
        resume(petition)
    pause(petition)

    assert SigningPause.objects.running().count() == 1
    assert [kind for kind, _note in events()] == ["paused", "resumed", "paused"]


@pytest.mark.parametrize("make", [make_staff, make_moderator])
def test_signing_is_paused_and_resumed_on_the_petitions_page(
    log_in: LogIn, make: Callable[[], Account]
) -> None:
    petition, account = make_petition(), make()
    client = log_in(account)

    client.post(act_url(petition, "pause"), {"notice": NOTICE})
    page = Page.of(client.get(change_url(petition)))
    paused = SigningPause.objects.get()
    again = client.post(act_url(petition, "pause"), {"notice": NOTICE}, follow=True)
    client.post(act_url(petition, "resume"))

    assert (paused.petition, paused.by, paused.notice) == (petition, account, NOTICE)
    assert f"signing is paused: {NOTICE}" in page.words
    assert "This is not possible now" in Page.of(again).words
    paused.refresh_from_db()
    assert not paused.is_running
    assert events() == [("paused", NOTICE), ("resumed", "")]


def test_a_pause_needs_a_notice(log_in: LogIn) -> None:
    petition = make_petition()

    answer = log_in(make_staff()).post(act_url(petition, "pause"), {"notice": " "})

    assert answer.status_code == 200
    assert SigningPause.objects.count() == 0


def test_staff_pause_the_whole_site_and_see_so_first_of_all(log_in: LogIn) -> None:
    client = log_in(make_staff())

    client.post(f"{SITE_PAUSES}add/", {"notice": NOTICE})
    again = client.post(f"{SITE_PAUSES}add/", {"notice": NOTICE})
    index = Page.of(client.get("/admin/"))
    (paused,) = SigningPause.objects.all()
    listed = Page.of(client.get(SITE_PAUSES)).words
    client.post(f"{SITE_PAUSES}{paused.pk}/resume/do/")

    assert paused.petition is None
    assert "The whole site is paused already." in Page.of(again).words
    assert "Signing is paused by 1 notice" in index.words
    assert NOTICE in listed
    assert SigningPause.objects.running().count() == 0
    assert events() == [("paused", NOTICE), ("resumed", "")]
    assert [event.petition for event in Event.objects.all()] == [None, None]


def test_of_two_presses_at_once_one_pauses_the_site(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has looked before the first was there."""
    client = log_in(make_staff())
    pause(None)
    running = SigningPause.objects.running()
    with monkeypatch.context() as patch:
        patch.setattr(
            "campaigns.admin.pauses.SitePauseForm.clean", lambda form: form.cleaned_data
        )
        answer = client.post(f"{SITE_PAUSES}add/", {"notice": NOTICE})

    assert answer.status_code == 302
    assert running.count() == 1


def test_a_moderator_pauses_petitions_and_not_the_site(log_in: LogIn) -> None:
    client = log_in(make_moderator())
    pause(None)
    site = SigningPause.objects.get()

    answers = [
        client.get(f"{SITE_PAUSES}add/").status_code,
        client.post(f"{SITE_PAUSES}add/", {"notice": NOTICE}).status_code,
        client.post(f"{SITE_PAUSES}{site.pk}/resume/do/").status_code,
    ]

    assert answers == [403, 403, 404]
    assert client.get(SITE_PAUSES).status_code == 200
    assert NOTICE not in Page.of(client.get(SITE_PAUSES)).words
    assert SigningPause.objects.running().count() == 1


def test_an_organizer_reads_the_notice_and_pauses_nothing(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    client = log_in(rosa)

    answer = client.post(act_url(petition, "pause"), {"notice": NOTICE})
    pause(petition)
    resumed = client.post(act_url(petition, "resume"))

    assert (answer.status_code, resumed.status_code) == (403, 403)
    assert (
        f"signing is paused: {NOTICE}"
        in Page.of(client.get(change_url(petition))).words
    )
    assert client.get(SITE_PAUSES).status_code == 403
    assert SigningPause.objects.running().count() == 1


def test_a_stranger_pauses_nothing(client: Client) -> None:
    petition = make_petition()

    client.post(act_url(petition, "pause"), {"notice": NOTICE})
    client.post(f"{SITE_PAUSES}add/", {"notice": NOTICE})

    assert SigningPause.objects.count() == 0
    assert make_account().is_staff is False
