"""Whatever goes wrong has its status, and a page that helps."""

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.html import Page
from tests.makers import make_petition, sign_url


def is_a_page_of_ours(response: HttpResponse, status: int) -> bool:
    page = Page.of(response)
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not response.cookies
    assert page.one("html").attributes["lang"] in ("en", "es")
    assert len(page.all("h1")) == 1
    assert page.one("h1").words
    return True


def test_a_forged_host_is_a_bad_request(client: Client) -> None:
    response = client.get("/", headers={"Host": "evil.example.net"})

    assert is_a_page_of_ours(response, 400)
    assert b"evil" not in response.content


@pytest.mark.django_db
def test_a_form_of_another_site_is_forbidden(client: Client) -> None:
    response = client.post(
        sign_url(make_petition()), headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert is_a_page_of_ours(response, 403)


@pytest.mark.django_db
def test_a_form_of_the_admin_without_its_token_is_forbidden() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/")

    assert is_a_page_of_ours(response, 403)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        *("/nothing/", "/es/nada/", "/petitions/nothing/", "/by/nobody/"),
        *("/to/nobody/", "/topics/nothing/", "/petitions/a/updates/1/"),
        *("/%00/", "/%ff/", "/petitions/%F0%9F%92%A9/", "/nothing"),
    ],
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert is_a_page_of_ours(client.get(path), 404)


def test_a_method_that_nothing_takes_gets_a_page(client: Client) -> None:
    response = client.post("/about/")

    assert is_a_page_of_ours(response, 405)
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    petition = make_petition()

    response = client.post(sign_url(petition), {"reason": "x" * 300_000})

    assert is_a_page_of_ours(response, 413)


@pytest.mark.django_db
def test_too_many_fields_are_refused(client: Client) -> None:
    petition = make_petition()

    response = client.post(
        sign_url(petition), {f"field{number}": "x" for number in range(1001)}
    )

    assert is_a_page_of_ours(response, 413)


@pytest.mark.django_db
@pytest.mark.usefixtures("early_in_a_minute")
def test_who_asks_too_often_is_told_to_wait(client: Client) -> None:
    for number in range(10):
        client.post("/find-my-signature/", {"email": f"a{number}@example.org"})

    response = client.post("/find-my-signature/", {"email": "ada@example.org"})

    assert is_a_page_of_ours(response, 429)
    assert int(response["Retry-After"]) > 0


@pytest.mark.urls("tests.site.urls_that_fail")
def test_a_mistake_of_ours_has_a_page_without_its_secrets() -> None:
    client = Client(raise_request_exception=False)

    response = client.get("/break-down/")

    assert is_a_page_of_ours(response, 500)
    assert b"secret" not in response.content


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/", "/es/petitions/", "/petitions/keep-the-mill/"])
def test_while_the_database_is_away_a_page_says_so(
    database_away: None, path: str
) -> None:
    response = Client(raise_request_exception=False).get(path)

    assert is_a_page_of_ours(response, 503)
    assert int(response["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True)
def test_who_signs_while_the_database_is_away_is_asked_to_come_back(
    database_away: None,
) -> None:
    client = Client(raise_request_exception=False)

    response = client.post(
        "/petitions/keep-the-mill/sign/", {"name": "Ada", "email": "ada@example.org"}
    )

    assert is_a_page_of_ours(response, 503)
    assert int(response["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True)
def test_what_asks_nothing_stands_while_the_database_is_away(
    client: Client, database_away: None
) -> None:
    assert client.get("/about/").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("early_in_a_minute")
def test_who_guesses_at_passwords_is_told_to_wait(client: Client) -> None:
    for number in range(20):
        guess = {"login": f"rosa{number}@example.org", "password": "wrong"}
        assert client.post("/accounts/login/", guess).status_code == 200

    response = client.post("/accounts/login/", guess)

    assert is_a_page_of_ours(response, 429)
    assert client.get("/accounts/login/").status_code == 200
