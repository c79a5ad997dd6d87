"""Searching: by words in any form, in any language, and never by syntax."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import lifecycle
from campaigns.worker import work_once
from petitions.models import Account, Organizer, Petition, Target, finding
from petitions.models.finding import INDEXED_FOR
from petitions.search import postgresql
from tests.makers import (
    make_draft,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_staff,
    make_target,
    make_topic,
    make_translation,
    make_won_petition,
)

pytestmark = pytest.mark.django_db


def found(q: str, **query: str) -> list[str]:
    """The titles that the list shows, after the worker has had its second."""
    Petition.objects.index()
    response = Client().get("/petitions/", {"q": q, **query})
    assert response.status_code == 200
    return [petition.title for petition in response.context["page"].object_list]


@pytest.mark.parametrize(
    ("language", "title", "q"),
    [
        ("en", "Save the mountains", "mountain"),
        ("en", "Save the mountain", "mountains saved"),
        ("en", "Stop closing libraries", "close library"),
        ("es", "Más árboles en la plaza", "arbol plazas"),
        ("es", "Protejan el río Piedra", "RIOS piedra"),
        ("es", "¡Otra canción!", "CANCIÓN otra"),
        ("de", "Die Straße gehört allen", "strasse"),
    ],
)
def test_a_word_is_found_in_another_form(language: str, title: str, q: str) -> None:
    make_petition()
    make_petition(title=title, language=language)

    assert found(q) == [title]


def test_words_are_found_in_any_order_as_far_as_they_are_typed() -> None:
    make_petition(title="Clean water for the university")

    assert found("water clean") == found("clean wat") == found("univers") != []
    assert found("wat clean") == []


def test_a_word_too_common_for_its_language_is_found_in_a_title() -> None:
    make_petition(title="The Who")

    assert found("the who") == ["The Who"]


def test_signs_that_are_words_of_their_own_are_found() -> None:
    make_petition(title="保护环境", language="zh-hans")
    make_petition(title="Пётр и новый мост", language="ru")

    assert found("环境") == ["保护环境"]
    assert found("новый мост") == ["Пётр и новый мост"]


def test_a_translation_is_found_in_its_language() -> None:
    petition = make_petition(title="Our bridge")
    make_translation(petition, title="Nuestros puentes")

    assert found("puente") == ["Our bridge"]


def test_the_best_match_comes_first() -> None:
    now = timezone.now()
    titled = make_petition(title="Bridge", opened_at=now - timedelta(days=3))
    make_petition(title="Asks", ask="A bridge", story="x", opened_at=now)
    told = make_petition(title="Tells", ask="x", story="A bridge", opened_at=now)

    assert found("bridge") == ["Bridge", "Asks", "Tells"]
    assert found("bridge", sort="best") == ["Bridge", "Asks", "Tells"]
    assert found("bridge", sort="newest")[-1] == titled.title
    Petition.objects.filter(pk=told.pk).update(signature_count=7)
    assert found("bridge", sort="most")[0] == "Tells"


def test_the_best_is_an_order_only_where_words_were_asked_for(client: Client) -> None:
    def orders(**query: str) -> list[tuple[object, bool]]:
        options = client.get("/petitions/", query).context["sort_options"]
        return [(one["value"], one["is_current"]) for one in options]

    assert orders() == [("", True), ("most", False), ("closing", False)]
    assert orders(sort="best") == orders()
    assert orders(q="a", sort="") == [
        *(("", True), ("newest", False), ("most", False), ("closing", False))
    ]
    assert orders(q="a", sort="most")[2] == ("most", True)


def test_words_topic_and_state_are_found_together() -> None:
    rivers, roads = make_topic(), make_topic()
    make_petition(title="Open bridge", topics=[rivers, roads])
    make_petition(title="Another bridge", topics=[roads])
    make_won_petition(title="Won bridge", topics=[rivers])

    assert found("bridge", topic=rivers.slug) == ["Open bridge"]
    assert found("bridge", topic=rivers.slug, state="won") == ["Won bridge"]
    assert found("bridge", topic="unknown") == []
    assert found(f"topic{rivers.pk}") == found("stateopen") == []
    assert found(f"topic:{rivers.pk}") == found("state:open") == []


def test_what_is_not_public_is_not_found() -> None:
    make_draft(title="Bridge draft")
    make_hidden_petition(title="Bridge hidden")
    shown = make_petition(title="Bridge open")
    assert found("bridge") == ["Bridge open"]

    shown.hide(reason="It names a private person.")

    response = Client().get("/petitions/", {"q": "bridge"})  # the index is behind
    assert list(response.context["page"].object_list) == []


def test_what_is_hidden_is_not_counted_while_the_index_is_behind(
    client: Client,
) -> None:
    make_petition(title="Bridge shown")
    won = make_won_petition(title="Bridge won")
    hidden = make_petition(title="Bridge hidden")
    assert found("bridge") == ["Bridge hidden", "Bridge shown"]
    hidden.hide(reason="It names a private person.")
    won.hide(reason="It names a private person.")

    for query in [{}, {"sort": "newest"}, {"state": "won"}]:
        context = client.get("/petitions/", {"q": "bridge", **query}).context

        counts = {str(one.label): one.count for one in context["state_links"]}
        assert counts == {"Open": 1, "Won": 0, "Closed": 0}
        listed = [] if "state" in query else ["Bridge shown"]
        assert [one.title for one in context["page"].object_list] == listed
        assert context["page"].paginator.count == len(listed)


def test_of_many_the_newest_are_ranked_and_the_others_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgresql, "MOST_RANKED", 2)
    for title in ["Bridge", "A road", "Another bridge"]:
        make_petition(title=title, ask="x", story="A bridge")
    make_petition(title="Told", ask="x", story="A bridge")

    ranked = ["Another bridge", "Told", "A road", "Bridge"]
    by_all = ["Bridge", "Another bridge", "Told", "A road"]  # which costs SQLite little

    assert found("bridge") == (ranked if connection.vendor == "postgresql" else by_all)


def test_new_words_are_found_and_old_ones_are_not() -> None:
    petition = make_petition(title="Old bridge")
    assert found("bridge") == ["Old bridge"]

    petition.title = "Old tunnel"
    lifecycle.revise(petition, by=make_staff(), reason="Clearer.")

    assert found("tunnel") == ["Old tunnel"]
    assert found("bridge") == ["Old tunnel"]  # its ask still says so
    assert Petition.objects.search("tunnel").get() == petition


@pytest.mark.parametrize("kind", [Target, Organizer])
def test_one_who_was_renamed_is_found_by_the_new_name(log_in, kind: type) -> None:
    named = make_target(name="Aldo") if kind is Target else make_organizer(name="Aldo")
    beside = {"targets": [named]} if kind is Target else {"organizers": [named]}
    petition = make_petition(**beside)
    assert found("aldo") == [petition.title]
    client: Client = log_in(make_staff())
    url = f"/admin/petitions/{kind._meta.model_name}/{named.pk}/change/"
    form = {"name": "Berta", "slug": named.slug, "kind": "person"}

    assert client.post(url, form).status_code == 302

    assert found("berta") == [petition.title]
    assert found("aldo") == []


def test_a_change_that_nobody_told_of_is_found_within_a_week() -> None:
    petition = make_petition(title="Before")
    found("before")

    Petition.objects.filter(pk=petition.pk).update(title="Afterwards")

    assert found("afterwards") == []
    week_ago = timezone.now() - INDEXED_FOR
    Petition.objects.update(index_due_at=week_ago + INDEXED_FOR)
    assert found("afterwards") == ["Afterwards"]


def test_the_worker_indexes_all_that_is_due() -> None:
    for number in range(60):
        make_draft(slug=f"number-{number}", title="Bridge")

    work_once()

    assert Petition.objects.search("bridge").count() == 60
    assert Petition.objects.index() == 0


@pytest.mark.slow
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    q=st.text(max_size=120) | st.text("'\"*:^(){}|&!<>\\-+%_aé\u0301 語", max_size=60)
)
def test_nothing_that_is_typed_is_syntax(q: str) -> None:
    Petition.objects.search(q).exists()


@pytest.mark.slow
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(words=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_whatever_is_written_can_be_indexed(words: str) -> None:
    Petition.objects.all().delete()
    make_draft(title=words[:150], ask=words, story=words * 3)

    assert Petition.objects.index() == 1


def test_the_longest_story_can_be_indexed() -> None:
    many = " ".join(f"w{number:x}" for number in range(60_000))
    make_petition(title="Long", story=many)

    assert found("w1 long") == ["Long"]


def test_staff_search_all_petitions_and_organizers_their_own(
    log_in, rosa: Account
) -> None:
    own = make_draft(title="Bridge own", organizers=[make_organizer(member=rosa)])
    make_draft(title="Bridge foreign", slug="foreign-one")
    Petition.objects.index()

    def listed(q: str, account: Account) -> set[str]:
        response = log_in(account).get("/admin/petitions/petition/", {"q": q})
        return {one.title for one in response.context["cl"].result_list}

    assert listed("bridges", make_staff()) == {"Bridge own", "Bridge foreign"}
    assert listed("foreign-one", make_staff()) == {"Bridge foreign"}
    assert listed("bridge", rosa) == {own.title}
    assert listed("", rosa) == {own.title}


@pytest.mark.parametrize("state", ["draft", "review", "won"])
def test_staff_find_those_in_a_state_behind_many_in_others(
    log_in, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setattr(finding, "MOST_COUNTED", 2)
    make_draft(title="Bridge in draft")
    make_draft(title="Bridge in review").submit()
    make_won_petition(title="Bridge in won")
    for _ in range(3):
        make_petition(title="Bridge")
    Petition.objects.index()

    query = {"q": "bridge", "state__exact": state}
    response = log_in(make_staff()).get("/admin/petitions/petition/", query)

    listed = [one.title for one in response.context["cl"].result_list]
    assert listed == [f"Bridge in {state}"]


def test_staff_find_none_in_a_state_that_there_is_not(log_in) -> None:
    make_draft(title="Bridge")
    Petition.objects.index()

    query = {"q": "bridge", "state__exact": "x' OR '"}
    response = log_in(make_staff()).get("/admin/petitions/petition/", query)

    assert list(response.context["cl"].result_list) == []
