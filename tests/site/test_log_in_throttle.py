"""Guessing is slow, and locks nobody out who has been here before."""

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.accounts import throttles
from config.accounts.devices import KEPT, Device, cookie_name, device_of, remember
from tests.html import Page
from tests.log_in import code_of_app, log_in, mails_to, set_up_app
from tests.makers import PASSWORD, make_staff
from tests.site.test_log_in import CODE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("early_in_a_minute")]


def guess(
    email: str, *, network: str = "10.0.0.1", client: Client | None = None
) -> int:
    words = {"login": email, "password": "wrong"}
    client = client or Client()
    response = client.post("/accounts/login/", words, REMOTE_ADDR=network)
    if response.status_code == 429:
        assert int(response["Retry-After"]) > 0
        assert "Too many attempts" in Page.of(response).words
    return response.status_code


@pytest.mark.parametrize("is_known", [True, False])
def test_a_network_guesses_at_one_account_only_so_often(is_known: bool) -> None:
    email = make_staff().email if is_known else "nobody@example.org"

    answers = [guess(email) for _time in range(6)]

    assert answers == [200] * 5 + [429]


@pytest.mark.parametrize("is_known", [True, False])
def test_all_networks_together_guess_at_one_account_only_so_often(
    is_known: bool,
) -> None:
    email = make_staff().email if is_known else "nobody@example.org"

    answers = [guess(email, network=f"10.0.1.{number}") for number in range(31)]

    assert answers == [200] * 30 + [429]


def test_who_has_been_here_before_comes_in_while_strangers_guess() -> None:
    staff, known = make_staff(), Client()
    log_in(known, staff)
    known.post("/accounts/logout/")
    for number in range(31):
        guess(staff.email, network=f"10.0.1.{number}")
    for _time in range(20):  # and all from the same house
        guess(staff.email, network="127.0.0.1")

    assert guess(staff.email, network="10.0.2.1") == 429
    assert log_in(known, staff)["Location"] == "/admin/"


def test_a_known_device_guesses_no_more_than_others() -> None:
    staff, known = make_staff(), Client()
    log_in(known, staff)
    known.post("/accounts/logout/")

    answers = [guess(staff.email, client=known) for _time in range(6)]

    assert answers == [200] * 5 + [429]


def test_a_device_is_known_to_its_own_account_alone() -> None:
    staff, other, known = make_staff(), make_staff(), Client()
    log_in(known, staff)
    known.post("/accounts/logout/")
    for number in range(31):
        guess(other.email, network=f"10.0.1.{number}")

    assert guess(other.email, client=known, network="10.0.2.1") == 429


def test_a_forged_device_is_no_device() -> None:
    staff, client = make_staff(), Client()
    for number in range(31):
        guess(staff.email, network=f"10.0.1.{number}")

    for forged in ["x", "a:b:c", "WyJhIl0:1abcde:xyz"]:
        client.cookies["device"] = forged
        assert guess(staff.email, client=client, network="10.0.2.1") == 429


def test_who_types_the_right_password_uses_up_nothing() -> None:
    staff = make_staff()

    answers = [log_in(Client(), staff).status_code for _time in range(8)]

    assert answers == [302] * 8


def test_codes_are_guessed_at_only_so_often() -> None:
    staff, client = make_staff(), Client()
    set_up_app(staff)
    client.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})

    answers = [client.post(CODE, {"code": "000 000"}).status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]
    assert client.post(CODE, {"code": code_of_app()}).status_code == 429


def test_one_mailbox_is_not_filled_and_nobody_learns_of_it() -> None:
    staff = make_staff()

    answers = [
        Client().post(
            "/accounts/password/reset/",
            {"email": staff.email},
            REMOTE_ADDR=f"10.0.0.{number}",
        )["Location"]
        for number in range(6)
    ]

    assert set(answers) == {"/accounts/password/reset/done/"}
    most = throttles.RESET_MAILS.most
    assert len(mails_to(staff, most)) == most


def test_one_network_asks_for_new_passwords_only_so_often() -> None:
    answers = [
        Client()
        .post("/accounts/password/reset/", {"email": f"{number}@example.org"})
        .status_code
        for number in range(11)
    ]

    assert answers == [302] * 10 + [429]


def test_a_session_guesses_at_its_own_password_only_so_often(log_in) -> None:
    client = log_in(make_staff())
    words = {"oldpassword": "wrong", "password1": "a" * 14, "password2": "a" * 14}

    answers = [
        client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code
        for _time in range(6)
    ]

    assert answers == [200] * 5 + [429]
    assert client.post("/accounts/password/change/", words).status_code == 200


def test_a_code_that_was_used_is_used_whichever_process_saw_it() -> None:
    assert throttles.is_first_use(1, "123 456")
    assert throttles.is_first_use(2, "123456")

    assert not throttles.is_first_use(1, "123456")


def test_a_device_forgets_after_half_a_year_and_knows_five_accounts_at_most() -> None:
    emails = [f"staff{number}@example.org" for number in range(6)]
    with time_machine.travel("2026-03-02", tick=False) as clock:
        device = Device("browser")
        for email in emails:
            device = device.with_account(email)
        response = HttpResponse()
        remember(device, response)
        request = RequestFactory().get("/accounts/login/")
        request.COOKIES = {cookie_name(): response.cookies[cookie_name()].value}

        known = [device_of(request).knows(email) for email in emails]
        clock.shift(KEPT + timedelta(days=1))
        later = [device_of(request).knows(email) for email in emails]

    assert known == [False, True, True, True, True, True]
    assert not any(later)
