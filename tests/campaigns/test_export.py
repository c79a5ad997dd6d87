import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from campaigns import lifecycle
from campaigns.bundle import import_bundle
from campaigns.bundle_export import export_bundle
from campaigns.bundle_format import parse
from campaigns.management.commands import load_demo
from campaigns.models import Event
from petitions.models import Petition
from signatures.models import Signature
from tests.campaigns.bundles import a_bundle, a_signature, an_update
from tests.makers import (
    make_closed_petition,
    make_confirmed_signature,
    make_counted_signature,
    make_draft,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_rejected_petition,
    make_signature,
    make_staff,
    make_target,
    make_topic,
    make_translation,
    make_update,
    make_won_petition,
)


def export(*slugs: str) -> str:
    written = StringIO()
    call_command("export_petitions", *slugs, stdout=written)
    return written.getvalue()


def only_petition() -> dict[str, object]:
    (petition,) = json.loads(export())["petitions"]
    return petition


def make_every_kind() -> None:
    place = {
        "organizers": [make_organizer(), make_organizer()],
        "targets": [make_target(email="magda@example.net")],
        "topics": [make_topic()],
    }
    open_one = make_petition(**place, demands=["Open it."])
    make_translation(open_one)
    make_update(open_one, organizer=open_one.organizers.first())
    make_counted_signature(petition=open_one, name="Ada", show_name=True)
    make_draft()
    make_closed_petition()
    make_won_petition()
    make_hidden_petition()
    make_rejected_petition()


@pytest.mark.django_db
def test_what_is_exported_can_be_imported() -> None:
    make_every_kind()

    bundle = parse(export())

    assert len(bundle.petitions) == 6


@pytest.mark.django_db
def test_the_count_goes_along_with_where_it_was_signed() -> None:
    petition = make_petition(
        carried_over_count=50,
        carried_over_source="Paper sheets",
        carried_over_as_of="2026-01",
        signature_count=50,
    )
    before = only_petition()["carried_over"]

    make_counted_signature(petition=petition)

    after = only_petition()["carried_over"]
    assert before == {"count": 50, "source": "Paper sheets", "as_of": "2026-01"}
    assert (after["count"], after["source"]) == (51, "Paper sheets, Undersigned")


@pytest.mark.django_db
def test_what_was_confirmed_a_moment_ago_makes_no_broken_file() -> None:
    petition = make_petition()
    make_confirmed_signature(petition=petition, show_name=True)
    first = parse(export())

    make_counted_signature(petition=petition, show_name=True)
    make_confirmed_signature(petition=petition, show_name=True)
    second = parse(export())

    assert [one.petitions[0].carried_over.count for one in (first, second)] == [1, 3]


@pytest.mark.django_db
def test_no_address_and_nothing_of_a_hidden_signer_is_exported() -> None:
    staff = make_staff()
    for sensitive in (False, True):
        petition = make_petition(
            sensitive=sensitive,
            targets=[make_target(name="Magda", email="magda@example.net")],
            organizers=[make_organizer(member=staff)],
        )
        hidden = {"petition": petition, "name": "Hidden Hugo", "place": "Hiddenplace"}
        make_counted_signature(**hidden, country="HN", reason="Hidden reason")
        make_signature(**{**hidden, "show_name": True}, reason="Hidden pending")
        excluded = make_confirmed_signature(**{**hidden, "show_name": True})
        lifecycle.exclude(excluded, by=staff, reason="Hidden exclusion")
        with_reason = make_confirmed_signature(
            **hidden, country="HN", reason="Shown reason"
        )
        lifecycle.release_reason(with_reason, by=staff)
        concealed = make_confirmed_signature(
            petition=petition, name="Ada Hiddenlast", show_name=True, reason="Hidden"
        )
        lifecycle.hide_reason(concealed, by=staff)
        make_confirmed_signature(
            petition=petition, name="Ines Duarte", place="Oldport", country="PT",
            show_name=True,
        )  # fmt: skip
    make_petition(closing_message="")

    written = export()

    assert "@" not in written
    found = set(re.findall(r"Hidden \w+|Hiddenplace|HN\b", written))
    assert found == set()
    open_one, sensitive_one = (
        petition["signatures"]
        for petition in json.loads(written)["petitions"][::-1]
        if petition["signatures"]
    )
    assert [
        (one["name"], one["place"], one["country"], one["reason"]) for one in open_one
    ] == [
        ("Ines Duarte", "Oldport", "PT", ""),
        ("Ada Hiddenlast", "", "", ""),
        ("", "", "", "Shown reason"),
    ]
    assert [
        (one["name"], one["place"], one["country"], one["reason"])
        for one in sensitive_one
    ] == [
        ("Ines", "", "", ""),
        ("Ada", "", "", ""),
        ("", "", "", "Shown reason"),
    ]
    for one in [*open_one, *sensitive_one]:
        assert set(one) == {
            *("show_name", "name", "place", "country", "reason", "signed_on"),
        }


@pytest.mark.django_db
def test_days_keep_the_form_in_which_they_came() -> None:
    import_bundle(
        parse(
            a_bundle(
                opened_on="2012",
                closed_on="2013-02",
                state="closed",
                targets=[{"name": "Magda", "delivered_on": "2012-11"}],
                milestones=[{"threshold": 10, "reached_on": "2012-06"}],
                updates=[an_update(posted_on="2012-07-09")],
                signatures=[a_signature(signed_on="2012-08")],
                carried_over={"count": 1, "source": "paper", "as_of": "2013"},
            )
        )
    )

    petition = only_petition()

    assert (petition["opened_on"], petition["closed_on"]) == ("2012", "2013-02")
    assert petition["targets"][0]["delivered_on"] == "2012-11"
    assert petition["milestones"][0]["reached_on"] == "2012-06"
    assert petition["updates"][0]["posted_on"] == "2012-07-09"
    assert petition["signatures"][0]["signed_on"] == "2012-08"
    assert petition["carried_over"]["as_of"] == "2013"


@pytest.mark.django_db
def test_an_export_is_written_down_for_each_petition() -> None:
    petition, other = make_petition(), make_petition()

    written = json.loads(export(petition.slug))

    assert [one["slug"] for one in written["petitions"]] == [petition.slug]
    assert [(event.kind, event.petition) for event in Event.objects.all()] == [
        ("exported", petition)
    ]
    assert not Event.objects.filter(petition=other).exists()


@pytest.mark.django_db
def test_an_unknown_petition_is_named_and_nothing_is_exported() -> None:
    petition = make_petition()

    with pytest.raises(CommandError, match=r"There is no petition nothing, nowhere\."):
        export(petition.slug, "nowhere", "nothing")

    assert Event.objects.count() == 0


@pytest.mark.django_db
def test_an_empty_site_exports_an_empty_file() -> None:
    assert json.loads(export()) == {"format": "undersigned/1", "petitions": []}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_a_site_can_move_by_its_file() -> None:
    """Out and into an empty site: the same file, and the same pages."""
    import_bundle(parse(load_demo.BUNDLE.read_bytes()))
    before, pages_before = export(), pages()

    call_command("flush", interactive=False, verbosity=0)
    assert Petition.objects.count() == 0
    import_bundle(parse(before))

    assert export() == before
    assert pages() == pages_before
    assert len(pages_before) >= 18


def pages() -> dict[str, str]:
    """Every petition's page, in Spanish too where it is translated.

    Rows have other numbers on another site: a link to report a reason names one.
    """
    client = Client()
    return {
        path: re.sub(r"/reasons/\d+/", "/reasons/…/", client.get(path).content.decode())
        for petition in Petition.objects.all()
        for path in [
            petition.get_absolute_url(),
            *(
                f"/es{words.petition.get_absolute_url()}"
                for words in petition.translations.all()
            ),
        ]
    }


@pytest.mark.django_db
def test_many_signatures_are_exported_with_few_questions(
    django_assert_num_queries: object,
) -> None:
    import_bundle(parse(a_bundle(signatures=[a_signature()] * 60)))
    petitions = Petition.objects.with_page()

    with django_assert_num_queries(8):
        bundle = export_bundle(petitions)

    assert Signature.objects.count() == 60
    assert len(bundle["petitions"][0]["signatures"]) == 60
