from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import lists, paging
from campaigns.templatetags import counting
from petitions.models import Petition, finding
from tests.makers import (
    make_closed_petition,
    make_draft,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_target,
    make_topic,
    make_translation,
    make_won_petition,
)

pytestmark = pytest.mark.django_db


def titles(**query: str) -> list[str]:
    response = Client().get("/petitions/", query)
    assert response.status_code == 200
    return [petition.title for petition in response.context["page"].object_list]


def make_findable() -> Petition:
    """A petition with a word of its own in each place that is searched."""
    petition = make_petition(
        title="Wordtitle",
        ask="Wordask.",
        story="It is Wordstory.",
        organizers=[make_organizer(name="Wordorganizer")],
        targets=[
            make_target(
                name="Wordtarget", office="Wordoffice", organization="Wordorganization"
            )
        ],
    )
    make_translation(
        petition, title="Palabratitulo", ask="Palabrapedido", story="Palabrahistoria"
    )
    index_all()
    return petition


def index_all() -> None:
    """What the worker does every second."""
    while Petition.objects.index():
        pass


@pytest.mark.parametrize(
    "word",
    [
        *("wordtitle", "WORDASK", "wordstory", "wordorganizer"),
        *("wordtarget", "wordoffice", "wordorganization"),
        *("palabratitulo", "palabrapedido", "palabrahistoria"),
        *("wordti", "wordorg", "PALÁBRAH"),
    ],
)
def test_a_word_is_found_wherever_it_stands(word: str) -> None:
    make_petition()
    make_findable()

    assert titles(q=word) == ["Wordtitle"]


def test_every_word_must_be_found() -> None:
    make_findable()

    assert titles(q="wordtitle palabratitulo wordoffice") == ["Wordtitle"]
    assert titles(q="wordtitle elsewhere") == []


def test_signs_are_only_signs() -> None:
    make_petition(title="One")
    make_petition(title="50% more_trees")
    index_all()

    assert titles(q="50%") == titles(q="more_trees") == ["50% more_trees"]
    assert titles(q="%") == titles(q="_") == titles(q="e_t") == []
    assert titles(q="\\") == titles(q="'") == titles(q='";--') == []
    assert titles(q="one | trees") == titles(q="one*trees") == []
    assert titles(q="trees -50") == ["50% more_trees"]


def test_a_petition_found_twice_over_is_listed_once() -> None:
    petition = make_petition(
        title="River",
        organizers=[make_organizer(name="River group"), make_organizer(name="River")],
        targets=[make_target(name="River board"), make_target(name="River council")],
    )
    index_all()

    assert titles(q="river") == [petition.title]


def test_the_list_holds_public_petitions_by_their_state() -> None:
    make_petition(title="Open one")
    make_closed_petition(title="Closed one")
    make_won_petition(title="Won one")
    make_draft(title="Draft one")
    make_hidden_petition(title="Hidden one")

    assert titles() == titles(state="open") == ["Open one"]
    assert titles(state="closed") == ["Closed one"]
    assert titles(state="won") == ["Won one"]
    assert titles(state="draft") == titles(state="hidden") == ["Open one"]


def test_the_links_to_states_say_how_many_there_are(client: Client) -> None:
    topic = make_topic()
    for _ in range(2):
        make_petition(topics=[topic])
    make_won_petition(topics=[topic])
    make_won_petition()

    response = client.get("/petitions/", {"topic": topic.slug})

    counts = {str(one.label): one.count for one in response.context["state_links"]}
    assert counts == {"Open": 2, "Won": 1, "Closed": 0}


def test_petitions_are_found_by_topic(client: Client) -> None:
    rivers, roads, empty = make_topic(), make_topic(), make_topic()
    make_petition(title="Both", topics=[rivers, roads])
    make_petition(title="Road", topics=[roads])

    response = client.get("/petitions/")

    assert titles(topic=rivers.slug) == ["Both"]
    assert titles(topic=roads.slug) == ["Road", "Both"]
    assert titles(topic=empty.slug) == titles(topic="unknown") == []
    links = {one.label: one.count for one in response.context["topic_links"]}
    assert links == {rivers.name: 1, roads.name: 2}


@pytest.mark.slow
def test_a_long_list_is_counted_to_a_bound_and_ends_there(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [finding, lists, paging, counting]:
        monkeypatch.setattr(module, "MOST_COUNTED", 48)
    topic, rare = make_topic(), make_topic()
    for number in range(50):
        make_petition(title=f"River {number:02}", topics=[topic])
    for _ in range(3):
        make_won_petition(title="River won", topics=[rare])
    index_all()

    for query in [{}, {"q": "river"}, {"topic": topic.slug}]:
        response = client.get("/petitions/", {**query, "page": "99"})

        page, context = response.context["page"], response.context
        assert (page.number, page.paginator.num_pages) == (2, 2)
        assert len(page.object_list) == 24
        assert "48+ petitions" in response.content.decode()
        assert "(48+)" in response.content.decode()
        assert {one.label: one.count for one in context["topic_links"]} == {
            topic.name: None,
            rare.name: None,
        }
        assert "All 48+ open petitions" in client.get("/").content.decode()
    won = client.get("/petitions/", {"state": "won"}).context["topic_links"]
    assert {one.label: one.count for one in won} == {rare.name: 3}


def test_the_list_is_sorted_as_asked() -> None:
    now = timezone.now()
    day = timedelta(days=1)
    make_petition(title="A", signature_count=5, opened_at=now - 3 * day)
    make_petition(
        title="B", signature_count=9, opened_at=now - 2 * day, closes_at=now + 5 * day
    )
    make_petition(
        title="C", signature_count=1, opened_at=now - day, closes_at=now + 9 * day
    )

    assert titles() == titles(sort="newest") == titles(sort="x") == ["C", "B", "A"]
    assert titles(sort="most") == ["B", "A", "C"]
    assert titles(sort="closing") == ["B", "C", "A"]


@pytest.mark.slow
def test_the_list_is_paged_and_its_links_keep_what_was_asked(client: Client) -> None:
    topic = make_topic()
    for number in range(25):
        make_petition(title=f"River {number}", topics=[topic])
    index_all()
    query = {"q": "river", "topic": topic.slug, "state": "open", "sort": "most"}

    first = client.get("/petitions/", query).context
    second = client.get("/petitions/" + first["next_url"]).context

    assert len(first["page"].object_list) == 24
    assert [petition.title for petition in second["page"].object_list] == ["River 0"]
    assert first["previous_url"] == second["next_url"] == ""
    urls = [link.url for link in first["page_links"]] + [second["previous_url"]]
    asked = {name: [value] for name, value in query.items()}
    assert [parse_qs(url.removeprefix("?")) for url in urls] == [
        asked | {"page": [page]} for page in ("1", "2", "1")
    ]
    for link in [*first["state_links"], *first["topic_links"]]:
        kept = parse_qs(link.url.removeprefix("?"))
        assert (kept["q"], kept["sort"]) == (["river"], ["most"])


def test_another_filter_begins_at_page_one(client: Client) -> None:
    make_won_petition()

    response = client.get("/petitions/", {"page": "2", "state": "won"})

    assert not any(
        "page" in parse_qs(link.url.removeprefix("?"))
        for link in response.context["state_links"]
    )


NONSENSE = [
    {"page": "-1"},
    {"page": "0"},
    {"page": "9999999999999999999999"},
    {"page": "9" * 5000},
    {"page": "last"},
    {"page": "\0"},
    {"page": ""},
    {"state": "x"},
    {"state": "\0"},
    {"sort": "x"},
    {"topic": "\0"},
    {"topic": "x" * 100_000},
    {"q": "\0"},
    {"q": "a\0b"},
    {"q": "\0 \0"},
    {"q": "x" * 100_000},
    {"q": "x " * 50_000},
    {"q": "\ud800".encode("utf-8", "surrogatepass")},
    {"q": b"\xff\xfe"},
    {"q[]": "a", "": "b"},
]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/petitions/", "/es/petitions/"])
def test_nonsense_is_never_an_error(client: Client, path: str) -> None:
    make_petition()

    answers = {str(query): client.get(path, query).status_code for query in NONSENSE}

    assert answers == dict.fromkeys(answers, 200)


@pytest.mark.parametrize("kind", ["organizers", "targets", "topics"])
def test_nonsense_is_no_error_on_other_lists(client: Client, kind: str) -> None:
    petition = make_petition(targets=[make_target()], topics=[make_topic()])
    listed = getattr(petition, kind).get()

    for page in ["-1", "x", "9" * 30, "\0"]:
        response = client.get(listed.get_absolute_url(), {"page": page})

        assert response.status_code == 200, page
        assert list(response.context["page"].object_list) == [petition]


def test_a_search_without_a_find_says_what_to_do(client: Client) -> None:
    response = client.get("/petitions/", {"q": "<b>nothing</b>"})

    assert "<b>nothing" not in response.content.decode()
    assert 'href="/petitions/"' in response.content.decode()
