"""Every word of ours is there in every language.

When this fails, it prints what is missing from locale/es/LC_MESSAGES/django.po.
"""

import re
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings

from tests.languages.messages import Key, all_messages

ROOT = Path(__file__).parents[2]
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]


@pytest.fixture(scope="module")
def messages() -> dict[Key, str]:
    return all_messages()


def catalogue(language: str) -> Catalog:
    file = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    return read_po(StringIO(file.read_text(encoding="utf-8")), locale=language)


def compiled(language: str) -> Catalog:
    file = ROOT / "locale" / language / "LC_MESSAGES" / "django.mo"
    return read_mo(BytesIO(file.read_bytes()))


def by_key(catalog: Catalog) -> dict[Key, Message]:
    """Without the header, and without what is no longer used."""
    return {
        (context_of(one), one.id if isinstance(one.id, str) else tuple(one.id)): one
        for one in catalog
        if one.id
    }


def context_of(message: Message) -> str:
    """Babel gives it as bytes when it reads a compiled catalogue."""
    context = message.context or ""
    return context.decode() if isinstance(context, bytes) else context


def words_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else [*message.string]


def test_there_is_something_to_translate(messages: dict[Key, str]) -> None:
    assert ("", "Petitions") in messages
    assert len(messages) > 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str, messages: dict[Key, str]) -> None:
    known = by_key(catalogue(language))

    missing = [
        f"{where}: {key[1]!r}" + (f" ({key[0]})" if key[0] else "")
        for key, where in messages.items()
        if key not in known
        or known[key].fuzzy
        or not all(word.strip() for word in words_of(known[key]))
    ]

    assert not missing, "\n".join(["Not translated:", *missing])


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_nobody_says(
    language: str, messages: dict[Key, str]
) -> None:
    unused = [key for key in by_key(catalogue(language)) if key not in messages]

    assert not unused, "\n".join(["Said nowhere:", *map(repr, unused)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_what_the_message_does(language: str) -> None:
    wrong = [
        f"{message.id!r}: {words!r}"
        for message in by_key(catalogue(language)).values()
        for words in words_of(message)
        if words and not fills_in(words, message)
    ]

    assert not wrong, "\n".join(wrong)


def fills_in(words: str, message: Message) -> bool:
    """All that the message has; of a plural each form may leave something out."""
    if isinstance(message.id, str):
        same = placeholders(words) == placeholders(message.id)
        return same and tags(words) == tags(message.id)
    return placeholders(words) <= set().union(*map(placeholders, message.id))


def placeholders(words: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|%[sd]", words))


def tags(words: str) -> list[str]:
    return sorted(re.findall(r"</?\w+", words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    written = {
        key: words_of(message)
        for key, message in by_key(catalogue(language)).items()
        if not message.fuzzy and any(words_of(message))
    }
    read = {
        key: words_of(message) for key, message in by_key(compiled(language)).items()
    }

    assert read == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_follow_the_rule_of_the_language(language: str) -> None:
    catalog = catalogue(language)

    assert catalog.num_plurals >= 2
    for message in catalog:
        if message.pluralizable and message.id:
            assert len(message.string) == catalog.num_plurals, message.id
