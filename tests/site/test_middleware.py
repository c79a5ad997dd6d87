"""What serves people who are logged in stays out of the way of all others."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config import urls as config_urls
from config.middleware import ADMIN
from tests.makers import make_petition, make_staff
from tests.signatures.acts import sign

seen: list[HttpRequest] = []


@csrf_exempt
def open_to_all(request: HttpRequest) -> HttpResponse:
    seen.append(request)
    return HttpResponse()


def forgotten(request: HttpRequest) -> HttpResponse:
    """A view whose writer did not think of who may post to it."""
    return HttpResponse()


urlpatterns = [
    path("open/", open_to_all),
    path("forgotten/", forgotten),
    path("es/admin/open/", open_to_all),
    *config_urls.urlpatterns,
]
here = override_settings(ROOT_URLCONF=__name__)


@here
def test_a_post_to_a_view_that_says_nothing_is_refused_wherever_it_stands() -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/open/").status_code == 200
    assert strict.post("/forgotten/").status_code == 403
    strict.cookies["csrf"] = "a" * 32
    assert strict.post("/forgotten/").status_code == 403


@here
@pytest.mark.parametrize(
    ("address", "is_known"), [("/open/", 0), ("/es/admin/open/", 1)]
)
def test_only_the_admin_knows_sessions_and_accounts(
    address: str, is_known: int
) -> None:
    Client().post(address)

    request = seen.pop()
    assert hasattr(request, "session") == bool(is_known)
    assert hasattr(request, "user") == bool(is_known)


@pytest.mark.parametrize(
    ("address", "is_admin"),
    [
        *[("/admin/", True), ("/es/admin/login/", True), ("/pt-br/admin/", True)],
        *[("/accounts/login/", True), ("/es/accounts/2fa/", True)],
        *[("/accountsa/", False), ("/petitions/accounts/", False)],
        *[("/by/accounts/", False), ("/to/admin/", False)],
        *[("/", False), ("/petitions/save-the-admin/", False), ("/adminster/", False)],
        ("/petitions/a/admin/", False),
    ],
)
def test_the_admin_is_known_by_its_address(address: str, is_admin: bool) -> None:
    assert bool(ADMIN.match(address)) == is_admin


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/es"])
def test_the_admin_still_knows_who_is_logged_in(log_in, language: str) -> None:
    client = log_in(make_staff())

    assert client.get(f"{language}/admin/").status_code == 200
    assert Client().get(f"{language}/admin/").status_code == 302


@pytest.mark.django_db
def test_a_cookie_of_the_admin_changes_nothing_for_who_signs(log_in) -> None:
    client = log_in(make_staff())

    response = sign(client, make_petition())

    assert response.status_code == 303
    assert not response.cookies
    assert not response.has_header("Vary")
