"""A group makes the site its own with a colour and a logo, and cannot make it worse."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from campaigns import worker
from config import brand, colors
from tests.html import Page
from tests.makers import make_signature

ROOT = Path(__file__).parents[2]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
COLORS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def complaint() -> str:
    """What keeps the site from starting; "" if nothing does."""
    return " ".join(error.msg for error in brand.check(None))


def sheet(client: Client) -> str:
    return client.get("/style-today.css").content.decode()


# The colour


def test_black_on_white_has_all_the_contrast_there_is() -> None:
    assert colors.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colors.contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)
    assert colors.contrast("#7a1f4b", "#7a1f4b") == 1


def test_our_own_colours_are_good_enough() -> None:
    assert complaint() == ""
    assert brand.dark_color() == "#ff9cc6"


def test_the_colour_of_the_site_is_in_the_stylesheet(
    client: Client, settings: Settings
) -> None:
    before = sheet(client)

    settings.BRAND_COLOR = "#0b5c66"

    assert "--brand: #0b5c66; --on-brand: #ffffff; --brand-weak: #ebf2f3;" in sheet(
        client
    )
    assert "--brand: #7a1f4b" not in sheet(client)
    assert before != sheet(client)


def test_the_colour_of_dark_pages_can_be_named(
    client: Client, settings: Settings
) -> None:
    settings.BRAND_COLOR, settings.BRAND_COLOR_DARK = "#0b5c66", "#7fd4df"

    light, dark = sheet(client).split("(prefers-color-scheme: dark)", 1)[:2]

    assert complaint() == ""
    assert "--brand: #7fd4df" in sheet(client)
    assert "--on-brand: #0e1014" in sheet(client)
    assert light != dark


@given(COLORS)
def test_what_is_read_on_white_has_a_colour_for_dark_pages_too(color: str) -> None:
    dark = brand._readable(color, brand.DARK)

    assert list(brand._unreadable(dark, brand.DARK)) == []


@given(COLORS)
def test_a_colour_that_is_refused_comes_with_one_that_is_not(color: str) -> None:
    for said in brand._unreadable(color, brand.LIGHT):
        (_color, suggestion) = re.findall("#[0-9a-f]{6}", said)

        assert list(brand._unreadable(suggestion, brand.LIGHT)) == []


@given(COLORS)
def test_words_on_a_colour_that_passes_can_be_read(color: str) -> None:
    if not list(brand._unreadable(color, brand.LIGHT)):
        assert colors.readable_on(color) == "#ffffff"  # as the mail's button has it
        assert colors.contrast(color, "#ffffff") >= 4.5


def test_a_pale_colour_is_refused_with_what_was_reckoned(settings: Settings) -> None:
    settings.BRAND_COLOR = "#ffcc00"

    assert complaint() == (
        "BRAND_COLOR: #ffcc00 has 1.3:1 on sunken parts, and people need 4.5:1 to "
        "read it; choose a darker one, such as #7a650b."
    )


def test_a_dull_colour_for_dark_pages_is_refused(settings: Settings) -> None:
    settings.BRAND_COLOR_DARK = "#333333"

    assert "BRAND_COLOR_DARK: #333333" in complaint()
    assert "choose a lighter one" in complaint()


@pytest.mark.parametrize("value", ["", "red", "#fff", "#12345g", "7a1f4b", "#7a1f4b;"])
def test_what_is_no_colour_is_refused(value: str, settings: Settings) -> None:
    settings.BRAND_COLOR = value

    assert "which is no colour: write it like #7a1f4b" in complaint()


def test_the_grounds_that_are_reckoned_with_are_those_of_the_pages() -> None:
    tokens = (ROOT / "static/css/tokens.css").read_text()
    light, dark = tokens.split("@media screen and (prefers-color-scheme: dark)")

    for words, scheme in [(light, brand.LIGHT), (dark, brand.DARK)]:
        grounds = re.findall(r"--color-(?:bg|surface|sunken): (#\w+);", words)
        assert sorted(grounds) == sorted(scheme.backgrounds.values())
        assert f"--color-surface: {scheme.surface};" in words


@pytest.mark.django_db
def test_the_button_in_mail_has_the_colour_of_the_site(settings: Settings) -> None:
    settings.BRAND_COLOR = "#0b5c66"
    make_signature()

    worker.send_mail()

    ((html, _kind),) = mail.outbox[0].alternatives
    assert "background:#0b5c66;color:#ffffff" in html


def test_every_button_in_mail_is_told_its_colour() -> None:
    for template in (ROOT / "templates").rglob("*.html"):
        for tag in re.findall(
            r"{% include \"mail/_button.html\".*?%}", template.read_text()
        ):
            assert "brand_color=brand_color" in tag, template


# The logo


@pytest.fixture
def logo(settings: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "logo.svg"
    path.write_text(SVG.format('<path d="M1 1h7v7z" fill="url(#a)"/>'))
    settings.SITE_LOGO = str(path)
    return path


def test_without_a_logo_the_mark_stands_in_the_site_s_colour(
    client: Client, settings: Settings
) -> None:
    settings.BRAND_COLOR = "#0b5c66"

    page = Page.of(client.get("/about/"))
    icon = client.get(page.one("link", rel="icon").attributes["href"])

    assert page.one("svg", class_="mark")
    assert not page.all("img", class_="site-header__logo")
    assert icon["Content-Type"] == "image/svg+xml"
    assert b"#0b5c66" in icon.content
    assert b"#7a1f4b" not in icon.content


def test_a_logo_stands_beside_the_name_and_is_the_icon(
    client: Client, logo: Path
) -> None:
    page = Page.of(client.get("/about/"))
    image = page.one("img", class_="site-header__logo").attributes
    answer = client.get(image["src"])

    assert complaint() == ""
    assert image["alt"] == ""
    assert page.one("link", rel="icon").attributes["href"] == image["src"]
    assert not page.all("svg", class_="mark")
    assert answer.content == logo.read_bytes()
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_an_older_address_of_the_logo_leads_to_the_one_of_today(
    client: Client, logo: Path
) -> None:
    answer = client.get("/logo-0123456789ab")

    assert answer.content == logo.read_bytes()
    assert answer["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_a_picture_is_a_logo_too(
    kind: str, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.SITE_LOGO = str(tmp_path / f"logo.{kind}")
    Image.new("RGB", (64, 64)).save(settings.SITE_LOGO)

    assert complaint() == ""
    assert client.get("/logo-today")["Content-Type"] == f"image/{kind}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("<script>alert(1)</script>", "has a script in it"),
        ('<path onload="alert(1)"/>', "has a script in it"),
        ('<a href="javascript:alert(1)"/>', "has a script in it"),
        ("<foreignObject/>", "has a script in it"),
        ('<image href="https://example.org/a.png"/>', "loads something from elsewhere"),
        ('<image href="/a.png"/>', "loads something from elsewhere"),
        ('<use href="other.svg#a"/>', "loads something from elsewhere"),
        ('<path fill="url(https://example.org/a)"/>', "loads something from elsewhere"),
        ('<style>@import "a.css";</style>', "loads something from elsewhere"),
        ("<style>a{fill:url('//example.org')}</style>", "loads something from else"),
        ("<path>", "is no SVG that can be read"),
    ],
)
def test_a_logo_that_could_do_or_load_something_is_refused(
    words: str, said: str, logo: Path
) -> None:
    logo.write_text(SVG.format(words))

    assert said in complaint()
    assert str(logo) in complaint()


@pytest.mark.parametrize(
    "words",
    ['<use href="#a"/>', '<image href="data:image/png;base64,AA"/>', "<!-- -->"],
)
def test_a_logo_may_refer_to_itself(words: str, logo: Path) -> None:
    logo.write_text(SVG.format(words))

    assert complaint() == ""


def test_a_file_that_declares_what_it_is_made_of_is_refused(logo: Path) -> None:
    logo.write_text('<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG.format("&a;"))

    assert "declares a document type" in complaint()


def test_a_logo_that_is_not_there_too_large_or_something_else_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    wrong = {
        "nowhere.svg": None,
        "large.png": b"x" * (64 * 1024 + 1),
        "words.png": b"only words",
        "page.svg": b"<html/>",
        "picture.gif": b"GIF89a",
    }
    said = {}
    for name, content in wrong.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        settings.SITE_LOGO = str(tmp_path / name)
        said[name] = complaint().replace(str(tmp_path / name), "it")

    assert said == {
        "nowhere.svg": "SITE_LOGO: there is no file it.",
        "large.png": "SITE_LOGO: it has 65,537 bytes, and every page shows it; "
        "make it smaller than 65,536.",
        "words.png": "SITE_LOGO: it is no PNG picture inside.",
        "page.svg": "SITE_LOGO: it is no SVG: it begins with <html>.",
        "picture.gif": "SITE_LOGO: it is neither an SVG, a PNG nor a WebP file.",
    }


# The start


def test_no_command_runs_with_a_colour_that_nobody_can_read(settings: Settings) -> None:
    settings.BRAND_COLOR = "#ffcc00"

    with pytest.raises(SystemCheckError, match="#ffcc00 has"):
        call_command("check")


def test_neither_does_a_server_that_runs_no_checks(settings: Settings) -> None:
    settings.BRAND_COLOR = "#ffcc00"

    with pytest.raises(ImproperlyConfigured, match="#ffcc00 has"):
        brand.insist()


@pytest.mark.slow
def test_the_site_does_not_start_half_configured() -> None:
    environment = os.environ | {"BRAND_COLOR": "#ffcc00"}
    command = [sys.executable, "-c", "import config.wsgi"]

    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert ended.returncode != 0
    assert "such as #7a650b" in ended.stderr.splitlines()[-1]
