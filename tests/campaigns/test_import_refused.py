"""A file that cannot be taken: which petition, which field, what is wrong."""

import json
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from campaigns.bundle import import_bundle
from campaigns.bundle_format import BadBundle, parse
from tests.campaigns.bundles import (
    a_bundle,
    a_file,
    a_petition,
    a_signature,
    an_update,
)

OURS = 'petition "keep-the-bridge"'


def without(key: str) -> dict[str, object]:
    return {name: value for name, value in a_petition().items() if name != key}


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(BadBundle) as caught:
        parse(text)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "an unknown key": ({"colour": "red"}, "colour: this key is unknown"),
    "an unknown key further in": (
        {"targets": [{"name": "Magda"}, {"name": "Ben", "fax": "12"}]},
        "targets[1].fax: this key is unknown",
    ),
    "a wrong type": ({"title": 5}, "title: Input should be a valid string"),
    "a number as text": ({"goal": "100"}, "goal: Input should be a valid integer"),
    "a word for yes": (
        {"sensitive": "yes"},
        "sensitive: Input should be a valid boolean",
    ),
    "nothing where something must be": (
        {"title": None},
        "title: Input should be a valid string",
    ),
    "no goal at all": ({"goal": 0}, "goal: Input should be greater than or equal to 1"),
    "a number that fits nowhere": (
        {"goal": 10**10},
        "goal: Input should be less than or equal to 2000000000",
    ),
    "a day that is none": (
        {"updates": [an_update(posted_on="2026-02-30")]},
        "updates[0].posted_on: day is out of range for month",
    ),
    "words for a day": (
        {"opened_on": "last spring"},
        "opened_on: 'last spring' is not a day like 2026-03-09, a month or a year",
    ),
    "a moment for a day": (
        {"opened_on": "2026-03-09T12:00"},
        "opened_on: '2026-03-09T12:00' is not a day like 2026-03-09, a month or a year",
    ),
    "the year nought": (
        {"opened_on": "0000"},
        "opened_on: '0000' is no day of the years 1900 to 2100",
    ),
    "a title that is too long": (
        {"title": "x" * 151},
        "title: String should have at most 150 characters",
    ),
    "an ask that is too long": (
        {"ask": "x" * 501},
        "ask: String should have at most 500 characters",
    ),
    "a title of nothing": (
        {"title": ""},
        "title: String should have at least 1 character",
    ),
    "nobody behind it": (
        {"organizers": []},
        "organizers: List should have at least 1 item after validation, not 0",
    ),
    "an organizer twice": (
        {"organizers": [{"name": "Rosa"}, {"name": "Rosa"}]},
        "organizers: 'Rosa' stands there more than once",
    ),
    "a target that is nobody": (
        {"targets": [{"delivered_on": "2026"}]},
        "targets[0].organization: a target needs a name, an office or an organization",
    ),
    "a language that the site lacks": (
        {"language": "xx"},
        "language: 'xx' is not a language of this site",
    ),
    "a translation into its own language": (
        {"translations": [{"language": "en", "title": "A", "ask": "B", "story": "C"}]},
        "translations: 'en' stands there more than once",
    ),
    "a country that is none": (
        {"signatures": [a_signature(country="XX")]},
        "signatures[0].country: 'XX' is not the two-letter code of a country",
    ),
    "a name to show that is not there": (
        {"signatures": [a_signature(name="")]},
        "signatures[0].name: needed where show_name is true",
    ),
    "a name to show that cannot be seen": (
        {"signatures": [a_signature(name=" ")]},
        "signatures[0].name: needed where show_name is true",
    ),
    "a state that is none": (
        {"state": "lost"},
        "state: 'lost' is not a state of a petition",
    ),
    "a victory without an outcome": (
        {"state": "won"},
        "outcome: a petition that is won needs a summary of its outcome",
    ),
    "an outcome that is none": (
        {"state": "closed", "outcome": {"kind": "draw"}},
        "outcome.kind: 'draw' is not a way in which a petition ends",
    ),
    "a victory that was lost": (
        {"state": "won", "outcome": {"kind": "lost", "summary": "No."}},
        "outcome: a petition that is won has not ended as 'lost'",
    ),
    "an outcome of what still runs": (
        {"outcome": {"kind": "lost"}},
        "outcome: a petition that has not ended has no kind of outcome",
    ),
    "an outcome of what was hidden while it ran": (
        {"state": "hidden", "outcome": {"kind": "lost"}},
        "outcome: a petition that has not ended has no kind of outcome",
    ),
    "a proof of nothing": (
        {"state": "closed", "outcome": {"proof_url": "https://example.org/"}},
        "outcome: a proof needs the kind of outcome that it proves",
    ),
    "a proof that is no link": (
        {"state": "closed", "outcome": {"kind": "lost", "proof_url": "javascript:1"}},
        "outcome.proof_url: String should match pattern '^(https?://\\S+)?$'",
    ),
    "more listed than counted": (
        {
            "signatures": [a_signature(), a_signature()],
            "carried_over": {"count": 1, "source": "paper"},
        },
        "carried_over: count 1 is less than 2 listed signatures",
    ),
    "a number from nowhere": (
        {"carried_over": {"count": 1, "source": ""}},
        "carried_over.source: String should have at least 1 character",
    ),
    "a milestone twice": (
        {"milestones": [{"threshold": 10, "reached_on": "2026"}] * 2},
        "milestones: '10' stands there more than once",
    ),
    "an address that runs": (
        {"updates": [an_update(url="javascript:alert(1)")]},
        r"updates[0].url: String should match pattern '^(https?://\S+)?$'",
    ),
    "half a next action": (
        {"closing": {"next_action": {"label": "Come"}}},
        "closing.next_action.url: this is required",
    ),
    "a NUL": (
        {"title": "a\0b"},
        "title: holds a NUL character, which no database takes",
    ),
    "half a character": (
        {"story": "a\ud800b"},
        "story: holds half a character, which no database takes",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_named(case: str) -> None:
    parts, expected = REFUSED[case]

    assert problems(a_bundle(**parts)) == [f"{OURS}, {expected}"]


@pytest.mark.parametrize(
    "key", ["language", "title", "ask", "story", "organizers", "state"]
)
def test_what_is_required_is_named(key: str) -> None:
    assert problems(a_file(without(key))) == [f"{OURS}, {key}: this is required"]


def test_a_petition_without_an_address_is_named_by_its_place() -> None:
    assert problems(a_file(a_petition(), without("slug"))) == [
        "petition number 2, slug: this is required"
    ]


@pytest.mark.parametrize("slug", ["a b", "a/b", "a\n", "", "ñ", "../etc"])
def test_an_address_that_is_none_is_refused(slug: str) -> None:
    (problem,) = problems(a_bundle(slug=slug))

    assert "slug: " in problem


def test_an_address_twice_is_refused() -> None:
    assert problems(a_file(a_petition(), a_petition())) == [
        "petitions: 'keep-the-bridge' stands there more than once"
    ]


def test_every_problem_is_named_at_once() -> None:
    bad = a_petition(goal=0, title="", colour="red")

    found = problems(a_file(bad, a_petition(slug="another", ask=7)))

    assert [problem.partition(":")[0] for problem in found] == [
        *(f"{OURS}, {field}" for field in ("title", "goal", "colour")),
        'petition "another", ask',
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"format": "undersigned/2", "petitions": []}', "format: "),
        ('{"petitions": []}', "format: this is required"),
        ('{"format": "undersigned/1"}', "petitions: this is required"),
        ('{"format": "undersigned/1", "petitions": [], "x": 1}', "x: this key is"),
        ('{"format": "undersigned/1", "petitions": {}}', "petitions: "),
        ('{"format": "undersigned/1", "petitions": [1]}', "petition number 1: "),
        ('{"format": "undersigned/1", "petitions": [NaN]}', "petition number 1: "),
        ("[]", "the file: "),
        ("1", "the file: "),
        ("null", "the file: "),
    ],
)
def test_a_file_of_another_kind_is_refused(text: str, expected: str) -> None:
    (problem,) = problems(text)

    assert problem.startswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "petitions", "{'format': 1}", "[" * 100_000, '{"a":' * 100_000),
        *("9" * 5000, b"\xff\xfe\x00", b"\x80abc", b"%PDF-1.7"),
    ],
    ids=lambda text: repr(text[:10]),
)
def test_what_is_not_json_is_refused(text: str | bytes) -> None:
    (problem,) = problems(text)

    assert problem.startswith("This is not JSON: ")


def test_half_a_character_in_a_key_is_refused() -> None:
    assert len(problems(a_bundle(**{"\ud800": 1}))) == 1


FULL = a_petition(
    demands=["Open it."],
    targets=[{"name": "M", "office": "O", "organization": "C", "delivered_on": "2026"}],
    organizers=[{"name": "Rosa", "place": "Oldport", "kind": "person"}],
    topics=["Bridges"],
    state="won",
    closes_on="2027-01-01",
    closed_on="2026-03-09",
    goal=200,
    sensitive=True,
    outcome={
        "kind": "won",
        "proof_url": "https://a.b",
        "summary": "It stays.",
        "story": "We did it.",
    },
    closing={
        "message": "Thanks.",
        "next_action": {"label": "Go", "url": "https://a.b"},
    },
    carried_over={"count": 118, "source": "paper", "as_of": "2026-02"},
    milestones=[{"threshold": 100, "reached_on": "2026-02-01"}],
    updates=[
        an_update(kind="news", body="B", url="https://a.b", source="S", author="Rosa")
    ],
    signatures=[a_signature(place="Oldport", country="FR", reason="Mine.")],
    translations=[{"language": "es", "title": "T", "ask": "A", "story": "S"}],
)
NASTY = [None, "", " ", "\0", "\x0b", "\ud800", "x" * 5000, 0, -1, 10**12, 0.5, True]
NASTY += [[], {}, [None], "0001", "9999-12-31", "https://[", "<b>&amp;", "%s{}"]


def places(part: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple]:
    """The path of everything in a petition."""
    steps = part.items() if isinstance(part, dict) else enumerate(part)
    for step, value in steps:
        yield (*path, step)
        if isinstance(value, (dict, list)):
            yield from places(value, (*path, step))


Path = tuple[str | int, ...]


def changed(petition: dict[str, object], path: Path, value: object) -> dict | None:
    """A copy with that value in that place, if a file may hold it."""
    copy = json.loads(json.dumps(petition))
    part = copy
    try:
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = value
        parse(a_file(copy))
    except (LookupError, TypeError, BadBundle):
        return None
    return copy


def with_value_wherever_it_may_stand(value: object) -> list[dict[str, object]]:
    """As few petitions as can hold the value in each place that takes it."""
    petitions: list[dict[str, object]] = []
    for path in places(FULL):
        for number, petition in enumerate(petitions):
            if better := changed(petition, path, value):
                petitions[number] = better
                break
        else:
            if first := changed(FULL, path, value):
                petitions.append(first)
    return petitions


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("nasty", NASTY, ids=lambda value: repr(value)[:12])
def test_what_is_not_refused_can_be_imported_and_read(
    client: Client, nasty: object
) -> None:
    for part in with_value_wherever_it_may_stand(nasty):
        with transaction.atomic():
            (petition,) = import_bundle(parse(a_file(part)))
            url = petition.get_absolute_url()
            answers = [client.get(path) for path in (url, f"{url}feed/", "/feed/")]
            transaction.set_rollback(True)
        assert {answer.status_code for answer in answers} <= {200, 404, 410}
