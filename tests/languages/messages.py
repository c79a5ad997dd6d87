"""What the code and the templates say to people, as they say it now."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation import templatize

ROOT = Path(__file__).parents[2]
APPS = ["petitions", "signatures", "campaigns", "config"]
KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}

# Context, and words: of a plural both forms.
Key = tuple[str, str | tuple[str, str]]


def all_messages() -> dict[Key, str]:
    """What is to be translated, and where it stands."""
    return dict([*messages_of_python(), *messages_of_templates()])


def messages_of_python() -> Iterator[tuple[Key, str]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from messages_in(path.read_bytes(), path)


def messages_of_templates() -> Iterator[tuple[Key, str]]:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        lines = [line.strip() for line in python.splitlines()]  # no indents to obey
        yield from messages_in("\n".join(lines).encode(), path)


def messages_in(source: bytes, path: Path) -> Iterator[tuple[Key, str]]:
    options = {"encoding": "utf-8"}
    found = extract("python", BytesIO(source), KEYWORDS, (), options)
    for line, words, _comments, context in found:
        yield (context or "", words), f"{path.relative_to(ROOT)}:{line}"
