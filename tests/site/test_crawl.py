"""Follow every link of the demo site, as a search engine would."""

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.test import Client

from campaigns import worker
from campaigns.bundle import import_bundle
from campaigns.bundle_format import parse
from campaigns.management.commands import load_demo
from petitions.models import Petition
from tests.html import Element, Page
from tests.makers import make_confirmed_signature, make_signature, make_update

HOST = "http://testserver"
MOST_PAGES = 150
# What makes a browser load something, and from where.
LOADS = {
    *(("img", "src"), ("img", "srcset"), ("script", "src"), ("source", "src")),
    *(("source", "srcset"), ("video", "src"), ("audio", "src"), ("iframe", "src")),
    *(("object", "data"), ("embed", "src"), ("form", "action"), ("use", "href")),
    *(("image", "href"), ("table", "background"), ("body", "background")),
}
LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}


@pytest.mark.slow
@pytest.mark.django_db
def test_every_link_of_the_demo_leads_to_a_good_page() -> None:
    import_bundle(parse(load_demo.BUNDLE.read_bytes()))
    make_update(Petition.objects.open().first())

    seen = crawl(["/", "/es/"])

    petitions = Petition.objects.public()
    read = {path.partition("?")[0] for path in seen}
    assert len(seen) > 60
    assert read >= {petition.get_absolute_url() for petition in petitions}
    assert sum(path.startswith("/es/") for path in seen) > 20


def crawl(starts: list[str]) -> set[str]:
    client = Client()
    waiting, seen = deque(starts), set(starts)
    while waiting:
        path = waiting.popleft()
        for link in links_of(client, path):
            if link not in seen and len(seen) < MOST_PAGES:
                seen.add(link)
                waiting.append(link)
    return seen


def links_of(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200, path
    assert "Set-Cookie" not in response, path
    if not response["Content-Type"].startswith("text/html"):
        return []
    page = Page.of(response)
    language = "es" if path.startswith("/es/") else "en"
    assert page.one("html").attributes["lang"] == language, path
    assert len(page.all("h1")) == 1, path
    assert page.one("title").words, path
    assert loaded_from_elsewhere(page) == [], path
    assert_ids_and_fragments(page, path)
    links = page.all("a") + page.all("link", rel="alternate")
    # A list can be asked for in endless ways; one step is enough to see that it works.
    targets = [urljoin(HOST + path, link.attributes.get("href", "")) for link in links]
    assert not any(target == "" for target in targets)
    inside = [urlsplit(one) for one in targets if one.startswith(f"{HOST}/")]
    return sorted({url.path for url in inside} | {
        f"{url.path}?{url.query}" for url in inside if "page=" in url.query
    })  # fmt: skip


def loaded_from_elsewhere(page: Element) -> list[str]:
    loads = [
        one.attributes[attribute]
        for tag, attribute in LOADS
        for one in page.all(tag)
        if attribute in one.attributes
    ]
    loads += [
        one.attributes["href"]
        for one in page.all("link")
        if set(one.attributes.get("rel", "").split()) & LOADING_LINKS
    ]
    return [load for load in loads if not urljoin(HOST, load).startswith(f"{HOST}/")]


def assert_ids_and_fragments(page: Element, path: str) -> None:
    ids = [one.attributes["id"] for one in page.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids)), path
    for link in page.all("a"):
        href = link.attributes.get("href", "")
        if href.startswith("#") and href != "#":
            assert href[1:] in ids, f"{path}: {href}"
    for one in page.all():
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for named in one.attributes.get(name, "").split():
                assert named in ids, f"{path}: {name}={named}"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_mail_loads_anything(client: Client, language: str) -> None:
    signature = make_confirmed_signature(wants_updates=True, language=language)
    make_signature(
        petition=signature.petition, email=signature.email, language=language
    )
    new = make_signature(petition=signature.petition, language=language)
    make_update(signature.petition, with_mail=True)
    prefix = "" if language == "en" else "/es"
    client.post(f"{prefix}/find-my-signature/", {"email": signature.email})
    while worker.send_mail():
        pass

    subjects = [message.subject for message in mail.outbox]
    assert len(subjects) >= 4
    assert new.email in [address for message in mail.outbox for address in message.to]
    for message in mail.outbox:
        ((html, _kind),) = message.alternatives
        page = Page.of(html)
        assert page.one("html").attributes["lang"] == language
        assert page.all("img") == page.all("link") == page.all("script") == []
        assert not re.search(r"url\(|@import", html)
        named = re.findall(r"https?://[^\s\"'<>]+", html + message.body)
        assert named
        assert [url for url in named if not url.startswith(f"{HOST}/")] == []
