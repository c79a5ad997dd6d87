"""What every page says to browsers."""

import pytest
from django.conf import settings as site_settings
from django.test import Client

from petitions.models import Petition
from tests.makers import (
    make_confirmed_signature,
    make_petition,
    make_staff,
    make_target,
    make_topic,
    make_update,
    my_signature_url,
    sign_url,
)

pytestmark = pytest.mark.django_db

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


def public_paths() -> list[str]:
    petition = make_petition(targets=[make_target()], topics=[make_topic()])
    own = petition.get_absolute_url()
    return [
        *("/", "/petitions/", "/about/", "/privacy/", "/accessibility/"),
        *(own, f"{own}updates/", f"{own}reasons/", f"{own}versions/"),
        *(f"{own}count.json", f"{own}feed/", "/feed/", sign_url(petition)),
        make_update(petition).get_absolute_url(),
        petition.organizers.get().get_absolute_url(),
        petition.targets.get().get_absolute_url(),
        petition.topics.get().get_absolute_url(),
        *("/sitemap.xml", "/robots.txt", f"/es{own}", "/es/"),
    ]


def test_every_public_page_is_guarded_alike(client: Client) -> None:
    for path in public_paths():
        response = client.get(path)

        assert response.status_code == 200, path
        directives = response["Content-Security-Policy"].split(";")
        assert {one.strip() for one in directives if one.strip()} == CSP, path
        assert response["X-Frame-Options"] == "DENY", path
        assert response["X-Content-Type-Options"] == "nosniff", path
        assert response["Referrer-Policy"] == "same-origin", path
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert response["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert response["Permissions-Policy"], path
        assert response["Cache-Control"].startswith("public"), path
        assert response["ETag"], path
        assert not response.cookies, path
        assert "Cookie" not in response.get("Vary", ""), path


def test_a_page_behind_a_secret_link_is_kept_by_nobody(client: Client) -> None:
    signature = make_confirmed_signature()

    response = client.get(my_signature_url(signature))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]


def test_the_language_is_that_of_the_address_whatever_the_browser_says() -> None:
    petition = make_petition()
    spanish = Client(headers={"Accept-Language": "es"})
    spanish.cookies["django_language"] = "es"

    response = spanish.get(petition.get_absolute_url())

    assert response["Content-Language"] == "en"


@pytest.mark.usefixtures("early_in_a_minute")
def test_no_page_depends_on_who_is_logged_in(log_in: object) -> None:
    petition = make_petition()
    stranger = Client().get(petition.get_absolute_url())

    staff = log_in(make_staff()).get(petition.get_absolute_url())

    assert staff.content == stranger.content
    assert Petition.objects.count() == 1


def test_only_a_site_on_https_asks_for_https() -> None:
    assert site_settings.SITE_URL.startswith("http://")
    assert not site_settings.SECURE_SSL_REDIRECT
    assert site_settings.SECURE_HSTS_SECONDS == 0
