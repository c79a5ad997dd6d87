"""Sessions end by themselves, can be seen and ended, and nobody's address is kept."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from campaigns import accounts
from petitions.models import Account, Role
from tests.html import Page
from tests.log_in import code_of_app, log_in, mails_to, set_up_app
from tests.makers import make_owner, make_petition, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("early_in_a_minute")]

FIREFOX = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def logged_in(account: Account, *, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    if not accounts.has_factors(account):
        set_up_app(account)
        log_in(client, account)
    else:  # its code was used by the first
        log_in_with_next_code(client, account)
    assert client.get("/admin/").status_code == 200
    return client


def log_in_with_next_code(client: Client, account: Account) -> None:
    from tests.makers import PASSWORD

    words = {"login": account.email, "password": PASSWORD}
    client.post("/accounts/login/", words)
    for later in (1, -1):
        code = {"code": code_of_app(periods_later=later)}
        if client.post("/accounts/2fa/authenticate/", code).status_code == 302:
            return


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_a_session_ends_after_a_quarter_of_an_hour_without_a_page(log_in) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = log_in(make_staff())
        for _page in range(4):
            clock.shift(timedelta(minutes=14))
            assert is_in(client)

        clock.shift(timedelta(minutes=16))
        assert not is_in(client)


def test_a_session_ends_after_a_working_day_whatever_is_done(log_in) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = log_in(make_staff())
        for _page in range(48):
            clock.shift(timedelta(minutes=10))
            assert is_in(client)

        clock.shift(timedelta(minutes=1))
        assert not is_in(client)


def test_the_list_names_the_device_and_no_address() -> None:
    client = logged_in(make_staff())

    page = Page.of(client.get("/accounts/sessions/"))

    assert "Firefox, Windows (this one)" in page.words
    assert "127.0.0.1" not in page.words
    (kept,) = UserSession.objects.values_list("ip", "user_agent", "data")
    assert kept == ("0.0.0.0", "Firefox, Windows", {})


def test_another_session_is_ended_by_its_owner_alone() -> None:
    staff, stranger = make_staff(), logged_in(make_staff())
    here, there = logged_in(staff), logged_in(staff)
    number = UserSession.objects.get(session_key=there.session.session_key).pk

    stranger.post("/accounts/sessions/", {"session": number})
    assert is_in(there)

    here.post("/accounts/sessions/", {"session": number})
    assert (is_in(there), is_in(here), is_in(stranger)) == (False, True, True)


def test_all_others_are_ended_at_once() -> None:
    staff = make_staff()
    here, *others = [logged_in(staff) for _time in range(3)]

    here.post("/accounts/sessions/", {"others": "1"})

    assert [is_in(one) for one in (here, *others)] == [True, False, False]


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "-1", "٣"])
def test_a_number_that_is_none_ends_nothing(number: str) -> None:
    client = logged_in(make_staff())

    assert client.post("/accounts/sessions/", {"session": number}).status_code < 400
    assert is_in(client)


def test_a_new_password_ends_the_other_sessions() -> None:
    from tests.makers import PASSWORD

    staff = make_staff()
    here, there = logged_in(staff), logged_in(staff)
    new = {"password1": "three-lamps-by-the-river"}
    words = {"oldpassword": PASSWORD, "password2": new["password1"], **new}

    here.post("/accounts/password/change/", words)

    assert (is_in(here), is_in(there)) == (True, False)
    page = Page.of(here.get("/accounts/sessions/"))
    assert page.words.count("(this one)") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": "", "groups": Role.STAFF},
        {"is_active": "on", "groups": Role.ORGANIZER},
        {"is_active": "on", "groups": Role.OWNER},
    ],
)
def test_who_may_do_something_else_logs_in_anew(log_in, change: dict) -> None:
    from django.contrib.auth.models import Group

    staff, owner = make_staff(), make_owner()
    there = logged_in(staff)
    group, _new = Group.objects.get_or_create(name=change["groups"])
    words = {"email": staff.email, "name": "S", **change, "groups": group.pk}
    if not words["is_active"]:
        del words["is_active"]

    done = log_in(owner).post(f"/admin/petitions/account/{staff.pk}/change/", words)

    assert done.status_code == 302
    assert not is_in(there)
    assert not Session.objects.filter(session_key=there.session.session_key).exists()


def test_a_factor_that_is_taken_away_ends_the_other_sessions() -> None:
    staff = make_staff()
    here, there = logged_in(staff), logged_in(staff)

    here.post("/accounts/2fa/totp/deactivate/")

    assert not accounts.has_factors(staff)
    assert not Session.objects.filter(session_key=there.session.session_key).exists()


def test_a_new_device_is_told_by_mail_once() -> None:
    staff = make_staff()
    client = logged_in(staff)
    client.post("/accounts/logout/")
    log_in_with_next_code(client, staff)
    assert is_in(client)

    (message,) = mails_to(staff, 1)

    assert "on a new device: Firefox, Windows" in message.body
    assert "http://testserver/accounts/2fa/" in message.body
    assert "127.0.0.1" not in message.body


def test_cookies_are_strict_and_only_the_sites_own() -> None:
    client = logged_in(make_staff())

    for name in ("session", "csrf", "device"):
        cookie = client.cookies[name]
        assert cookie["samesite"] == "Strict"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
    assert client.cookies["session"]["httponly"]
    assert client.cookies["device"]["httponly"]
    assert not client.cookies["session"]["max-age"]
    with override_settings(SESSION_COOKIE_SECURE=True):
        secure = Client()
        log_in(secure, make_staff())
        assert secure.cookies["__Host-device"]["secure"]


def test_no_public_page_sets_or_needs_a_cookie() -> None:
    client, petition = logged_in(make_staff()), make_petition()
    client.cookies.clear()

    response = client.get(petition.get_absolute_url())

    assert not response.cookies
    assert settings.SESSION_COOKIE_AGE == 900
