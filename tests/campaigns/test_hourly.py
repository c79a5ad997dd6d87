"""When the count moved, hour by hour, and which part of it came on paper."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from campaigns import tally
from campaigns.models import Event, HourlyCount
from petitions.models import Petition
from signatures.models import CountChange, Origin, Signature
from tests.makers import (
    make_confirmed_signature,
    make_counted_sheet,
    make_counted_signature,
    make_petition,
    make_signature,
)

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 9, 9, 59, 59, 900_000, tzinfo=UTC)
NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
TEN = datetime(2026, 3, 9, 10, tzinfo=UTC)
OLDER_CODE = (
    "INSERT INTO signatures_countchange (petition_id, change, day, country) "
    "VALUES (%s, 1, '2026-03-09', '')"
)


def hours_of(petition: Petition) -> dict[datetime, int]:
    hours = HourlyCount.objects.filter(petition=petition)
    return dict(hours.values_list("hour_at", "count"))


def total_of(petition: Petition) -> int:
    return sum(hours_of(petition).values())


def test_each_confirmation_is_counted_in_its_hour() -> None:
    petition, other = make_petition(), make_petition()
    for one, minutes in [(petition, 0), (petition, 1), (other, 1), (petition, 60)]:
        with time_machine.travel(MORNING + timedelta(minutes=minutes), tick=False):
            make_confirmed_signature(petition=one)
            if minutes == 60:
                tally.fold()

    assert hours_of(petition) == {NINE: 1, TEN: 2}
    assert hours_of(other) == {TEN: 1}


def test_a_signature_taken_back_lowers_the_hour_in_which_that_was() -> None:
    with time_machine.travel(MORNING, tick=False):
        signature = make_counted_signature()

    with time_machine.travel(TEN, tick=False):
        signature.withdraw()
        tally.fold()

    assert hours_of(signature.petition) == {NINE: 1, TEN: -1}


def test_a_move_between_countries_moves_no_hour() -> None:
    signature = make_counted_signature(country="FR")
    before = hours_of(signature.petition)

    CountChange.objects.move(signature, to_country="ES")
    tally.fold()

    assert hours_of(signature.petition) == before
    assert total_of(signature.petition) == 1


@pytest.mark.usefixtures("time_as_it_is")
def test_a_change_that_older_code_writes_has_its_hour_from_the_database() -> None:
    petition = make_petition()
    with connection.cursor() as cursor:
        cursor.execute(OLDER_CODE, [petition.pk])

    change = CountChange.objects.get()
    tally.fold()

    assert abs(change.changed_at - timezone.now()) < timedelta(minutes=1)
    assert not change.is_paper
    hour = change.changed_at.replace(minute=0, second=0, microsecond=0)
    assert hours_of(petition) == {hour: 1}


def test_only_what_came_on_paper_is_counted_as_paper() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition)

    make_counted_sheet(petition)

    petition.refresh_from_db()
    assert (petition.signature_count, petition.paper_count) == (3, 2)


def test_paper_that_is_taken_off_the_count_is_counted_as_paper_no_more() -> None:
    sheet = make_counted_sheet()
    one = Signature.objects.filter(petition=sheet.petition).latest("pk")

    one.exclude()
    tally.fold()
    sheet.petition.refresh_from_db()
    fewer = sheet.petition.signature_count, sheet.petition.paper_count
    Signature.objects.get(pk=one.pk).restore()
    tally.fold()

    sheet.petition.refresh_from_db()
    assert fewer == (1, 1)
    assert (sheet.petition.signature_count, sheet.petition.paper_count) == (2, 2)


def test_a_recount_mends_the_part_on_paper() -> None:
    petition = make_counted_sheet().petition
    Petition.objects.filter(pk=petition.pk).update(paper_count=1)

    assert tally.wrong_counts() == [petition.slug]
    assert tally.recount() == 1
    petition.refresh_from_db()
    assert (petition.signature_count, petition.paper_count) == (2, 2)
    assert tally.wrong_counts() == []
    assert tally.recount() == 0


def test_paper_that_waits_for_the_fold_is_not_wrong() -> None:
    petition = make_counted_sheet().petition
    for signature in Signature.objects.filter(origin=Origin.PAPER):
        signature.withdraw()

    assert tally.wrong_counts() == []
    assert tally._mend(petition) is False  # what a recount does to each, after folding


def test_a_recount_makes_wrong_hours_anew() -> None:
    with time_machine.travel(MORNING, tick=False):
        signature = make_counted_signature()
    HourlyCount.objects.update(count=5)
    make_confirmed_signature(petition=signature.petition)  # waits

    mended = tally._mend(signature.petition)

    assert mended
    assert hours_of(signature.petition) == {NINE: 1}
    tally.fold()
    assert total_of(signature.petition) == 2
    assert tally.recount() == 0


def test_a_recount_gives_hours_to_what_was_counted_before_there_were_any() -> None:
    with time_machine.travel(MORNING, tick=False):
        signature = make_counted_signature()
        HourlyCount.objects.all().delete()

        assert tally.recount() == 0  # nothing was wrong

    assert hours_of(signature.petition) == {NINE: 1}
    assert not Event.objects.exists()


def test_hours_that_began_after_the_count_are_completed_without_a_warning() -> None:
    with time_machine.travel(MORNING - timedelta(days=1), tick=False):
        signature = make_counted_signature()
    HourlyCount.objects.all().delete()
    with time_machine.travel(MORNING, tick=False):
        make_counted_signature(petition=signature.petition)

    assert tally.recount() == 0

    assert total_of(signature.petition) == 2
    assert not Event.objects.exists()


@pytest.mark.slow
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_hours_and_count_agree_while_people_sign_and_many_fold() -> None:
    petition = make_petition()
    signatures = [make_signature(petition=petition) for _ in range(20)]

    def sign() -> None:
        for number, signature in enumerate(signatures):
            signature.confirm()
            if number % 4 == 0:
                signature.withdraw()
        connection.close()

    def fold() -> None:
        for _ in range(10):
            tally.fold()
        connection.close()

    threads = [Thread(target=one) for one in (sign, fold, fold)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.fold()

    petition.refresh_from_db()
    assert petition.signature_count == total_of(petition) == 15
