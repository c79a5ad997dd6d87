"""Follow every link of the demo site, as a search engine would."""

import re
from collections import Counter, deque
from urllib.parse import urljoin

import pytest
from django.core import mail
from django.test import Client
from django.urls import resolve

from campaigns import worker
from campaigns.bundle import import_bundle
from campaigns.bundle_format import parse
from campaigns.management.commands import load_demo
from petitions.models import Petition
from tests.html import Element, Page
from tests.makers import make_confirmed_signature, make_signature, make_update

HOST = "http://testserver"
MOST_OF_A_KIND = 2  # but for the petitions themselves, in each language
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

    addresses = [petition.get_absolute_url() for petition in Petition.objects.public()]
    assert sorted(path for path in seen if kind_of(path)[1] == "petition") == sorted(
        f"{language}{address}" for address in addresses for language in ("", "/es")
    )
    assert {name for _language, name in map(kind_of, seen)} >= {
        *("home", "petitions", "petition", "petition_updates", "petition_update"),
        *("petition_reasons", "petition_versions", "petition_feed"),
        *("organizer", "target", "topic", "about", "privacy", "accessibility"),
        *("find_my_signature", "new_petitions_feed", "start"),
    }


def crawl(starts: list[str]) -> set[str]:
    client = Client()
    waiting, seen = deque(starts), set(starts)
    kinds = Counter(map(kind_of, starts))
    while waiting:
        for link in links_of(client, waiting.popleft()):
            kind = kind_of(link)
            is_wanted = kind[1] == "petition" or kinds[kind] < MOST_OF_A_KIND
            if link not in seen and is_wanted:
                kinds[kind] += 1
                seen.add(link)
                waiting.append(link)
    return seen


def kind_of(link: str) -> tuple[str, str]:
    """The language and the name of an address; each state of a list, and a sheet."""
    path, _mark, query = link.partition("?")
    language = "es" if path.startswith("/es/") else "en"
    name = resolve(path.removeprefix("/es")).url_name or ""
    return language, name + "".join(re.findall("state=[a-z]+|paper", query))


def links_of(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200, path
    assert not response.cookies, path
    if not response["Content-Type"].startswith("text/html"):
        return []
    page = Page.of(response)
    assert page.one("html").attributes["lang"] == kind_of(path)[0], path
    assert len(page.all("h1")) == 1, path
    assert page.one("title").words, path
    elements = page.all()
    assert loaded_from_elsewhere(elements) == [], path
    assert_names_what_is_there(elements, path)
    links = [
        urljoin(HOST + path, one.attributes["href"]).partition("#")[0]
        for one in elements
        if one.tag == "a" or one.attributes.get("rel") == "alternate"
    ]
    return sorted(
        {link.removeprefix(HOST) for link in links if link.startswith(f"{HOST}/")}
    )


def loaded_from_elsewhere(elements: list[Element]) -> list[str]:
    loads = [
        value
        for one in elements
        for name, value in one.attributes.items()
        if (one.tag, name) in LOADS
        or (one.tag == "link" and name == "href" and is_loading(one))
    ]
    return [load for load in loads if not urljoin(HOST, load).startswith(f"{HOST}/")]


def is_loading(link: Element) -> bool:
    return bool(LOADING_LINKS & set(link.attributes.get("rel", "").split()))


def assert_names_what_is_there(elements: list[Element], path: str) -> None:
    ids = [one.attributes["id"] for one in elements if "id" in one.attributes]
    assert len(ids) == len(set(ids)), path
    for one in elements:
        href = one.attributes.get("href", "")
        if one.tag == "a" and href.startswith("#"):
            assert href.removeprefix("#") in ids, f"{path}: {href}"
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
    worker.send_all_mail()

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
