"""Markdown from organizers to HTML that can do nothing but be read."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    *("p", "br", "hr", "h3", "h4", "strong", "em", "s", "blockquote"),
    *("ul", "ol", "li", "a", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
LINKS = ("https://", "http://", "mailto:")
PARSER = MarkdownIt("commonmark", {"html": False, "linkify": True})
PARSER.enable(["linkify", "table", "strikethrough"])
# In a line of text: signs around words, links, entities; and what begins another block.
# An address stays as it is, to be made a link, or ends where such a sign begins.
MEANS_SOMETHING = re.compile(
    r"(https?://[^\s<>\\`*\[]+)(?=[<\\`*\[])|(https?://[^\s<>\\`*\[]+)"
    r"|[\\`*\[<]|~(?=~)|(?<=~)~|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)"
)
BEGINS_A_BLOCK = re.compile(
    r"^\d+(?=[.)](\s|$))|^(?=[-+](\W|$)|#+(\s|$)|=+$|[|:][-:| ]|>)"
)


@lru_cache(maxsize=256)
def to_html(text: str) -> SafeString:
    """Render and sanitise: no raw HTML, no pictures, links only to the web and mail.

    The page has one h1 and its own h2s, so headings in a text begin at h3.
    """
    tokens = PARSER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3" if token.tag in ("h1", "h2", "h3") else "h4"
    rendered = PARSER.renderer.render(tokens, PARSER.options, {})
    clean = nh3.clean(
        rendered,
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}},
        attribute_filter=_outgoing_links_only,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308  # nh3 has just cleaned it


def as_typed(text: str) -> str:
    """Markdown that shows a text as it was typed, and each line on its own.

    No more is escaped than would be read as Markdown: mail in plain text shows it.
    """
    lines = (_line_as_typed(line.strip()) for line in text.split("\n"))
    return "  \n".join(lines)


def _line_as_typed(line: str) -> str:
    within = MEANS_SOMETHING.sub(_without_meaning, line)
    return BEGINS_A_BLOCK.sub(r"\g<0>\\", within)


def _without_meaning(found: re.Match[str]) -> str:
    address_before_sign, address = found.groups()
    if address_before_sign:
        return f"<{address_before_sign}>"
    return address or rf"\{found[0]}"


def _outgoing_links_only(tag: str, attribute: str, value: str) -> str | None:
    """Drop links such as `//elsewhere`, which name a host but no scheme."""
    is_kept = attribute != "href" or value.startswith(LINKS)  # nh3 asks about rel too
    return value if is_kept else None


class Block(NamedTuple):
    """A piece of a text for what knows no HTML: its words, and what they stand in."""

    kind: str  # heading, paragraph, item, quote, code, row or rule
    words: str
    depth: int = 0  # of lists in one another
    mark: str = ""  # before an item: its number, or nothing


def to_blocks(text: str) -> Iterator[Block]:
    """The same words one after another; a link's address follows it in brackets."""
    within: list[Token] = []
    cells: list[str] = []
    mark = ""
    for token in PARSER.parse(text):
        if token.type == "list_item_open":
            mark = f"{token.info}." if token.info else "•"
        if token.type in ("fence", "code_block"):
            yield Block("code", token.content.rstrip())
        elif token.type == "hr":
            yield Block("rule", "")
        elif token.type == "inline" and within[-1].tag in ("th", "td"):
            cells.append(_plain(token.children or []))
        elif token.type == "inline":
            words = _plain(token.children or [])
            yield Block(_kind(within), words, _depth(within), mark)
            mark = ""
        elif token.type == "tr_close":
            yield Block("row", " · ".join(cells))
            cells = []
        if token.nesting > 0:
            within.append(token)
        elif token.nesting < 0:
            within.pop()


def _kind(within: Sequence[Token]) -> str:
    kinds = {"heading": "heading", "list_item": "item", "blockquote": "quote"}
    names = [token.type.removesuffix("_open") for token in reversed(within)]
    return next((kinds[name] for name in names if name in kinds), "paragraph")


def _depth(within: Sequence[Token]) -> int:
    return sum(token.type == "list_item_open" for token in within)


def _plain(children: Sequence[Token]) -> str:
    """Without emphasis; a link says where it leads unless its words do already."""
    words, links = "", []
    for token in children:
        if token.type in ("text", "code_inline"):
            words += token.content
        elif token.type in ("softbreak", "hardbreak"):
            words += " " if token.type == "softbreak" else "\n"
        elif token.type == "link_open":
            links.append((str(token.attrGet("href") or ""), len(words)))
        elif token.type == "link_close":
            address, begin = links.pop()
            if address.startswith(LINKS) and words[begin:] not in address:
                words += f" ({address})"
    return words
