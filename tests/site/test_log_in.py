"""Who comes in, and how: a password, and a second factor."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, override_settings
from django.urls import reverse

import config.settings
from config.accounts.urls import urlpatterns
from petitions.models import Account, Role
from tests.html import Page
from tests.log_in import SECRET, code_of_app, log_in, mails_to, set_up_app
from tests.makers import PASSWORD, make_account, make_moderator, make_staff

pytestmark = pytest.mark.django_db

CODE = "/accounts/2fa/authenticate/"
NEW_PASSWORD = "three-lamps-by-the-river"


def test_the_admin_leads_to_the_log_in_and_back() -> None:
    client, staff = Client(), make_staff()
    set_up_app(staff)

    led = client.get("/admin/petitions/topic/", follow=True)

    assert led.redirect_chain[-1][0] == "/accounts/login/?next=/admin/petitions/topic/"
    words = {"login": staff.email, "password": PASSWORD}
    asked = client.post(led.redirect_chain[-1][0], words)
    assert asked["Location"] == CODE
    assert client.get("/admin/").status_code == 302
    done = client.post(CODE, {"code": code_of_app()})
    assert done["Location"] == "/admin/petitions/topic/"
    assert client.get("/admin/petitions/topic/").status_code == 200


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_log_in_speaks_each_language(client: Client, language: str) -> None:
    page = client.get(f"{language}/admin/", follow=True)

    assert page.redirect_chain[-1][0].startswith(f"{language}/accounts/login/")
    assert page["Content-Language"] == (language.strip("/") or "en")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "x:y"]
)
def test_nobody_is_led_to_another_site(elsewhere: str) -> None:
    client, staff = Client(), make_staff()
    set_up_app(staff)
    for address in ("/admin/login/", "/accounts/login/"):
        led = client.get(address, {"next": elsewhere})
        assert "evil" not in led.headers.get("Location", "")

    words = {"login": staff.email, "password": PASSWORD, "next": elsewhere}
    client.post("/accounts/login/", words)
    done = client.post(CODE, {"code": code_of_app()})

    assert done["Location"] == "/admin/"


@pytest.mark.parametrize("role", list(Role))
def test_who_has_no_second_factor_is_led_to_set_one_up(role: Role) -> None:
    client, account = Client(), make_account(role=role)

    log_in(client, account)

    for path in ["/admin/", "/admin/petitions/petition/", "/es/admin/"]:
        led = client.get(path, follow=True)
        assert led.redirect_chain[-1][0].endswith("/accounts/2fa/")
    assert client.post("/admin/petitions/petition/add/").status_code == 302


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_once_it_is_set_up_the_admin_is_open_here_and_closed_elsewhere() -> None:
    client, elsewhere, staff = Client(), Client(), make_staff()
    log_in(client, staff)
    log_in(elsewhere, staff)  # by whom knows the password, and came first

    secret = Page.of(client.get("/accounts/2fa/totp/activate/")).one("code").words
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of_app(secret)})

    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    assert client.get("/admin/").status_code == 200
    led = elsewhere.get("/accounts/2fa/")
    assert led["Location"].startswith("/accounts/login/")


def test_a_password_alone_is_enough_where_the_site_says_so() -> None:
    client, staff = Client(), make_staff()
    with override_settings(SECOND_FACTOR=False):
        log_in(client, staff)

        assert client.get("/admin/").status_code == 200

    assert client.get("/admin/").status_code == 302


def test_a_session_that_gave_no_factor_opens_nothing() -> None:
    client, staff = Client(), make_staff()
    client.login(username=staff.email, password=PASSWORD)
    set_up_app(staff)

    assert client.get("/admin/").status_code == 302


def test_a_wrong_code_is_refused_and_a_right_one_works_once() -> None:
    first, second, staff = Client(), Client(), make_staff()
    set_up_app(staff)
    words = {"login": staff.email, "password": PASSWORD}
    for client in (first, second):
        client.post("/accounts/login/", words)
    code = code_of_app()
    wrong = str((int(code) + 1) % 10**6).zfill(6)

    assert first.post(CODE, {"code": wrong}).status_code == 200
    assert first.post(CODE, {"code": code}).status_code == 302
    assert second.post(CODE, {"code": code}).status_code == 200
    assert second.get("/admin/").status_code == 302


def test_a_recovery_code_stands_in_for_the_phone_once() -> None:
    client, staff = Client(), make_staff()
    log_in(client, staff)
    secret = Page.of(client.get("/accounts/2fa/totp/activate/")).one("code").words
    client.post("/accounts/2fa/totp/activate/", {"code": code_of_app(secret)})
    page = Page.of(client.get("/accounts/2fa/recovery-codes/"))
    codes = [code.words for code in page.all("code")]
    assert len(set(codes)) == 10

    answers = []
    for _time in range(2):
        other = Client()
        words = {"login": staff.email, "password": PASSWORD}
        other.post("/accounts/login/", words)
        other.post(CODE, {"code": codes[0]})
        answers.append(other.get("/admin/").status_code)

    assert answers == [200, 302]


def test_without_any_factor_left_the_admin_closes(log_in) -> None:
    client = log_in(make_staff())

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert client.get("/admin/").status_code == 302


def test_what_changes_the_log_in_asks_again_who_it_is(log_in) -> None:
    client = log_in(make_staff())
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 301
    session.save()

    for path in [
        *("2fa/totp/deactivate/", "2fa/webauthn/add/"),
        *("2fa/recovery-codes/generate/", "2fa/recovery-codes/"),
    ]:
        set_up_app(Account.objects.get())
        client.post("/accounts/2fa/recovery-codes/generate/")
        led = client.get(f"/accounts/{path}")
        is_there = Authenticator.objects.filter(type="recovery_codes").exists()
        if path == "2fa/recovery-codes/" and not is_there:
            assert led.status_code == 404
        else:
            assert "reauthenticate" in led["Location"], path

    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200


def test_secrets_do_not_stand_in_the_database_as_they_are() -> None:
    set_up_app(make_staff())

    (stored,) = Authenticator.objects.values_list("data", flat=True)

    assert SECRET not in str(stored)


def test_a_changed_key_of_the_site_opens_nothing() -> None:
    client, staff = Client(), make_staff()
    set_up_app(staff)
    client.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})

    (factor,) = Authenticator.objects.all()
    with override_settings(SECRET_KEY="another key, long enough to sign with"):
        assert factor.wrap().validate_code(code_of_app()) is False
        assert factor.wrap().validate_code(code_of_app("")) is False


# All that is wrong gets one answer


def make_role_less() -> Account:
    return make_account()


def make_inactive() -> Account:
    account = make_staff()
    Account.objects.filter(pk=account.pk).update(is_active=False)
    return account


@pytest.mark.parametrize(
    ("make", "password"),
    [
        (None, "wrong"),
        (None, PASSWORD),
        (make_staff, "wrong"),
        (make_role_less, "wrong"),
        (make_role_less, PASSWORD),
        (make_inactive, "wrong"),
        (make_inactive, PASSWORD),
    ],
)
def test_the_answer_does_not_tell_who_has_an_account(make, password: str) -> None:
    email = make().email if make else "nobody@example.org"

    response = Client().post("/accounts/login/", {"login": email, "password": password})

    page = Page.of(response)
    assert response.status_code == 200
    assert "E-mail or password is not right." in page.words
    without_address = re.sub(r"value=\"[^\"]*\"", "", response.content.decode())
    other = Client().post(
        "/accounts/login/", {"login": "b@example.org", "password": "x"}
    )
    assert without_address == re.sub(r"value=\"[^\"]*\"", "", other.content.decode())


def test_one_hash_is_reckoned_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = identify_hasher(make_staff().password)
    reckoned = []
    encode = type(hasher).encode
    monkeypatch.setattr(
        type(hasher), "encode", lambda *a, **k: reckoned.append(1) or encode(*a, **k)
    )
    numbers = []

    for email in [Account.objects.get().email, "nobody@example.org"]:
        reckoned.clear()
        Client().post("/accounts/login/", {"login": email, "password": "wrong"})
        numbers.append(len(reckoned))

    assert numbers == [1, 1]


# A forgotten password


def test_a_forgotten_password_is_set_by_mail_and_the_factor_stays() -> None:
    client, staff = Client(), make_staff()
    set_up_app(staff)

    client.post("/accounts/password/reset/", {"email": staff.email.upper()})
    (message,) = mails_to(staff, 1)
    (link,) = re.findall(r"http://testserver(/accounts/\S+)", message.body)
    words = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    from_mail = Client(enforce_csrf_checks=False)  # a strict cookie stays behind
    done = from_mail.post(link, words)

    assert done["Location"] == "/accounts/login/"
    assert client.get("/admin/").status_code == 302
    assert from_mail.get("/admin/").status_code == 302
    words = {"login": staff.email, "password": NEW_PASSWORD}
    assert from_mail.post("/accounts/login/", words)["Location"] == CODE
    assert from_mail.get("/admin/").status_code == 302
    assert Client().get(link).status_code == 404


def test_the_link_in_the_mail_is_the_sites_own_whatever_a_request_says() -> None:
    staff = make_staff()

    Client().post(
        "/accounts/password/reset/", {"email": staff.email}, HTTP_HOST="127.0.0.1:9999"
    )

    (message,) = mails_to(staff, 1)
    assert "127.0.0.1" not in message.body + str(message.alternatives)
    assert "http://testserver/accounts/password/reset/key/" in message.body


@pytest.mark.parametrize("make", [None, make_inactive])
def test_asking_for_a_new_password_tells_nothing(make) -> None:
    email = make().email if make else "nobody@example.org"
    staff = make_staff()

    answers = [
        Client().post("/accounts/password/reset/", {"email": one}, follow=True)
        for one in (email, staff.email)
    ]

    mails_to(staff, 1)
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert answers[0].content == answers[1].content
    assert [one.to for one in mail.outbox] == [[staff.email]]


@pytest.mark.parametrize(
    "key", ["1-abc-def", "zz-x", "0-set-password", "9" * 20 + "-a"]
)
def test_a_link_that_never_was_is_not_found(client: Client, key: str) -> None:
    response = client.get(f"/accounts/password/reset/key/{key}/")

    assert response.status_code == 404


# Passwords


@pytest.mark.parametrize("bad", ["short-words", "password12345", "1234567890123"])
def test_a_weak_password_is_refused_wherever_it_is_set(log_in, bad: str) -> None:
    owner = make_account(role=Role.OWNER)
    client = log_in(owner)
    words = {"password1": bad, "password2": bad}
    Client().post("/accounts/password/reset/", {"email": owner.email})
    link = re.findall(r"http://testserver(/accounts/\S+)", mails_to(owner, 1)[0].body)
    other = make_moderator()

    for path, more in [
        ("/accounts/password/change/", {"oldpassword": PASSWORD}),
        (link[0], {}),
        ("/admin/petitions/account/add/", {"email": "new@example.org", "name": "N"}),
        (
            f"/admin/petitions/account/{other.pk}/password/",
            {"usable_password": "true", "set-password": "1"},
        ),
    ]:
        response = client.post(path, {**words, **more})
        assert response.status_code == 200, path

    assert Account.objects.count() == 2
    for account in Account.objects.all():
        assert account.check_password(PASSWORD)
    with pytest.raises(CommandError):
        call_command("createsuperuser", interactive=False, email="not an address")


def test_passwords_are_kept_with_argon2() -> None:
    assert "Argon2" in config.settings.PASSWORD_HASHERS[0]


# What there is not


def test_what_is_not_needed_is_not_there(client: Client) -> None:
    for path in [
        *("signup/", "email/", "confirm-email/", "inactive/", "password/set/"),
        *("social/login/", "3rdparty/", "login/code/", "2fa/trust/", ""),
        *("2fa/recovery-codes/download/", "2fa/webauthn/signup/"),
    ]:
        assert client.get(f"/accounts/{path}").status_code == 404, path


@pytest.mark.parametrize("url", urlpatterns, ids=lambda url: url.name)
def test_no_page_of_the_log_in_is_kept_anywhere(log_in, url) -> None:
    values = {"pk": 1, "uidb36": "1", "key": "a-b"}
    keywords = {one: values[one] for one in url.pattern.regex.groupindex}
    address = reverse(url.name, kwargs=keywords)

    for client in (Client(), log_in(make_staff())):
        response = client.get(address)
        assert response.status_code in (200, 302, 404)
        if response.status_code != 404 or url.name.startswith("account"):
            assert "no-store" in response["Cache-Control"]
        for method in ("PUT", "DELETE", "OPTIONS", "TRACE"):
            assert client.generic(method, address).status_code == 405


def test_a_role_that_was_taken_away_leads_nobody_in_circles() -> None:
    client, staff = Client(), make_staff()
    client.login(username=staff.email, password=PASSWORD)
    staff.groups.clear()

    led = client.get("/admin/", follow=True)

    assert led.redirect_chain[-1][0].startswith("/accounts/login/")
    assert led.status_code == 200
