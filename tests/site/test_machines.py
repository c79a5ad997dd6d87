"""What the site tells machines."""

from datetime import datetime, timedelta

import pytest
from defusedxml.ElementTree import fromstring
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from campaigns.feeds import Pages
from tests.makers import (
    make_draft,
    make_hidden_petition,
    make_petition,
    make_rejected_petition,
    make_won_petition,
)

OTHER = "/outcomes/"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.mark.django_db
def test_the_sitemap_holds_every_public_petition_in_every_language(
    client: Client,
) -> None:
    open_one, won = make_petition(), make_won_petition()
    for make in (make_draft, make_hidden_petition, make_rejected_petition):
        make()

    response = client.get("/sitemap.xml")

    root = fromstring(response.content)
    assert sorted(one.text for one in root.iter(f"{SITEMAP}loc")) == sorted(
        f"http://testserver{language}{path}"
        for path in (open_one.get_absolute_url(), won.get_absolute_url(), OTHER)
        for language in ("", "/es")
    )
    assert not response.cookies


@pytest.mark.django_db
def test_a_sitemap_too_long_for_one_file_names_its_parts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pages, "limit", 3)
    slugs = {make_petition().slug for _ in range(5)}

    parts = [
        loc.text
        for loc in fromstring(client.get("/sitemap.xml").content).iter(f"{SITEMAP}loc")
    ]

    assert parts == [f"http://testserver/sitemap.xml?p={n}" for n in (1, 2, 3, 4)]
    listed = [
        loc.text
        for part in parts
        for loc in fromstring(client.get(part).content).iter(f"{SITEMAP}loc")
    ]
    assert sorted(listed) == sorted(
        f"http://testserver{language}{path}"
        for path in (OTHER, *(f"/petitions/{slug}/" for slug in slugs))
        for language in ("", "/es")
    )


@pytest.mark.django_db
def test_the_sitemap_stands_at_the_sites_own_address(
    client: Client, settings: object
) -> None:
    settings.SITE_URL = "https://petitions.example.org"
    make_petition()

    root = fromstring(client.get("/sitemap.xml").content)

    for one in root.iter(f"{SITEMAP}loc"):
        assert (one.text or "").startswith("https://petitions.example.org/")


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "\0"])
def test_there_is_no_sitemap_of_nonsense(client: Client, page: str) -> None:
    assert client.get("/sitemap.xml", {"p": page}).status_code == 404


def test_robots_are_kept_from_private_pages(client: Client) -> None:
    response = client.get("/robots.txt")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"].startswith("text/plain")
    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"
    secret = ("/confirm/", "/my-signature/", "/signed/", "/not-me/")
    for path in ("/admin/", *secret, "/answer/", "/invitation/"):
        assert f"Disallow: {path}" in lines
    assert "Disallow: /" not in lines


def test_who_finds_a_hole_learns_where_to_tell(
    client: Client, settings: object
) -> None:
    settings.CONTACT_EMAIL = "team@example.org"

    response = client.get("/.well-known/security.txt")

    fields = dict(
        line.split(": ", 1) for line in response.content.decode().splitlines()
    )
    assert response["Content-Type"].startswith("text/plain")
    assert fields["Contact"] == "mailto:team@example.org"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)


def test_without_a_contact_there_is_no_such_file(
    client: Client, settings: object
) -> None:
    settings.CONTACT_EMAIL = ""

    assert client.get("/.well-known/security.txt").status_code == 404


def test_a_process_that_lives_says_so(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_site_that_can_work_is_ready(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ready")


@pytest.mark.django_db
def test_a_site_with_a_migration_missing_is_not_ready(client: Client) -> None:
    applied = MigrationRecorder(connection).migration_qs
    applied.filter(app="campaigns").order_by("-name")[:1].get().delete()

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"not ready")


@pytest.mark.django_db(transaction=True)
def test_a_site_whose_database_is_away_lives_but_is_not_ready(
    client: Client, database_away: None
) -> None:
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_a_site_whose_disk_is_full_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.health.LEAST_FREE_BYTES", 10**24)

    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("path", ["../config/settings.py", "%2e%2e/manage.py", "x"])
def test_no_file_but_a_picture_is_served(client: Client, path: str) -> None:
    response = client.get(f"/media/{path}")

    assert response.status_code in (400, 404)
    assert b"SECRET_KEY" not in response.content
