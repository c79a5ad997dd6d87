"""A form that another site makes the browser send is refused; ours needs no cookie."""

import pytest
from django.test import Client

from signatures.models import LinkRequest, Signature
from tests.makers import make_petition, sign_url
from tests.signatures.acts import TYPED

pytestmark = pytest.mark.django_db

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://testserver:8080"},
    {"Origin": "https://testserver"},
    {"Origin": "null"},
]
OURS = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    # A page without referrer makes browsers send this with its own forms.
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://testserver"},
]


@pytest.fixture
def strict() -> Client:
    """A browser without cookies, at a site that checks for them where it wants them."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_site_cannot_sign_for_its_visitors(
    strict: Client, headers: dict[str, str]
) -> None:
    response = strict.post(sign_url(make_petition()), TYPED, headers=headers)

    assert response.status_code == 403
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_our_own_form_signs_without_a_cookie(
    strict: Client, headers: dict[str, str]
) -> None:
    response = strict.post(sign_url(make_petition()), TYPED, headers=headers)

    assert response.status_code == 303
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_site_cannot_ask_for_links_either(
    strict: Client, headers: dict[str, str]
) -> None:
    form = {"email": "ana@example.org"}

    response = strict.post("/find-my-signature/", form, headers=headers)

    assert response.status_code == 403
    assert LinkRequest.objects.count() == 0


def test_a_link_from_another_site_may_show_the_form(strict: Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    response = strict.get(sign_url(make_petition()), headers=headers)

    assert response.status_code == 200


def test_the_origin_of_the_public_address_is_ours_behind_a_proxy(
    strict: Client, settings
) -> None:
    settings.SITE_URL = "https://petitions.example.org"
    headers = {"Origin": "https://petitions.example.org"}

    response = strict.post(sign_url(make_petition()), TYPED, headers=headers)

    assert response.status_code == 303
