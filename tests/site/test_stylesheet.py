"""One stylesheet for all pages, which a browser asks for once."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config import stylesheet
from tests.html import Page

CSS = Path(__file__).parents[2] / "static" / "css"


def path_of_sheet(client: Client) -> str:
    page = Page.of(client.get("/about/"))
    return page.one("link", rel="stylesheet").attributes["href"]


def sheet(client: Client) -> str:
    return client.get(path_of_sheet(client)).content.decode()


def test_a_page_names_one_stylesheet_that_may_be_kept_for_ever(client: Client) -> None:
    response = client.get(path_of_sheet(client))

    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies


def test_its_address_holds_the_hash_of_its_words(client: Client) -> None:
    path = path_of_sheet(client)

    digest = hashlib.sha256(client.get(path).content).hexdigest()

    assert path == f"/style-{digest[:12]}.css"


def test_a_page_that_was_kept_gets_the_sheet_of_today(client: Client) -> None:
    response = client.get("/style-0123456789ab.css")

    assert response.status_code == 200
    assert response.content.decode() == sheet(client)
    assert response["Cache-Control"] == "public, max-age=60"


def test_the_pages_of_broken_days_ask_for_it_without_a_hash(client: Client) -> None:
    link = (CSS.parents[1] / "templates/errors/bare.html").read_text()

    assert "{% url 'stylesheet' 'today' %}" in link
    assert client.get(reverse("stylesheet", args=["today"])).status_code == 200


def test_the_order_of_the_layers_comes_first_and_the_brand_after_the_tokens(
    client: Client,
) -> None:
    css = sheet(client)

    assert css.startswith("@layer tokens, base, layout")
    assert css.index("--color-bg") < css.index("--brand:") < css.index("@layer base {")


def test_it_holds_every_file_but_the_admin_s(client: Client) -> None:
    files = {file.stem for file in CSS.glob("*.css")}

    assert files == {"tokens", *stylesheet.PUBLIC, *stylesheet.ADMIN}
    for file in files - {*stylesheet.ADMIN}:
        for selector in re.findall(
            r"^  (\.[a-z_-]+) {", (CSS / f"{file}.css").read_text()
        ):
            assert f"{selector} {{" in sheet(client)


def test_it_carries_no_comments_but_keeps_what_only_looks_like_one() -> None:
    css = """
      a { color: red } /* it's a comment, "quoted" */
      b::before { content: "/* words */"; }
      /* over
         lines */ i { margin: 0 }
    """

    assert stylesheet._without_comments(css).splitlines() == [
        "a { color: red }",
        'b::before { content: "/* words */"; }',
        "i { margin: 0 }",
    ]


def test_its_braces_are_balanced(client: Client) -> None:
    css = sheet(client)

    assert css.count("{") == css.count("}")


@pytest.mark.parametrize(
    ("debug", "is_remade"), [(True, True), (False, False)], ids=["debug", "production"]
)
def test_a_changed_file_remakes_it_only_for_developers(
    debug: bool,
    is_remade: bool,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DEBUG = debug
    monkeypatch.setattr(stylesheet, "FOLDER", tmp_path)
    stylesheet._made.cache_clear()
    (tmp_path / "base.css").write_text("a { color: red }")
    before = stylesheet.stylesheet_url()

    (tmp_path / "base.css").write_text("a { color: green; color: blue }")

    assert (stylesheet.stylesheet_url() != before) is is_remade
    stylesheet._made.cache_clear()


def test_the_admin_has_one_with_the_same_tokens(client: Client) -> None:
    response = client.get(stylesheet.admin_stylesheet_url())

    assert response.status_code == 200
    assert b"--color-bg" in response.content
    assert b"--brand:" in response.content
    assert b".site-header" not in response.content


def test_it_is_small(client: Client) -> None:
    """A first visit has 30 KB for everything but pictures."""
    response = client.get(path_of_sheet(client), headers={"Accept-Encoding": "gzip"})

    assert len(response.content) < 14_000
    assert gzip.decompress(response.content).decode() == sheet(client)
