"""Markdown from organizers to HTML that can do nothing but be read."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    *("p", "br", "hr", "h3", "h4", "strong", "em", "s", "blockquote"),
    *("ul", "ol", "li", "a", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
LINKS = ("https://", "http://", "mailto:")
PARSER = MarkdownIt("commonmark", {"html": False, "linkify": True})
PARSER.enable(["linkify", "table", "strikethrough"])


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


def _outgoing_links_only(tag: str, attribute: str, value: str) -> str | None:
    """Drop links such as `//elsewhere`, which name a host but no scheme."""
    is_kept = attribute != "href" or value.startswith(LINKS)  # nh3 asks about rel too
    return value if is_kept else None
