from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import tally
from campaigns.models import DailyCount, Event, Milestone, PlaceCount, figures
from petitions.models import Petition
from signatures.models import CountChange, Origin, Signature
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_petition,
    make_signature,
)

pytestmark = pytest.mark.django_db


def count_of(petition: Petition) -> int:
    return Petition.objects.get(pk=petition.pk).signature_count


def days_of(petition: Petition) -> dict[date, int]:
    return dict(
        DailyCount.objects.filter(petition=petition).values_list("day", "count")
    )


def places_of(petition: Petition) -> dict[str, int]:
    return dict(
        PlaceCount.objects.filter(petition=petition).values_list("country", "count")
    )


def thresholds_of(petition: Petition) -> list[int]:
    milestones = Milestone.objects.filter(petition=petition)
    return sorted(milestones.values_list("threshold", flat=True))


def test_confirmed_signatures_are_counted_once() -> None:
    petition, other = make_petition(), make_petition()
    for _ in range(3):
        make_confirmed_signature(petition=petition)
    make_confirmed_signature(petition=other)
    make_signature(petition=petition)

    assert tally.fold() == 4
    assert (count_of(petition), count_of(other)) == (3, 1)
    assert tally.fold() == 0
    assert (count_of(petition), count_of(other)) == (3, 1)
    assert CountChange.objects.count() == 0


def test_more_changes_than_one_transaction_takes_are_all_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tally, "MOST_CHANGES", 2)
    petition = make_petition()
    for _ in range(5):
        make_confirmed_signature(petition=petition)

    assert tally.fold() == 5
    assert count_of(petition) == 5


def test_more_petitions_than_one_statement_takes_are_all_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(figures, "AT_ONCE", 2)
    petitions = [make_petition() for _ in range(5)]
    for petition in petitions:
        for country in ["FR", "ES", ""]:
            make_confirmed_signature(petition=petition, country=country)

    assert tally.fold() == 15
    for petition in petitions:
        assert count_of(petition) == 3
        assert list(days_of(petition).values()) == [3]
        assert places_of(petition) == {"FR": 1, "ES": 1, "": 1}


@pytest.mark.parametrize("number", [1, 40])
def test_a_fold_asks_no_more_for_more_petitions(number: int) -> None:
    for _petition in range(number):
        make_confirmed_signature()

    with CaptureQueriesContext(connection) as queries:
        tally.fold()

    statements = [one["sql"].split()[0] for one in queries.captured_queries]
    assert statements.count("INSERT") == 3  # days, hours and countries
    assert statements.count("UPDATE") == 1


def test_what_is_withdrawn_is_taken_back_everywhere() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition, country="FR")
    gone = make_counted_signature(petition=petition, country="ES")

    gone.withdraw()
    tally.fold()

    assert count_of(petition) == 1
    assert list(days_of(petition).values()) == [1]
    assert places_of(petition) == {"FR": 1, "ES": 0}


def test_what_is_taken_back_later_lowers_the_day_on_which_it_was_signed() -> None:
    evening = datetime(2026, 3, 8, 21, tzinfo=UTC)
    petition = make_petition(opened_at=evening)
    with time_machine.travel(evening, tick=False):
        signature = make_counted_signature(petition=petition)

    with time_machine.travel(evening + timedelta(hours=9), tick=False):
        signature.withdraw()
        tally.fold()
        taken_back = days_of(petition)
        signature.undo_withdrawal()
        tally.fold()

    assert taken_back == {date(2026, 3, 8): 0}
    assert days_of(petition) == {date(2026, 3, 8): 1}


def test_what_is_excluded_counts_again_when_restored() -> None:
    signature = make_counted_signature()
    petition = signature.petition

    signature.exclude()
    tally.fold()
    excluded = count_of(petition)
    Signature.objects.get(pk=signature.pk).restore()
    tally.fold()

    assert (excluded, count_of(petition)) == (0, 1)
    assert list(days_of(petition).values()) == [1]


def test_a_signature_that_comes_and_goes_before_the_fold_leaves_nothing() -> None:
    signature = make_confirmed_signature()
    petition = signature.petition
    signature.withdraw()

    tally.fold()

    assert count_of(petition) == 0
    assert thresholds_of(petition) == []


def test_figures_are_kept_by_day_and_by_country() -> None:
    petition = make_petition(opened_at=datetime(2026, 3, 1, tzinfo=UTC))
    for day, country in [(8, "FR"), (8, "FR"), (9, ""), (9, "ES")]:
        with time_machine.travel(datetime(2026, 3, day, 12, tzinfo=UTC)):
            make_confirmed_signature(petition=petition, country=country)
            if day == 8:
                tally.fold()

    tally.fold()

    assert days_of(petition) == {date(2026, 3, 8): 2, date(2026, 3, 9): 2}
    assert places_of(petition) == {"FR": 2, "": 1, "ES": 1}


def test_a_day_is_a_day_where_the_site_is(settings: object) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    late = datetime(2026, 3, 8, 23, tzinfo=UTC)  # the 9th there
    petition = make_petition(opened_at=late)
    with time_machine.travel(late):
        make_counted_signature(petition=petition)

    assert days_of(petition) == {date(2026, 3, 9): 1}
    assert tally.recount() == 0


def test_milestones_are_reached_once() -> None:
    petition = make_petition(signature_count=9)

    make_counted_signature(petition=petition)
    reached_at = Milestone.objects.get(petition=petition).reached_at
    make_counted_signature(petition=petition)

    assert thresholds_of(petition) == [10]
    assert Milestone.objects.get(petition=petition).reached_at == reached_at


def test_one_fold_can_pass_several_milestones() -> None:
    petition = make_petition(signature_count=9)

    Milestone.objects.follow({petition.pk: (9, 250)})

    assert thresholds_of(petition) == [10, 50, 100, 250]


def test_a_milestone_is_taken_back_when_the_count_falls_below_it() -> None:
    petition = make_petition(signature_count=8)
    make_counted_signature(petition=petition)
    tenth = make_counted_signature(petition=petition)
    other = make_petition(signature_count=9)
    make_counted_signature(petition=other)

    tenth.withdraw()
    tally.fold()
    below = thresholds_of(petition)
    make_counted_signature(petition=petition)

    assert below == []
    assert thresholds_of(petition) == [10]
    assert thresholds_of(other) == [10]


def test_a_milestone_stays_while_the_count_stays_on_it() -> None:
    petition = make_petition(signature_count=9)
    make_counted_signature(petition=petition)
    eleventh = make_counted_signature(petition=petition)

    eleventh.withdraw()
    tally.fold()

    assert (count_of(petition), thresholds_of(petition)) == (10, [10])


def test_counting_marks_the_petition_as_changed() -> None:
    petition = make_petition()
    before = petition.changed_at

    make_counted_signature(petition=petition)

    assert Petition.objects.get(pk=petition.pk).changed_at > before


def test_a_carried_signature_is_part_of_the_number_that_came_with_it() -> None:
    petition = make_petition(
        carried_over_count=50, carried_over_source="paper", signature_count=50
    )
    signature = make_confirmed_signature(petition=petition)
    tally.fold()
    Signature.objects.filter(pk=signature.pk).update(
        origin=Origin.CARRIED, email="", address_key=None
    )
    carried = Signature.objects.get(pk=signature.pk)

    carried.exclude()
    Signature.objects.get(pk=carried.pk).restore()
    Signature.objects.get(pk=carried.pk).withdraw()

    assert CountChange.objects.count() == 0
    assert tally.fold() == 0


def test_counting_leaves_no_events() -> None:
    make_counted_signature()

    assert list(Event.objects.values_list("kind", flat=True)) == []
