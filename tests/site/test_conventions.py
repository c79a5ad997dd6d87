"""Rules of the house that a machine can hold."""

import inspect
import re
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).parents[2]
LAYERS = ["petitions", "signatures", "campaigns", "config"]  # imports go to the left
OUR_FIELDS = [
    field
    for layer in LAYERS[:3]
    for model in apps.get_app_config(layer).get_models()
    for field in model._meta.local_fields
]
OUR_FILES = sorted(
    path
    for folder in (*LAYERS, "tests", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
OUR_FILES += [ROOT / "dev.py", ROOT / "manage.py"]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
WEB_PAGES = [path for path in PAGES if "mail" not in path.parent.parts]
MOST_LINES = 400
# Answers of machines, for machines: no template.
WITHOUT_TEMPLATE = {
    *("healthz", "readyz", "robots", "sitemap", "security_txt", "media"),
    *("petition_count", "petition_feed", "new_petitions_feed"),
    *("download_signature", "change_signature"),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def our_urls(resolver: URLResolver | None = None) -> list[URLPattern]:
    """All but the admin's, which are Django's."""
    found: list[URLPattern] = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            found.append(entry)
        elif entry.namespace is None:
            found += our_urls(entry)
    return found


OUR_URLS = our_urls()


@pytest.mark.parametrize("url", OUR_URLS, ids=lambda url: url.name)
def test_an_address_is_named_like_its_view(url: URLPattern) -> None:
    if url.name == "media":
        return  # Django's own view
    views = [
        getattr(module, url.name)
        for name, module in list(sys.modules.items())
        if name.split(".")[0] in LAYERS and hasattr(module, url.name)
    ]

    assert url.callback in views


@pytest.mark.parametrize(
    "url",
    [url for url in OUR_URLS if url.name not in WITHOUT_TEMPLATE],
    ids=lambda url: url.name,
)
def test_a_view_has_a_template_of_its_name(url: URLPattern) -> None:
    app = inspect.unwrap(url.callback).__module__.split(".")[0]
    try:
        get_template(f"{app}/{url.name}.html")
    except TemplateDoesNotExist:
        get_template(f"{url.name}.html")


def test_names_of_addresses_are_unique() -> None:
    names = [url.name for url in OUR_URLS]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("field", OUR_FIELDS, ids=str)
def test_a_moment_is_named_at(field: models.Field) -> None:
    if isinstance(field, models.DateTimeField):
        allowed = {"last_login"}  # Django's own
        assert field.name.endswith(("_at", "_until")) or field.name in allowed


@pytest.mark.parametrize("field", OUR_FIELDS, ids=str)
def test_a_key_to_a_lower_app_has_no_way_back(field: models.Field) -> None:
    if not field.remote_field:
        return
    here = field.model._meta.app_label
    there = field.related_model._meta.app_label
    if there in LAYERS and there != here:
        assert LAYERS.index(there) < LAYERS.index(here)
        assert field.remote_field.related_name == "+"


@pytest.mark.parametrize("path", OUR_FILES, ids=name_of)
def test_a_file_is_short_enough_to_read(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")

    assert lines <= MOST_LINES


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_partial_gets_only_what_it_is_given(path: Path) -> None:
    words = path.read_text(encoding="utf-8")

    for tag in re.findall(r"{%\s*include\s.*?%}", words, re.DOTALL):
        if '"admin/' in tag:
            continue  # Django's own
        assert re.search(r"\sonly\s*%}$", tag), tag
        assert re.search(r"""include\s+["'](\w+/)*_""", tag), f"no partial: {tag}"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_is_called_safe_in_a_template(path: Path) -> None:
    words = path.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*(safe|safeseq)\b", words)
    if path.suffix == ".html":
        assert "autoescape off" not in words


@pytest.mark.parametrize("path", WEB_PAGES, ids=name_of)
def test_a_page_holds_no_style_and_no_script(path: Path) -> None:
    words = path.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle\s*=", words)
    assert not re.search(r"<style\b", words)
    assert not re.search(r"\son[a-z]+\s*=", words)
    assert "javascript:" not in words
    for attributes, inside in re.findall(
        r"<script\b([^>]*(?:{%.*?%}[^>]*)*)>(.*?)</script>", words, re.DOTALL
    ):
        assert "src=" in attributes
        assert inside.strip() == ""


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_names_no_foreign_host_to_load_from(path: Path) -> None:
    words = path.read_text(encoding="utf-8")

    assert not re.search(r"""\ssrc(set)?\s*=\s*["']?(https?:)?//""", words)
    assert not re.search(r"<link\b[^>]*href=[\"']?(https?:)?//", words)


@pytest.mark.parametrize("path", sorted((ROOT / "static").rglob("*.css")), ids=name_of)
def test_a_style_sheet_loads_nothing_from_elsewhere(path: Path) -> None:
    words = path.read_text(encoding="utf-8")

    assert not re.search(r"(url\(|@import)\s*[\"']?\s*(https?:|//)", words)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "requirements").glob("*.txt")), ids=name_of
)
def test_a_lock_names_no_place_to_load_from(path: Path) -> None:
    words = path.read_text(encoding="utf-8")

    for named in ("http", "file:", "--index-url", "--extra-index-url", "--find-links"):
        assert named not in words
    pins = re.findall(
        r"^[a-z0-9][\w.\[\],-]*==.*$", words, re.MULTILINE | re.IGNORECASE
    )
    assert pins
    for pin in re.split(r"\n(?=[a-zA-Z0-9])", words.strip()):
        if "==" in pin:
            assert "--hash=sha256:" in pin, pin
