"""What a petition's own page draws and lists of its signers, and what it keeps back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns.models import (
    ChannelCount,
    DailyCount,
    HourlyCount,
    PlaceCount,
    TownCount,
)
from campaigns.standing import Standing
from petitions.dates import show_day
from petitions.models import Account, Petition
from tests.campaigns.test_admin_petition_overview import numbers, read, sign, tables
from tests.makers import make_organizer, make_petition

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


@pytest.fixture
def own(rosa: Account) -> Petition:
    return make_petition(organizers=[make_organizer(member=rosa)])


@time_machine.travel("2026-03-11T12:30:00Z", tick=False)
def test_the_first_two_days_are_drawn_by_hour_and_all_by_day(
    log_in: LogIn, rosa: Account
) -> None:
    opened_at = datetime(2026, 3, 9, 9, 20, tzinfo=UTC)
    organizers = [make_organizer(member=rosa)]
    petition = make_petition(opened_at=opened_at, organizers=organizers)
    for hour, count in [(9, 2), (11, 7), (12, -1)]:
        HourlyCount.objects.create(
            petition=petition,
            hour_at=opened_at.replace(hour=hour, minute=0),
            count=count,
        )
    for day, count in [(9, 8), (11, 3)]:
        DailyCount.objects.create(
            petition=petition, day=opened_at.replace(day=day).date(), count=count
        )

    page = read(log_in(rosa), petition)

    drawn = [one.attributes["aria-labelledby"] for one in page.all("svg", role="img")]
    assert drawn == ["days-words", "hours-words"]
    found = tables(page)
    assert found["Signatures over time"] == [
        ["9 March 2026", "8"],
        ["10 March 2026", "0"],
        ["11 March 2026", "3"],
    ]
    hours = found["Signatures in the first 48 hours"]
    assert len(hours) == 48
    assert hours[:4] == [
        ["09:00, 9 March", "2"],
        ["10:00, 9 March", "0"],
        ["11:00, 9 March", "7"],
        ["12:00, 9 March", "-1"],
    ]
    assert "8 signatures in 48 hours, most at 11:00, 9 March: 7." in page.words


@time_machine.travel("2026-03-09T12:30:00Z", tick=False)
def test_hours_to_come_are_not_drawn(log_in: LogIn, rosa: Account) -> None:
    opened_at = datetime(2026, 3, 9, 9, 20, tzinfo=UTC)
    organizers = [make_organizer(member=rosa)]
    petition = make_petition(opened_at=opened_at, organizers=organizers)
    sign(petition, 2)

    page = read(log_in(rosa), petition)

    assert tables(page)["Signatures in the first 48 hours"] == [
        *(["09:00, 9 March", "0"], ["10:00, 9 March", "0"]),
        *(["11:00, 9 March", "0"], ["12:00, 9 March", "2"]),
    ]


def test_a_country_with_fewer_than_five_is_never_shown(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    for country, number in [("FR", 7), ("ES", 5), ("PL", 4), ("", 6)]:
        sign(own, number, country=country)

    found = tables(read(log_in(rosa), own))

    assert found["By country"] == [
        ["France", "7"],
        ["Spain", "5"],
        ["Others, and no country given", "10"],
    ]


def test_a_rest_of_few_takes_in_the_smallest(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    for country, number in [("FR", 7), ("ES", 5), ("PL", 4)]:
        sign(own, number, country=country)

    page = read(log_in(rosa), own)

    assert tables(page)["By country"] == [
        ["France", "7"],
        ["Others, and no country given", "9"],
    ]
    assert "Poland" not in page.words


def test_places_and_ways_are_shown_from_five_on(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    sign(own, 12)
    TownCount.objects.create(petition=own, place="Larkhaven", count=7)
    for via, count in [("wa", 9), ("fb", 5), ("em", 4), ("qr", 3)]:
        ChannelCount.objects.create(petition=own, via=via, count=count)

    found = tables(read(log_in(rosa), own))

    assert found["By place"] == [
        ["Larkhaven", "7"],
        ["Others, and no place given", "5"],
    ]
    assert found["By shared link"] == [
        ["WhatsApp", "9"],
        ["Facebook", "5"],
        ["The others together", "7"],
    ]


def test_a_sensitive_petition_tells_its_organizers_numbers_but_no_places(
    log_in: LogIn, rosa: Account
) -> None:
    organizers = [make_organizer(member=rosa)]
    petition = make_petition(sensitive=True, organizers=organizers)
    sign(petition, 6, country="FR")
    sign(petition, 4, country="ES")
    TownCount.objects.create(petition=petition, place="Larkhaven", count=5)

    page = read(log_in(rosa), petition)

    assert numbers(page)["Signatures"] == "10"
    assert "Larkhaven" not in page.words
    assert "Spain" not in page.words
    assert "France" not in page.words
    assert "Fewer than 40 are never shown by themselves" in page.words
    assert "Shown when 40 have signed from one country." in page.words
    assert "No places are gathered" in page.words
    assert not Standing.of(petition).by_place


def test_a_sensitive_petition_tells_countries_from_forty_on(
    log_in: LogIn, rosa: Account
) -> None:
    organizers = [make_organizer(member=rosa)]
    petition = make_petition(sensitive=True, organizers=organizers)
    for country, number in [("FR", 40), ("ES", 39), ("PL", 6)]:
        PlaceCount.objects.create(petition=petition, country=country, count=number)

    found = tables(read(log_in(rosa), petition))

    assert found["By country"] == [
        ["France", "40"],
        ["Others, and no country given", "45"],
    ]


def test_a_sensitive_petition_tells_days_and_no_hours(
    log_in: LogIn, rosa: Account
) -> None:
    organizers = [make_organizer(member=rosa)]
    opened_at = timezone.now() - timedelta(days=1)
    petition = make_petition(sensitive=True, opened_at=opened_at, organizers=organizers)
    with time_machine.travel(opened_at):
        sign(petition, 2)
    sign(petition, 3)

    page = read(log_in(rosa), petition)

    drawn = [one.attributes["aria-labelledby"] for one in page.all("svg", role="img")]
    assert drawn == ["days-words"]
    assert list(tables(page)) == ["Signatures over time"]


def test_before_there_is_anything_to_compare_there_is_no_chart(
    log_in: LogIn, rosa: Account
) -> None:
    organizers = [make_organizer(member=rosa)]
    petition = make_petition(
        signature_count=60,
        carried_over_count=60,
        carried_over_source="paper",
        organizers=organizers,
    )

    words = read(log_in(rosa), petition).words

    assert "A chart stands here as soon as there is something to compare." in words
    assert "are not in this chart" not in words


def test_the_chart_of_one_that_has_ended_goes_on_no_further(
    log_in: LogIn, rosa: Account
) -> None:
    today = timezone.localdate()
    opened_at = timezone.now() - timedelta(days=9)
    organizers = [make_organizer(member=rosa)]
    petition = make_petition(opened_at=opened_at, organizers=organizers)
    with time_machine.travel(opened_at):
        sign(petition, 2)
    with time_machine.travel(opened_at + timedelta(days=4)):
        petition.close(outcome="partly", reason="The council talks.")

    days = tables(read(log_in(rosa), petition))["Signatures over time"]

    assert days[0] == [show_day(today - timedelta(days=9)), "2"]
    assert days[4:] == [[show_day(today - timedelta(days=5)), "0"]]
