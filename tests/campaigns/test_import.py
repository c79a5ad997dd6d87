from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.bundle import import_bundle
from campaigns.bundle_format import parse
from campaigns.management.commands import load_demo
from campaigns.models import Event, Milestone, Update
from petitions.models import Account, Organizer, Petition, Target, Topic
from signatures.models import CountChange, Signature, SignatureMail
from tests.campaigns.bundles import (
    a_bundle,
    a_file,
    a_petition,
    a_signature,
    an_update,
)

pytestmark = pytest.mark.django_db


def take_in(text: str) -> list[Petition]:
    return import_bundle(parse(text))


def everything() -> list[object]:
    models = [Petition, Update, Signature, Milestone, Organizer, Target, Topic, Event]
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_petition_comes_in_with_all_that_it_brought(client: Client) -> None:
    (petition,) = take_in(
        a_bundle(
            demands=["Open it.", "Keep it open."],
            targets=[{"name": "Magda", "office": "Mayor", "delivered_on": "2026-03"}],
            organizers=[{"name": "Rosa"}, {"name": "Bridge Club", "kind": "group"}],
            topics=["Bridges"],
            state="won",
            closed_on="2026-03-09",
            goal=200,
            outcome={"summary": "It stays.", "story": "We did it."},
            closing={
                "message": "Thanks.",
                "next_action": {"label": "Come", "url": "https://example.org/"},
            },
            carried_over={"count": 118, "source": "paper", "as_of": "2026-02"},
            milestones=[{"threshold": 100, "reached_on": "2026-02-01"}],
            updates=[an_update(author="Rosa")],
            signatures=[a_signature(reason="Mine.", country="FR", place="Oldport")],
            translations=[
                {"language": "es", "title": "El puente", "ask": "Sí", "story": "Río"}
            ],
        )
    )

    petition = Petition.objects.with_page().get(pk=petition.pk)
    assert (petition.state, petition.signature_count, petition.goal) == (
        "won",
        118,
        200,
    )
    assert petition.demands == ["Open it.", "Keep it open."]
    assert [one.name for one in petition.organizer_list] == ["Rosa", "Bridge Club"]
    assert petition.delivery_list[0].delivered_as_written == "2026-03"
    assert petition.current_version.number == 1
    assert Update.objects.get().organizer == petition.organizer_list[0]
    assert Signature.objects.get().origin == "carried"
    assert [event.kind for event in Event.objects.all()] == ["imported"]
    page = client.get(petition.get_absolute_url()).content.decode()
    for words in ("It stays.", "We did it.", "Magda", "Ada", "Mine.", "Oldport"):
        assert words in page
    assert (
        "El puente" in client.get(f"/es{petition.get_absolute_url()}").content.decode()
    )


def test_the_demo_comes_in() -> None:
    bundle = parse(load_demo.BUNDLE.read_bytes())

    petitions = import_bundle(bundle)

    assert len(petitions) == len(bundle.petitions) == Petition.objects.count()


def test_the_demo_needs_debug() -> None:
    with pytest.raises(CommandError):
        call_command("load_demo")

    assert Account.objects.count() == Petition.objects.count() == 0


def test_a_second_import_changes_nothing() -> None:
    demo = load_demo.BUNDLE.read_text()
    take_in(demo)
    before = everything()

    assert take_in(demo) == []
    assert everything() == before


def test_a_petition_that_is_here_stays_as_it_is() -> None:
    take_in(a_bundle(title="As it was"))

    new = take_in(
        a_file(a_petition(title="Something else"), a_petition(slug="another"))
    )

    assert [petition.slug for petition in new] == ["another"]
    assert Petition.objects.get(slug="keep-the-bridge").title == "As it was"


def test_it_is_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full, the plug is pulled: as good as any error in the middle."""

    def fail(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    bundle = parse(a_file(*(a_petition(slug=f"petition-{n}") for n in range(3))))
    before = everything()

    with pytest.raises(KeyboardInterrupt):
        import_bundle(bundle, progress=fail)

    assert everything() == before


def test_the_first_listed_is_the_newest() -> None:
    take_in(a_file(*(a_petition(slug=slug) for slug in ("first", "second"))))

    slugs = [
        petition.slug for petition in Petition.objects.order_by("-opened_at", "-pk")
    ]
    assert slugs == ["first", "second"]


def test_those_who_are_known_are_not_made_anew() -> None:
    people = {"targets": [{"name": "Magda"}], "topics": ["Bridges"]}

    take_in(a_file(a_petition(**people), a_petition(slug="another", **people)))

    counts = [model.objects.count() for model in (Organizer, Target, Topic)]
    assert counts == [1, 1, 1]
    assert Organizer.objects.get().petitions.count() == 2


def test_namesakes_are_kept_apart() -> None:
    take_in(
        a_file(
            a_petition(organizers=[{"name": "Rosa", "place": "Oldport"}]),
            a_petition(slug="b", organizers=[{"name": "Rosa", "place": "Newport"}]),
        )
    )

    slugs = sorted(Organizer.objects.values_list("slug", flat=True))
    assert slugs == ["rosa", "rosa-2"]


def test_a_name_in_any_script_gets_an_address(client: Client) -> None:
    take_in(a_bundle(organizers=[{"name": "Роза"}], topics=["橋"]))

    for listed in (Organizer.objects.get(), Topic.objects.get()):
        assert client.get(listed.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("state", ["draft", "review", "rejected", "hidden", "open"])
def test_every_state_comes_in(client: Client, state: str) -> None:
    (petition,) = take_in(a_bundle(state=state, opened_on=None))

    assert petition.state == state
    status = client.get(petition.get_absolute_url()).status_code
    expected = {"draft": 404, "review": 404, "rejected": 410, "hidden": 410}
    assert status == expected.get(state, 200)


def test_what_another_site_has_rejected_tells_nothing_here(client: Client) -> None:
    bundle = a_bundle(state="rejected", title="Chase Jonas", ask="Jonas has to go.")
    (petition,) = take_in(bundle)

    page = client.get(petition.get_absolute_url()).content

    assert b"Jonas" not in page


def test_listed_signatures_count_even_without_a_number() -> None:
    (petition,) = take_in(a_bundle(signatures=[a_signature(), a_signature()]))

    assert (petition.signature_count, petition.carried_over_count) == (2, 2)
    assert CountChange.objects.count() == SignatureMail.objects.count() == 0


def test_what_was_not_to_be_shown_is_not_shown(client: Client) -> None:
    (petition,) = take_in(
        a_bundle(signatures=[a_signature(name="Hidden Hugo", show_name=False)])
    )

    response = client.get(petition.get_absolute_url())

    assert b"Hidden Hugo" not in response.content


def test_many_signatures_come_in_with_few_questions() -> None:
    def queries(number: int, slug: str) -> int:
        text = a_bundle(slug=slug, signatures=[a_signature()] * number)
        with CaptureQueriesContext(connection) as asked:
            take_in(text)
        return len(asked)

    take_in(a_bundle())  # makes the organizer

    assert queries(1, "few") == queries(30, "many")


def test_the_command_says_how_many(tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    file.write_text(a_file(a_petition(), a_petition(slug="another")), encoding="utf-8")
    first, second = StringIO(), StringIO()

    call_command("import_petitions", str(file), stdout=first)
    call_command("import_petitions", str(file), stdout=second)

    assert first.getvalue().startswith("2 imported, 0 ")
    assert second.getvalue().startswith("0 imported, 2 ")


def test_the_command_writes_nothing_of_a_bad_file(tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    bad = a_petition(slug="b", goal=0, updates=[an_update(posted_on="2026-02-30")])
    file.write_text(a_file(a_petition(), bad), encoding="utf-8")

    with pytest.raises(CommandError) as caught:
        call_command("import_petitions", str(file))

    assert str(caught.value).splitlines() == [
        "Nothing was imported.",
        '  petition "b", goal: Input should be greater than or equal to 1',
        '  petition "b", updates[0].posted_on: day is out of range for month',
    ]
    assert Petition.objects.count() == 0


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.json", tmp_path):
        with pytest.raises(CommandError) as caught:
            call_command("import_petitions", str(path))

        assert str(caught.value).startswith(f"{path}: ")
