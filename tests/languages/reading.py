"""Reads a page of `en-xa` for words that no translator was asked for."""

import re
from collections.abc import Iterator

from tests.html import Element, Page

MARK = "¤"  # stands in each word that comes out of the database
SPOKEN = {"alt", "aria-label", "aria-description", "title", "placeholder"}
DESCRIBING = {"description", "og:description", "og:title", "og:image:alt"}
DESCRIBING |= {"twitter:title", "twitter:description", "twitter:image:alt"}
UNSEEN = {"script", "style"}
SAME_EVERYWHERE = re.compile(
    r"(https?://|testserver/)\S+|\S+@\S+"  # addresses
    r"|\bUndersigned\b"  # the site's name
    r"|\bEnglish\b|\bEspañol\b|العربيّة"  # languages, each in its own words
    r"|\b(WhatsApp|Facebook|Bluesky|Mastodon|Telegram|Signal|SMS)\b"
)


def untranslated(page: str) -> list[str]:
    """The words of a page that are neither translated nor contents."""
    root = Page.of(page)
    spoken = [*_attributes(root), " ".join(_texts(root))]
    return [word for words in spoken for word in _strange(words)]


def untranslated_text(text: str) -> list[str]:
    return list(_strange(text))


def _texts(element: Element) -> Iterator[str]:
    """All text in the order of reading: one message may span several elements."""
    for part in element.parts:
        if isinstance(part, str):
            yield part
        elif part.tag not in UNSEEN:
            yield from _texts(part)


def _attributes(root: Element) -> Iterator[str]:
    for element in root.all():
        own = element.attributes
        yield from (own[name] for name in SPOKEN if name in own)
        if own.get("name", own.get("property")) in DESCRIBING:
            yield own["content"]
        if element.tag == "input" and own.get("type") in ("submit", "button"):
            yield own.get("value", "")


def _strange(words: str) -> Iterator[str]:
    outside = SAME_EVERYWHERE.sub("", _outside(words))
    for word in outside.split():
        if MARK not in word and any(letter.isalpha() for letter in word):
            yield word


def _outside(words: str) -> str:
    """What stands between no brackets; they may stand within one another."""
    depth, outside = 0, []
    for letter in words:
        depth += {"⟦": 1, "⟧": -1}.get(letter, 0)
        assert depth >= 0, words
        if depth == 0 and letter != "⟧":
            outside.append(letter)
    assert depth == 0, words
    return "".join(outside)
