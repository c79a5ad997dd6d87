from datetime import date
from io import StringIO
from threading import Event as Signal
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from campaigns import tally
from campaigns.bundle import import_bundle
from campaigns.bundle_format import parse
from campaigns.models import DailyCount, Event, Milestone, PlaceCount
from petitions.models import Petition
from signatures.models import CountChange, Signature
from tests.campaigns.bundles import a_bundle, a_signature
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_petition,
    make_signature,
)


@pytest.mark.django_db
def test_right_counts_are_left_alone() -> None:
    make_counted_signature(country="FR").exclude()
    gone = make_counted_signature(country="ES")
    gone.withdraw()
    make_counted_signature(petition=gone.petition)
    make_signature(petition=gone.petition)
    before = sorted(Petition.objects.values_list("signature_count", "changed_at"))

    assert tally.recount() == 0
    after = sorted(Petition.objects.values_list("signature_count", "changed_at"))
    assert [count for count, _at in after] == [0, 1]
    assert before[1] == after[1]
    assert Event.objects.filter(kind="count_mended").count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [0, 1, 500])
def test_a_wrong_count_is_mended_with_a_warning(
    wrong: int, caplog: pytest.LogCaptureFixture
) -> None:
    petition = make_petition()
    for _ in range(2):
        make_counted_signature(petition=petition)
    Petition.objects.filter(pk=petition.pk).update(signature_count=wrong)

    before = Petition.objects.get().changed_at

    assert tally.recount() == 1
    petition.refresh_from_db()
    assert petition.signature_count == 2
    assert petition.changed_at > before  # so that its page is made anew
    event = Event.objects.get()
    assert (event.kind, event.petition, event.by) == ("count_mended", petition, None)
    assert event.note == f"{wrong} → 2"
    warnings = [
        one.getMessage() for one in caplog.records if one.levelname == "WARNING"
    ]
    assert warnings == [f"count mended: petition={petition.pk} before={wrong} after=2"]
    assert tally.recount() == 0


@pytest.mark.django_db
def test_wrong_figures_are_mended() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition, country="FR")
    DailyCount.objects.update(count=7)
    PlaceCount.objects.create(petition=petition, country="ES", count=3)
    DailyCount.objects.create(petition=petition, day=date(2020, 1, 1), count=-1)

    assert tally.recount() == 1
    assert list(DailyCount.objects.values_list("count", flat=True)) == [1]
    assert list(PlaceCount.objects.values_list("country", "count")) == [("FR", 1)]


@pytest.mark.django_db
def test_milestones_follow_a_mended_count() -> None:
    petition = make_petition(signature_count=9)
    make_counted_signature(petition=petition)

    tally.recount()  # there is one row only

    petition.refresh_from_db()
    assert petition.signature_count == 1
    assert Milestone.objects.count() == 0


@pytest.mark.django_db
def test_changes_that_wait_are_neither_lost_nor_counted_twice() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition).withdraw()
    make_confirmed_signature(petition=petition)
    make_counted_signature(petition=petition).exclude()
    make_confirmed_signature(petition=petition)

    assert tally.recount() == 0
    assert tally.fold() == 0
    petition.refresh_from_db()
    assert petition.signature_count == 2


@pytest.mark.django_db
def test_a_change_that_comes_in_during_the_recount_is_left_to_the_fold() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition).withdraw()
    tally.fold()
    make_counted_signature(petition=petition).exclude()
    make_confirmed_signature(petition=petition)
    Petition.objects.filter(pk=petition.pk).update(signature_count=40)

    mended = tally._mend(petition)  # what a recount does to each, after folding

    petition.refresh_from_db()
    assert (mended, petition.signature_count) == (True, 1)
    assert CountChange.objects.count() == 2
    tally.fold()
    petition.refresh_from_db()
    assert petition.signature_count == 1
    assert tally.recount() == 0


@pytest.mark.django_db
def test_a_count_that_cannot_be_folded_is_left_whole_and_mended() -> None:
    petition = make_petition(
        carried_over_count=5, carried_over_source="paper", signature_count=5
    )
    gone = make_counted_signature(petition=petition)
    make_counted_signature(petition=petition)
    Petition.objects.filter(pk=petition.pk).update(signature_count=5)
    gone.withdraw()
    make_confirmed_signature(country="FR")

    with pytest.raises(IntegrityError):
        tally.fold()

    assert CountChange.objects.count() == 2
    assert not PlaceCount.objects.filter(country="FR").exists()
    assert tally.recount() == 1
    petition.refresh_from_db()
    assert petition.signature_count == 6
    assert PlaceCount.objects.get(country="FR").count == 1


@pytest.mark.django_db
def test_what_was_carried_over_is_right_as_it_is() -> None:
    import_bundle(
        parse(
            a_bundle(
                signatures=[a_signature(), a_signature()],
                carried_over={"count": 100, "source": "paper sheets"},
            )
        )
    )
    petition = Petition.objects.get()
    make_counted_signature(petition=petition)

    assert tally.recount() == 0
    petition.refresh_from_db()
    assert petition.signature_count == 101
    assert Signature.objects.count() == 3


@pytest.mark.django_db
def test_the_command_says_what_it_found() -> None:
    petition = make_petition()
    right, wrong = StringIO(), StringIO()

    call_command("recount", stdout=right)
    Petition.objects.filter(pk=petition.pk).update(signature_count=9)
    call_command("recount", stderr=wrong)

    assert "right" in right.getvalue()
    assert "1" in wrong.getvalue()


@pytest.mark.slow
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_recounting_while_people_sign_finds_nothing_wrong() -> None:
    petition = make_petition()
    signatures = [make_signature(petition=petition) for _ in range(30)]
    done = Signal()

    def sign() -> None:
        for number, signature in enumerate(signatures):
            signature.confirm()
            if number % 3 == 0:
                signature.withdraw()
        done.set()
        connection.close()

    def count() -> None:
        while not done.is_set():
            tally.fold()
        connection.close()

    threads = [Thread(target=sign), Thread(target=count)]
    for thread in threads:
        thread.start()
    wrong = []
    while not done.is_set():
        wrong.append(tally.recount())
    for thread in threads:
        thread.join()

    tally.fold()
    petition.refresh_from_db()
    assert (sum(wrong), petition.signature_count) == (0, 20)
