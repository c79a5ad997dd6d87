"""Rules of the house that a machine can hold."""

import inspect
import re
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
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
    *("stylesheet", "admin_stylesheet", "logo"),
    *("petition_count", "petition_feed", "new_petitions_feed", "petition_qr"),
    *("petition_share_image", "start_picture"),
    *("download_signature", "change_signature"),
    *("undo_withdrawal", "erase_signature", "send_new_links"),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def our_urls(resolver: URLResolver | None = None) -> list[URLPattern]:
    """All but the admin's, which are Django's, and the log-in's, named by allauth."""
    found: list[URLPattern] = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            if not re.match("(account|mfa|usersessions)_", entry.name or ""):
                found.append(entry)
        elif entry.namespace is None:
            found += our_urls(entry)
    return found


OUR_URLS = our_urls()


def test_an_address_is_named_like_its_view() -> None:
    modules = [
        module
        for name, module in list(sys.modules.items())
        if name.split(".")[0] in LAYERS
    ]

    strangers = {
        url.name
        for url in OUR_URLS
        if url.callback not in [getattr(one, url.name, None) for one in modules]
    }

    assert strangers == {"media"}  # Django's own view


def test_a_view_has_a_template_of_its_name() -> None:
    homeless = [
        url.name
        for url in OUR_URLS
        if url.name not in WITHOUT_TEMPLATE and not has_template(url)
    ]

    assert homeless == []


def has_template(url: URLPattern) -> bool:
    app = inspect.unwrap(url.callback).__module__.split(".")[0]
    names = (f"{app}/{url.name}.html", f"{url.name}.html")
    return any((ROOT / "templates" / name).is_file() for name in names)


def test_names_of_addresses_are_unique() -> None:
    names = [url.name for url in OUR_URLS]

    assert sorted(names) == sorted(set(names))


def test_a_moment_is_named_at() -> None:
    misnamed = [
        str(field)
        for field in OUR_FIELDS
        if isinstance(field, models.DateTimeField)
        and not field.name.endswith(("_at", "_until"))
    ]

    assert misnamed == ["petitions.Account.last_login"]  # Django's own


def test_a_key_to_a_lower_app_has_no_way_back() -> None:
    keys = [
        (field, field.model._meta.app_label, field.related_model._meta.app_label)
        for field in OUR_FIELDS
        if field.remote_field
    ]
    down = [key for key in keys if key[2] in LAYERS and key[1] != key[2]]

    assert len(down) > 10
    assert all(LAYERS.index(there) < LAYERS.index(here) for _, here, there in down)
    ways_back = {str(field): field.remote_field.related_name for field, *_ in down}
    assert ways_back == dict.fromkeys(ways_back, "+")


def test_a_file_is_short_enough_to_read() -> None:
    lengths = {name_of(path): words_of(path).count("\n") for path in OUR_FILES}

    assert [name for name, lines in lengths.items() if lines > MOST_LINES] == []


def words_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def found(pattern: str, paths: list[Path]) -> list[tuple[str, str]]:
    """Where a pattern stands, and what stands there."""
    return [
        (name_of(path), match.group())
        for path in paths
        for match in re.finditer(pattern, words_of(path), re.DOTALL)
    ]


def test_a_partial_gets_only_what_it_is_given() -> None:
    includes = found(r"{%\s*include\s.*?%}", TEMPLATES)
    ours = [(name, tag) for name, tag in includes if '"admin/color' not in tag]

    assert len(ours) > 50
    assert [one for one in ours if not re.search(r"\sonly\s*%}$", one[1])] == []
    partial = r"""include\s+["'](\w+/)*_"""
    assert [one for one in ours if not re.search(partial, one[1])] == []


def test_nothing_is_called_safe_in_a_template() -> None:
    assert found(r"\|\s*(safe|safeseq)\b", TEMPLATES) == []
    assert found("autoescape off", PAGES) == []


def test_a_page_holds_no_style_and_no_script() -> None:
    for forbidden in [r"\sstyle\s*=", r"<style\b", r"\son[a-z]+\s*=", "javascript:"]:
        assert found(forbidden, WEB_PAGES) == []
    scripts = found(r"<script\b([^>]*(?:{%.*?%}[^>]*)*)>(.*?)</script>", WEB_PAGES)
    assert scripts != []
    for name, script in scripts:
        assert "src=" in script, name
        assert re.search(r">\s*</script>$", script), name


def test_a_template_names_no_foreign_host_to_load_from() -> None:
    assert found(r"""\ssrc(set)?\s*=\s*["']?(https?:)?//""", PAGES) == []
    assert found(r"<link\b[^>]*href=[\"']?(https?:)?//", PAGES) == []


def test_a_style_sheet_loads_nothing_from_elsewhere() -> None:
    sheets = sorted((ROOT / "static").rglob("*.css"))

    assert sheets != []
    assert found(r"(url\(|@import)\s*[\"']?\s*(https?:|//)", sheets) == []


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
