"""A worker gathers from which places signers come, so that no place points at one."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns import tally, towns, worker
from campaigns.models import Gathering, TownCount
from petitions.models import Petition
from signatures.models import Signature
from tests.makers import make_confirmed_signature, make_petition, make_signature

pytestmark = pytest.mark.django_db

LATER = timedelta(hours=1, minutes=1)


def sign(petition: Petition, **places: int) -> None:
    for place, number in places.items():
        for _ in range(number):
            make_confirmed_signature(petition=petition, place=place.replace("_", " "))
    tally.fold()


def towns_of(petition: Petition) -> dict[str, int]:
    counts = TownCount.objects.filter(petition=petition)
    return dict(counts.values_list("place", "count"))


def test_places_of_five_and_more_are_kept() -> None:
    petition, other = make_petition(), make_petition()
    sign(petition, Larkhaven=6, Eastport=5, Wennford=4)
    sign(other, Wennford=5)
    make_signature(petition=petition, place="Wennford")  # not confirmed

    assert towns.gather() == 2

    assert towns_of(petition) == {"Larkhaven": 6, "Eastport": 5}
    assert towns_of(other) == {"Wennford": 5}


def test_spellings_of_one_place_are_put_together_under_the_commonest() -> None:
    petition = make_petition()
    sign(petition, **{"Little Ávila": 3, "LITTLE  ÁVILA": 1, " little ávila ": 2})

    towns.gather()

    assert towns_of(petition) == {"Little Ávila": 6}


def test_no_place_is_no_place() -> None:
    petition = make_petition()
    sign(petition, **{"": 6, " ": 5})

    towns.gather()

    assert towns_of(petition) == {}


def test_only_the_largest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(towns, "MOST_TOWNS", 1)
    petition = make_petition()
    sign(petition, Larkhaven=5, Eastport=6)

    towns.gather()

    assert towns_of(petition) == {"Eastport": 6}


def test_a_petition_is_gathered_at_most_once_an_hour() -> None:
    petition = make_petition()
    sign(petition, Larkhaven=5)
    towns.gather()
    sign(petition, Larkhaven=1)

    soon = towns.gather()
    with time_machine.travel(timezone.now() + LATER):
        later = towns.gather()
        again = towns.gather()

    assert (soon, later, again) == (0, 1, 0)
    assert towns_of(petition) == {"Larkhaven": 6}


def test_what_has_not_changed_is_not_read_again() -> None:
    petition = make_petition()
    sign(petition, Larkhaven=5)
    towns.gather()

    with time_machine.travel(timezone.now() + LATER):
        assert towns.gather() == 0


def test_two_workers_do_not_gather_the_same() -> None:
    petition = make_petition()
    not_since = timezone.now() - towns.APART

    claims = [
        Gathering.objects.claim(petition, not_since=not_since) for _worker in range(2)
    ]

    assert claims == [True, False]


@pytest.mark.usefixtures("time_as_it_is")
def test_after_its_end_a_petition_is_gathered_once_more() -> None:
    petition = make_petition()
    sign(petition, Larkhaven=5)
    towns.gather()
    sign(petition, Larkhaven=2)
    petition.close(outcome="partly", reason="The council talks.")

    with time_machine.travel(timezone.now() + LATER):
        first = towns.gather()
        Petition.objects.update(changed_at=timezone.now())
    with time_machine.travel(timezone.now() + 3 * LATER):
        second = towns.gather()

    assert (first, second) == (1, 0)
    assert towns_of(petition) == {"Larkhaven": 7}


def test_a_place_that_falls_below_five_is_forgotten() -> None:
    petition = make_petition()
    sign(petition, Larkhaven=5, Eastport=5)
    towns.gather()
    Signature.objects.filter(place="Eastport").latest("pk").withdraw()
    tally.fold()

    with time_machine.travel(timezone.now() + LATER):
        towns.gather()

    assert towns_of(petition) == {"Larkhaven": 5}


def test_no_places_are_gathered_of_a_sensitive_petition() -> None:
    petition = make_petition(sensitive=True)
    sign(petition, Larkhaven=6)

    assert towns.gather() == 0
    assert not TownCount.objects.exists()


def test_a_petition_that_becomes_sensitive_loses_its_places() -> None:
    petition, other = make_petition(), make_petition()
    sign(petition, Larkhaven=6)
    sign(other, Eastport=6)
    towns.gather()

    Petition.objects.filter(pk=petition.pk).update(sensitive=True)
    towns.gather()

    assert towns_of(petition) == {}
    assert towns_of(other) == {"Eastport": 6}


def test_one_that_becomes_sensitive_while_it_is_gathered_gets_no_places(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    petition = make_petition()
    sign(petition, Larkhaven=6)
    read = towns._towns

    def read_and_turn(one: Petition) -> list[TownCount]:
        found = read(one)
        Petition.objects.update(sensitive=True)
        return found

    monkeypatch.setattr(towns, "_towns", read_and_turn)
    towns.gather()

    assert not TownCount.objects.exists()


def test_a_worker_gathers() -> None:
    petition = make_petition()
    sign(petition, Larkhaven=5)

    worker.work_once()

    assert towns_of(petition) == {"Larkhaven": 5}
