"""Numbers in a hand-over: they come to the whole, and none points at somebody."""

import pytest

from campaigns import hand_over
from campaigns.models import PlaceCount
from petitions.models import Petition
from tests.makers import make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition() -> Petition:
    return make_petition()


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"PE": 12, "BO": 10, "": 3}, [("Peru", 12), ("others", 13)]),
        ({"PE": 12, "BO": 9}, []),
        ({"PE": 12, "BO": 10}, [("Peru", 12), ("Bolivia", 10)]),
        ({"PE": 30, "BO": 9, "": 9}, [("Peru", 30), ("others", 18)]),
        ({}, []),
    ],
)
def test_no_country_of_few_can_be_told_or_reckoned(
    petition: Petition, counts: dict[str, int], told: list[tuple[str, int]]
) -> None:
    for country, count in counts.items():
        PlaceCount.objects.create(petition=petition, country=country, count=count)
    petition.signature_count = sum(counts.values())

    found = hand_over.by_country(petition)

    names = ["others" if "other" in name else name.split(",")[0] for name, _n in found]
    assert list(zip(names, [count for _name, count in found], strict=True)) == told


def test_countries_come_to_the_whole_count(petition: Petition) -> None:
    """Else what is missing would be those brought along from elsewhere."""
    PlaceCount.objects.create(petition=petition, country="PE", count=60)
    petition.signature_count = 75
    petition.carried_over_count = 15

    found = hand_over.by_country(petition)

    assert found == [("Peru", 60), ("other countries, or not given", 15)]


@pytest.mark.parametrize(("peru", "told"), [(39, []), (40, [("Peru", 40)])])
def test_of_a_sensitive_petition_a_country_is_told_from_forty(
    petition: Petition, peru: int, told: list[tuple[str, int]]
) -> None:
    petition.sensitive = True
    petition.signature_count = peru
    PlaceCount.objects.create(petition=petition, country="PE", count=peru)

    assert hand_over.by_country(petition) == told


@pytest.mark.parametrize(("carried", "is_told"), [(39, False), (40, True)])
def test_of_a_sensitive_petition_no_part_of_few_is_told(
    petition: Petition, carried: int, is_told: bool
) -> None:
    petition.sensitive = True
    petition.signature_count = 100
    petition.carried_over_count = carried

    assert bool(hand_over.parts(petition)) == is_told


def test_the_parts_of_the_count_are_told(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(
        signature_count=600,
        paper_count=100,
        carried_over_count=200,
        carried_over_source="the old site",
        carried_over_as_of="2024-05",
    )
    petition.refresh_from_db()

    assert hand_over.parts(petition) == [
        ("confirmed online", 300),
        ("on paper", 100),
        ("brought along from the old site (May 2024)", 200),
    ]
