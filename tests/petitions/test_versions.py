"""Signing means signing exactly these words: every edit is a version of its own."""

import time

import pytest
from django.test import Client

from petitions.models import Petition, WrongState
from tests.makers import (
    make_account,
    make_draft,
    make_hidden_petition,
    make_petition,
    make_rejected_petition,
    make_signature,
)

pytestmark = pytest.mark.django_db


def revise(petition: Petition, *, reason: str = "A mistake.", **words: object) -> None:
    for field, value in words.items():
        setattr(petition, field, value)
    petition.revise(by=None, reason=reason)


def parts_of(petition: Petition) -> dict[str, list[tuple[str, str]]]:
    """What changed from the version before to the newest one."""
    newest, before = petition.versions.all()[:2]
    return {
        change.label: [(part.kind, part.text) for part in change.parts]
        for change in newest.changes_since(before)
    }


def test_a_draft_has_no_version() -> None:
    petition = make_draft()

    assert petition.current_version is None
    assert petition.versions.count() == 0


def test_opening_keeps_the_words_as_the_first_version() -> None:
    petition = make_petition(title="Keep the bridge", demands=["Paint it", "Light it"])

    version = petition.versions.get()

    assert version == petition.current_version
    assert (version.number, version.reason) == (1, "")
    assert (version.title, version.story) == (petition.title, petition.story)
    assert version.demands == ["Paint it", "Light it"]


def test_an_edit_is_a_second_version_with_its_reason() -> None:
    petition = make_petition(title="Keep the bridge")
    editor = make_account()

    petition.title = "Keep the old bridge"
    petition.revise(by=editor, reason="There are two bridges.")

    second, first = petition.versions.all()
    assert (first.number, first.title) == (1, "Keep the bridge")
    assert (second.number, second.title) == (2, "Keep the old bridge")
    assert (second.reason, second.made_by) == ("There are two bridges.", editor)
    assert petition.current_version == second
    assert Petition.objects.get(pk=petition.pk).title == "Keep the old bridge"


def test_versions_go_on_being_numbered() -> None:
    petition = make_petition()

    revise(petition, title="Two")
    revise(petition, title="Three")

    assert [version.number for version in petition.versions.all()] == [3, 2, 1]


def test_an_edit_saves_the_words_and_nothing_else() -> None:
    petition = make_petition()
    Petition.objects.filter(pk=petition.pk).update(signature_count=7)

    revise(petition, title="Two", signature_count=0, goal=5)

    petition.refresh_from_db()
    assert (petition.signature_count, petition.goal) == (7, None)


@pytest.mark.parametrize("make", [make_draft, make_rejected_petition])
def test_what_was_never_opened_has_nothing_to_revise(make) -> None:
    petition = make()

    with pytest.raises(WrongState):
        revise(petition, title="Two")

    assert Petition.objects.get(pk=petition.pk).title != "Two"
    assert petition.versions.count() == 0


def test_a_hidden_petition_may_be_mended() -> None:
    petition = make_hidden_petition()

    revise(petition, story="Without the name.")

    assert petition.state == "hidden"
    assert petition.current_version.number == 2


def test_a_signature_points_to_the_words_that_were_signed() -> None:
    petition = make_petition()
    early = make_signature(petition=petition)
    revise(petition, title="Two")
    late = make_signature(petition=petition)

    early.refresh_from_db()

    assert (early.version.number, late.version.number) == (1, 2)


def test_what_changed_is_told_word_by_word() -> None:
    petition = make_petition(ask="Keep the bridge open.")

    revise(petition, ask="Keep the old bridge open all night.")

    assert parts_of(petition) == {
        "what we ask for": [
            ("same", "Keep the"),
            ("added", " old"),
            ("same", " bridge"),
            ("removed", " open."),
            ("added", " open all night."),
        ]
    }


def test_a_demand_that_is_added_is_told() -> None:
    petition = make_petition(demands=["Paint it"])

    revise(petition, demands=["Paint it", "Light it"])

    assert parts_of(petition) == {
        "demands": [("same", "Paint it"), ("added", "\nLight it")]
    }


def test_the_pieces_of_a_change_make_up_both_texts() -> None:
    before, after = "a  b\n\nc d e", "a b\n\nc  x e\nf"
    petition = make_petition(story=before)

    revise(petition, story=after)

    parts = parts_of(petition)["story"]
    assert "".join(text for kind, text in parts if kind != "added") == before
    assert "".join(text for kind, text in parts if kind != "removed") == after


@pytest.mark.parametrize(
    ("words", "lines"), [(1000, 1), (3000, 1000), (20_000, 500), (20_000, 20_000)]
)
def test_a_long_text_is_compared_in_no_time(words: int, lines: int) -> None:
    typed = [f"{number % 700} and" for number in range(words)]
    for place in range(0, words, words // lines):
        typed[place] += "\n"
    before = " ".join(typed)
    petition = make_petition(story=before)
    typed[::10] = ["anew\n" if "\n" in one else "anew" for one in typed[::10]]
    after = " ".join(typed)

    revise(petition, story=after)
    started = time.process_time()
    parts = parts_of(petition)["story"]

    assert time.process_time() - started < 5
    assert "".join(text for kind, text in parts if kind != "added") == before
    assert "".join(text for kind, text in parts if kind != "removed") == after


def test_the_public_reads_what_was_edited_and_why(client: Client) -> None:
    petition = make_petition(title="Keep the bridge")
    revise(petition, title="Keep the ferry", reason="The bridge is safe.")

    page = client.get(f"/petitions/{petition.slug}/versions/").content.decode()

    assert "The bridge is safe." in page
    assert "<del> bridge</del>" in page
    assert "<ins> ferry</ins>" in page
