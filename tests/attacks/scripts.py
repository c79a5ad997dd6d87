"""What people put into fields to make a page do something, and how to see that it does.

`dangers` reads a page as a browser does, and names all that would run, load or leave.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from tests.html import Element, Page

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "<svg/onload=alert(1)>",
    "<img src=//evil.example/p.png>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    '<a href="javascript:alert(1)">x</a>',
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<style>@import'//evil.example'</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;//evil.example'>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><input name=x>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/p.png)",
    "[x](//evil.example/)",
    "<javascript:alert(1)>",
    "[x](data:text/html,<script>alert(1)</script>)",
    '[x](https://evil.example" onmouseover="alert(1))',
    "{{ 7|add:7 }}{% debug %}%(name)s{0}",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#0;",
    "&#60;script&#62;alert(1)&#x3c;/script>",
    "\\u003cscript\\u003ealert(1)//",
    '\\"><script>alert(1)//',
    "`onload=alert(1)` `",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<IMG SRC=JaVaScRiPt:alert(1)//>",
    "＜script＞alert(1)＜/script＞",
    "<math><mtext></table><style><img onerror=alert(1)>",
    '=HYPERLINK("//evil.example")',
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "<details open ontoggle=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=a>'>",
    "<x onclick=alert(1) style='background:url(//evil.example)'>",
]
# Several at once, as short as the shortest of the longer fields.
PACKS = ["".join(PAYLOADS[start : start + 2]) for start in range(0, len(PAYLOADS), 2)]
HOST = "http://testserver"
LOADING = {
    *("src", "srcset", "imagesrcset", "poster", "data", "background", "manifest"),
    *("action", "formaction", "ping", "longdesc", "code", "archive", "profile"),
    "xlink:href",
}
NEVER = {"iframe", "object", "embed", "base", "applet", "frame", "frameset", "math"}
DATA = {"application/ld+json", "application/json"}
NAME = re.compile(r"[a-z][a-z0-9:-]*")


def dangers(html: str, *, in_mail: bool = False) -> list[str]:
    """All that is wrong with a page; it may name other hosts only in its links."""
    return [
        f"<{one.tag}> {what}"
        for one in Page.of(html).all()
        for what in [*_of_element(one), *_of_attributes(one, in_mail=in_mail)]
    ]


def _of_element(one: Element) -> Iterator[str]:
    if one.tag in NEVER or not NAME.fullmatch(one.tag):
        yield "stands here"
    if one.tag == "script" and "src" not in one.attributes:
        if one.attributes.get("type") in DATA:
            json.loads(one.words)
        else:
            yield f"runs {one.words[:80]}"
    if one.tag == "meta" and one.attributes.get("http-equiv", "").lower() == "refresh":
        yield "leads away"


def _of_attributes(one: Element, *, in_mail: bool) -> Iterator[str]:
    for name, value in one.attributes.items():
        if not NAME.fullmatch(name) or name.startswith("on") or name == "srcdoc":
            yield f"has {name}={value}"
        if name == "style" and not in_mail:
            yield f"has {name}={value}"
        if name in LOADING or (name == "href" and one.tag not in ("a", "area")):
            yield from _of_load(one, value)
        elif name == "href":
            yield from _of_link(one, value)


def _of_load(one: Element, value: str) -> Iterator[str]:
    is_said_only = one.tag == "link" and one.attributes.get("rel") in (
        *("canonical", "alternate"),
    )
    if not is_said_only and not urljoin(f"{HOST}/", value).startswith(f"{HOST}/"):
        yield f"loads {value}"


def _of_link(one: Element, value: str) -> Iterator[str]:
    target = urlsplit(urljoin(f"{HOST}/", value.strip()))
    if target.scheme not in ("http", "https", "mailto", "sms", "tel"):
        yield f"leads to {value}"
    if target.netloc.endswith("evil.example"):
        rel = set(one.attributes.get("rel", "").split())
        if not {"noopener", "noreferrer", "nofollow", "ugc"} <= rel:
            yield f"vouches for {value}"


# Where organizers may use Markdown, whose own elements differ from text to text.
MARKDOWN = {"prose"}
# Which account comes first in a box depends on how many there were before.
SORTED = {"option"}


def outline(html: str) -> list[str]:
    """A page's elements and the names of their attributes, line by line."""
    return list(_lines(Page.of(html), 0))


def _lines(element: Element, depth: int) -> Iterator[str]:
    for part in element.parts:
        if isinstance(part, Element) and part.tag not in SORTED:
            yield f"{' ' * depth}{part.tag} {' '.join(sorted(part.attributes))}"
            if not MARKDOWN & set(part.attributes.get("class", "").split()):
                yield from _lines(part, depth + 1)
