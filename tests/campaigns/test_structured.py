"""What pages tell search engines and the previews of shared links."""

import json
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns import lifecycle
from campaigns.templatetags.page_head import og_locale
from petitions.models import Petition
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_counted_signature,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_rejected_petition,
    make_staff,
    make_translation,
    make_update,
    make_won_petition,
)

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
EVIL = "</script><script>alert(1)</script> & “quotes” \u2028"


def told(answer: HttpResponse) -> list[dict]:
    """The things in the page's JSON-LD, if it has any."""
    blocks = Page.of(answer).all("script", type="application/ld+json")
    graphs = [json.loads("".join(map(str, block.parts))) for block in blocks]
    assert all(graph["@context"] == "https://schema.org" for graph in graphs)
    assert len(graphs) <= 1
    return [thing for graph in graphs for thing in graph["@graph"]]


def told_of(petition: Petition) -> list[dict]:
    return told(Client().get(petition.get_absolute_url()))


def preview_of(url: str) -> dict[str, str]:
    """What services read for the preview of a link."""
    metas = [meta.attributes for meta in Page.of(Client().get(url)).all("meta")]
    named = [(meta.get("property") or meta.get("name"), meta) for meta in metas]
    return {
        name: meta["content"]
        for name, meta in named
        if name and name.startswith(("og:", "twitter:"))
    }


def test_a_petition_is_a_work_that_people_endorse() -> None:
    petition = make_petition(
        slug="bridge",
        title="Keep the bridge",
        organizers=[make_organizer(name="Ana")],
        opened_at=datetime(2026, 3, 9, 12, tzinfo=UTC),
    )
    make_counted_signature(petition=petition)
    organizer = petition.organizers.get()

    work, _trail = told_of(petition)

    assert work == {
        "@type": "CreativeWork",
        "@id": f"{SITE}/petitions/bridge/",
        "url": f"{SITE}/petitions/bridge/",
        "genre": "Petition",
        "name": "Keep the bridge",
        "abstract": "Keep the bridge open.",
        "inLanguage": "en",
        "creativeWorkStatus": "Open",
        "author": [
            {
                "@type": "Person" if organizer.kind == "person" else "Organization",
                "name": "Ana",
                "url": SITE + organizer.get_absolute_url(),
            }
        ],
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/EndorseAction",
            "userInteractionCount": 1,
        },
        "datePublished": "2026-03-09",
        "potentialAction": {
            "@type": "EndorseAction",
            "target": f"{SITE}/petitions/bridge/#sign",
        },
    }


def test_the_trail_leads_from_the_start_to_the_page() -> None:
    petition = make_petition(slug="bridge", title="Keep the bridge")

    _work, trail = told_of(petition)

    assert trail["@type"] == "BreadcrumbList"
    steps = [
        (one["position"], one["name"], one["item"]) for one in trail["itemListElement"]
    ]
    assert steps == [
        (1, "Undersigned", f"{SITE}/"),
        (2, "Petitions", f"{SITE}/petitions/"),
        (3, "Keep the bridge", f"{SITE}/petitions/bridge/"),
    ]


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (make_petition, "Open"),
        (make_closed_petition, "Closed"),
        (make_won_petition, "Won"),
    ],
)
def test_the_status_is_told_as_it_is(make, status: str) -> None:
    work = told_of(make(goal=1))[0]

    assert work["creativeWorkStatus"] == status
    assert ("potentialAction" in work) == (status == "Open")


def test_the_closing_day_ends_the_signing() -> None:
    closes_at = datetime(2099, 3, 9, 12, tzinfo=UTC)

    work = told_of(make_petition(closes_at=closes_at))[0]

    assert work["potentialAction"]["endTime"] == "2099-03-09T12:00:00+00:00"


def test_a_day_known_to_the_month_is_told_to_the_month() -> None:
    petition = make_petition()
    Petition.objects.filter(pk=petition.pk).update(opened_as_written="2012-06")

    assert told_of(petition)[0]["datePublished"] == "2012-06"


def test_an_edit_of_the_words_is_told_and_a_signature_is_none() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition)
    before = told_of(petition)[0]

    petition.refresh_from_db()
    petition.ask = "Mend the bridge."
    lifecycle.revise(petition, by=make_staff(), reason="Clearer.")

    today = petition.current_version.made_at.date().isoformat()
    assert "dateModified" not in before
    assert told_of(petition)[0]["dateModified"] == today


def test_a_reader_of_spanish_is_told_in_spanish(client: Client) -> None:
    petition = make_petition(slug="bridge")
    make_translation(petition, title="El puente")

    work, trail = told(client.get("/es/petitions/bridge/"))

    assert (work["name"], work["inLanguage"]) == ("El puente", "es")
    assert work["url"] == f"{SITE}/es/petitions/bridge/"
    assert trail["itemListElement"][-1]["name"] == "El puente"


def test_no_word_ends_the_data(client: Client) -> None:
    petition = make_petition(title=EVIL, ask=EVIL)
    update = make_update(petition, title=EVIL)

    for url in (petition.get_absolute_url(), update.get_absolute_url()):
        scripts = Page.of(client.get(url)).all("script")
        kinds = [one.attributes.get("type") for one in scripts]
        assert kinds == ["module", "application/ld+json"]
    assert told(client.get(petition.get_absolute_url()))[0]["name"] == EVIL


def test_an_update_is_an_article_about_its_petition(client: Client) -> None:
    petition = make_petition(slug="bridge", title="Keep the bridge")
    update = make_update(petition, title="The council listens")

    article, trail = told(client.get(update.get_absolute_url()))

    assert article["@type"] == "Article"
    assert article["headline"] == "The council listens"
    assert article["url"] == SITE + update.get_absolute_url()
    about = {"@id": f"{SITE}/petitions/bridge/", "name": "Keep the bridge"}
    assert article["about"] == about
    assert trail["itemListElement"][-1]["item"] == article["url"]


def test_the_start_page_names_the_site(client: Client) -> None:
    assert told(client.get("/")) == [
        {"@type": "WebSite", "name": "Undersigned", "url": f"{SITE}/"}
    ]


def test_nothing_is_told_about_a_sensitive_petition(client: Client) -> None:
    petition = make_petition(title="No arrests", ask="At the doors", sensitive=True)
    update = make_update(petition, title="A word from the shelter")

    for url in (petition.get_absolute_url(), update.get_absolute_url()):
        assert told(client.get(url)) == []
        preview = preview_of(url)
        assert preview["og:title"] == "A petition"
        assert preview["og:description"] == "Open the link to read it."
        assert [name for name in preview if "image" in name] == []


@pytest.mark.parametrize("make", [make_hidden_petition, make_rejected_petition])
def test_nothing_is_told_about_what_is_withheld(client: Client, make) -> None:
    url = make(title="Names a person").get_absolute_url()

    page = Page.of(client.get(url))

    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert page.all("script", type="application/ld+json") == []
    assert preview_of(url) == {}


@pytest.mark.parametrize(
    "make", [make_petition, make_closed_petition, make_won_petition]
)
def test_the_preview_of_a_petition_is_its_title_and_its_ask(make) -> None:
    petition = make(slug="bridge", title="Keep “it” & <us>", ask="Keep it. " * 50)

    preview = preview_of(petition.get_absolute_url())

    assert preview["og:type"] == "article"
    assert preview["og:title"] == "Keep “it” & <us>"
    assert preview["og:description"].startswith("Keep it. Keep it.")
    assert len(preview["og:description"]) == 200
    assert preview["og:url"] == f"{SITE}/petitions/bridge/"
    assert preview["og:site_name"] == "Undersigned"
    assert preview["og:locale"] == "en_US"
    assert "og:locale:alternate" not in preview
    assert preview["og:image"] == f"{SITE}/petitions/bridge/share.png"
    assert preview["og:image:alt"] == "Keep “it” & <us>"
    assert (preview["og:image:width"], preview["og:image:height"]) == ("1200", "630")
    assert preview["twitter:card"] == "summary_large_image"


def test_the_preview_names_the_other_languages_of_the_words() -> None:
    petition = make_petition(slug="bridge")
    make_translation(petition, title="El puente")

    spanish = preview_of("/es/petitions/bridge/")
    english = preview_of("/petitions/bridge/")

    assert spanish["og:title"] == "El puente"
    assert spanish["og:url"] == f"{SITE}/es/petitions/bridge/"
    locales = [
        (one["og:locale"], one["og:locale:alternate"]) for one in (spanish, english)
    ]
    assert locales == [("es_ES", "en_US"), ("en_US", "es_ES")]


def test_the_preview_of_an_update_is_its_title_and_what_it_is_about() -> None:
    update = make_update(make_petition(title="Keep it"), title="The council listens")

    preview = preview_of(update.get_absolute_url())

    assert preview["og:title"] == "The council listens"
    assert preview["og:description"] == "News about the petition “Keep it”"
    assert preview["og:url"] == SITE + update.get_absolute_url()


@pytest.mark.parametrize(
    ("url", "title"), [("/", "Undersigned"), ("/petitions/?q=x", "Petitions")]
)
def test_pages_of_the_site_have_a_preview_too(url: str, title: str) -> None:
    preview = preview_of(url)

    assert (preview["og:type"], preview["og:title"]) == ("website", title)
    assert preview["og:url"] == SITE + url.split("?")[0]


@pytest.mark.parametrize(
    ("language", "locale"), [("es", "es_ES"), ("pt-br", "pt_BR"), ("eo", "")]
)
def test_a_territory_is_named_only_where_one_is_known(
    language: str, locale: str
) -> None:
    assert og_locale(language) == locale
