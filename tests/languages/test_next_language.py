"""The next language is a folder with catalogues, and nothing else."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from campaigns.models import Update
from config import languages
from petitions.dates import show_day
from petitions.models import Petition, PetitionTranslation
from petitions.templatetags.petition_text import grouped
from tests.html import Page
from tests.languages.pseudo import accented, arabic, write
from tests.makers import make_petition

ROOT = Path(__file__).parents[2]


def test_the_languages_are_english_and_the_folders_of_catalogues(
    tmp_path: Path,
) -> None:
    for locale in ("pt_BR", "ar", "zz"):
        write(tmp_path, locale, "pt_BR", [], accented)
    (tmp_path / "fr").mkdir()  # begun, but nothing in it yet

    found = languages.found_in([tmp_path, ROOT / "locale"])

    assert [(code, str(name)) for code, name in found] == [
        ("en", "English"),
        ("ar", "Arabic"),
        ("es", "Spanish"),
        ("pt-br", "Brazilian Portuguese"),
        ("zz", "zz"),
    ]


@pytest.mark.django_db
def test_one_more_language_is_no_migration(settings: Settings) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "French")]

    for model in (Petition, PetitionTranslation, Update):
        assert ("fr", "French") in model._meta.get_field("language").flatchoices
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
@pytest.mark.usefixtures("more_languages")
def test_a_new_language_has_its_addresses_and_its_link(client: Client) -> None:
    petition = make_petition()

    english = Page.of(client.get(petition.get_absolute_url()))
    response = client.get(f"/ar{petition.get_absolute_url()}")

    links = english.all("link", rel="alternate")
    named = {
        link.attributes["hreflang"]: link.attributes["href"]
        for link in links
        if "hreflang" in link.attributes
    }
    own = f"http://testserver{petition.get_absolute_url()}"
    assert named["ar"] == f"http://testserver/ar{petition.get_absolute_url()}"
    assert named["en"] == named["x-default"] == own
    assert set(named) == {"en", "es", "ar", "en-xa", "x-default"}
    assert english.one("a", hreflang="ar").words == "العربيّة"
    assert response["Content-Language"] == "ar"
    page = Page.of(response).one("html")
    assert page.attributes == {"lang": "ar", "dir": "rtl"}


@pytest.mark.django_db
def test_a_language_that_django_does_not_know_is_called_by_its_code(
    client: Client, settings: Settings
) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("quz", "quz")]

    page = Page.of(client.get(make_petition(language="quz").get_absolute_url()))

    assert page.one("a", hreflang="quz").words == "quz"
    assert "You are reading it in quz." in page.one(class_="notice").words


@pytest.mark.django_db
@pytest.mark.usefixtures("more_languages")
def test_it_is_told_to_machines_too(client: Client, settings: Settings) -> None:
    settings.CONTACT_EMAIL = "hello@example.org"
    make_petition()

    assert b'hreflang="ar"' in client.get("/sitemap.xml").content
    security = client.get("/.well-known/security.txt").content.decode()
    assert "Preferred-Languages: en, ar, en-xa, es\n" in security


def test_a_site_may_word_a_page_anew(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    """Also in English, of which we have no catalogue."""
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = Catalog(locale="en")
    catalog.add("How it works", "What we do here")
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalog)

    settings.LOCALE_PATHS = [tmp_path, *settings.LOCALE_PATHS]

    assert "What we do here" in Page.of(client.get("/about/")).one("footer").words
    assert "What we do here" not in Page.of(client.get("/es/about/")).words


@pytest.mark.usefixtures("more_languages")
@pytest.mark.parametrize(
    ("language", "number", "day", "month"),
    [
        ("en", "1,234,567", "9 March 2026", "March 2026"),
        ("es", "1 234 567", "9 de marzo de 2026", "marzo de 2026"),
        ("ar", "1.234.567", "9 مارس 2026", "مارس 2026"),
    ],
)
def test_numbers_and_days_are_written_as_its_readers_do(
    language: str, number: str, day: str, month: str
) -> None:
    moment = datetime(2026, 3, 9, 12, tzinfo=UTC)

    with translation.override(language):
        assert grouped(1234567).replace("\xa0", " ") == number
        assert show_day(moment).lower() == day.lower()
        assert show_day(moment, "2026-03").lower() == month.lower()


@pytest.mark.slow
def test_a_site_starts_with_the_languages_of_its_own_folder(catalogues: Path) -> None:
    words = (
        "import config.wsgi; from django.conf import settings;"
        "from django.utils.translation import override, gettext;"
        "print([code for code, _ in settings.LANGUAGES]);"
        "override('ar').__enter__(); print(ascii(gettext('Petitions')))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", words],
        cwd=ROOT,
        env=os.environ | {"LOCALE_DIR": str(catalogues)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.splitlines() == [
        "['en', 'ar', 'en-xa', 'es']",
        ascii(arabic("Petitions")),
    ]


# The languages that nobody speaks


def test_what_is_filled_in_and_the_tags_stay_as_they_are() -> None:
    words = 'Read <a href="%(url)s">%(count)s petitions</a>&nbsp;of %(name)s, 100%%'

    for translate in (accented, arabic):
        kept = re.findall(r"%\(\w+\)s|%%|<[^>]*>|&\w+;", translate(words))
        assert kept == re.findall(r"%\(\w+\)s|%%|<[^>]*>|&\w+;", words)


def test_pseudo_english_is_at_least_forty_per_cent_longer() -> None:
    words = "Take back your signature whenever you like"

    assert len(accented(words)) >= len(words) * 1.4
    assert accented(words).startswith("⟦Ţáķé ƀáćķ")


def test_arabic_has_no_latin_letter_left_and_six_plurals(catalogues: Path) -> None:
    with (catalogues / "ar" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        catalog = read_mo(file)

    plurals = [message for message in catalog if isinstance(message.id, tuple | list)]
    assert plurals
    assert {len(message.string) for message in plurals} == {6}
    assert arabic("Sign the petition").isascii() is False
    assert not re.search("[A-Za-z]", arabic("Sign the petition"))


def test_only_the_tests_know_these_languages() -> None:
    assert [code for code, _name in settings.LANGUAGES] == ["en", "es"]
