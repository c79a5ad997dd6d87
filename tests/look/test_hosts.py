"""No page and no mail loads anything from another host, whatever the browser.

In the browser each visitor of this folder looks out for that too; here the words of
pages and mails are read, with what this one browser did not happen to load.
"""

import re
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pytest

from tests.html import Element
from tests.html import Page as Html
from tests.look.conftest import Visit
from tests.look.demo_site import DemoSite
from tests.look.mails import sent_by
from tests.look.pages import PAGES

pytestmark = pytest.mark.browser

LOADING = {
    *("src", "srcset", "imagesrcset", "action", "formaction", "poster", "data"),
    *("background", "manifest", "ping", "longdesc", "code", "archive", "profile"),
}
LINKED = {"a", "area", "base"}  # whose href loads nothing before somebody presses it
LINKS_THAT_LOAD_NOTHING = {
    "canonical",
    "alternate",
    "author",
    "license",
    "next",
    "prev",
}
IN_STYLES = re.compile(r"(?:url\(|@import)\s*[\"']?([^\"')\s;]+)")


def test_no_page_names_another_host_to_load_from(site: DemoSite, visit: Visit) -> None:
    visitor = visit(scripts=False)

    found = {}
    for page in PAGES:
        tab = visitor.open(page)
        foreign = named_elsewhere(tab.content(), tab.url)
        found |= {page.name: foreign} if foreign else {}

    assert found == {}


def test_no_style_sheet_and_no_script_names_another_host(site: DemoSite) -> None:
    words = text_of(site.url + "/")
    page = Html.of(words)
    sheets = [one.attributes["href"] for one in page.all("link", rel="stylesheet")]
    scripts = [one.attributes["src"] for one in page.all("script", type="module")]

    assert sheets
    assert scripts
    for sheet in sheets:
        named = IN_STYLES.findall(text_of(site.url + sheet))
        assert [one for one in named if is_foreign(one, site.url)] == []
    for script in scripts:
        assert re.findall(r"https?://[\w.]+", text_of(site.url + script)) == []


def test_no_mail_names_another_host_to_load_from(site: DemoSite) -> None:
    mails = sent_by(site)

    assert len(mails) >= 6
    for subject, mail in mails.items():
        html = mail.get_body(["html"]).get_content()
        assert named_elsewhere(html, site.url) == [], subject
        assert "<link" not in html


def text_of(url: str) -> str:
    with urlopen(url) as answer:  # our own site
        return answer.read().decode()


def named_elsewhere(html: str, url: str) -> list[str]:
    """What this page would load from another host."""
    page = Html.of(html)
    named = [load for one in page.all() for load in loads_of(one)]
    return [load for load in named if is_foreign(load, url)]


def loads_of(one: Element) -> list[str]:
    loads = IN_STYLES.findall(one.attributes.get("style", ""))
    if one.tag == "style":
        loads += IN_STYLES.findall(one.words)
    for name, value in one.attributes.items():
        name = name.removeprefix("xlink:")
        if name in ("srcset", "imagesrcset"):
            loads += [part.split()[0] for part in value.split(",") if part.strip()]
        elif name in LOADING or (name == "href" and is_loading(one)):
            loads.append(value)
    if one.tag == "meta" and is_address(one):
        loads.append(one.attributes.get("content", ""))
    return loads


def is_loading(one: Element) -> bool:
    kinds = set(one.attributes.get("rel", "").split())
    return one.tag not in LINKED and not (
        one.tag == "link" and kinds and kinds <= LINKS_THAT_LOAD_NOTHING
    )


def is_address(meta: Element) -> bool:
    """Whether a meta names a picture, a page, or where to go by itself."""
    name = meta.attributes.get("property") or meta.attributes.get("name", "")
    is_card = name.startswith(("og:", "twitter:")) and name.endswith(
        ("image", "url", "video", "audio")
    )
    return is_card or "http-equiv" in meta.attributes


def is_foreign(load: str, url: str) -> bool:
    if load.startswith("data:"):
        return False
    return urlsplit(urljoin(url, load)).netloc != urlsplit(url).netloc
