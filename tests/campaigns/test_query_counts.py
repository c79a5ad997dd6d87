"""Every page asks the database the same few questions, however much is there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import lifecycle
from campaigns.models import Milestone, Update
from petitions.models import Petition, PetitionTarget
from signatures.models import Signature
from tests.makers import (
    make_organizer,
    make_petition,
    make_staff,
    make_target,
    make_topic,
    make_translation,
    make_update,
)

pytestmark = pytest.mark.django_db

MOST_ON_PETITION_PAGE = 1
MOST_UNDER_PETITION = 8


def queries_of(url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = Client().get(url)
    assert response.status_code == 200
    return len(queries)


def add_signatures(petition: Petition, number: int) -> None:
    Signature.objects.bulk_create(
        Signature(
            petition=petition,
            version_id=petition.current_version_id,
            name=f"Signer {one}",
            email=f"signer{one}@example.org",
            address_key=f"{petition.pk}-{one}",
            reason="Because.",
            reason_state="shown",
            show_name=True,
            state="confirmed",
            confirmed_at=timezone.now() - timedelta(seconds=one),
        )
        for one in range(number)
    )
    Petition.objects.filter(pk=petition.pk).update(signature_count=number)


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1, 1000])
def test_a_petition_page_asks_no_more_for_more_signatures(number: int) -> None:
    petition = make_petition()
    add_signatures(petition, number)

    asked = queries_of(petition.get_absolute_url())

    few = make_petition()
    add_signatures(few, 1)
    assert asked == queries_of(few.get_absolute_url()) <= MOST_ON_PETITION_PAGE


@pytest.mark.parametrize("number", [1, 10])
def test_a_petition_page_asks_no_more_for_more_of_everything(number: int) -> None:
    petition = make_petition(
        organizers=[make_organizer() for _ in range(number)],
        targets=[make_target() for _ in range(number)],
        topics=[make_topic() for _ in range(number)],
    )
    PetitionTarget.objects.update(delivered_at=timezone.now())
    make_translation(petition)
    for _ in range(number):
        make_update(petition, organizer=petition.organizers.first())
    Milestone.objects.follow({petition.pk: (0, 100 * number)})

    asked = {
        url: queries_of(url)
        for url in (petition.get_absolute_url(), f"/es{petition.get_absolute_url()}")
    }

    assert [count for count in asked.values() if count > MOST_ON_PETITION_PAGE] == []
    assert len(set(asked.values())) == 1


def make_petitions(number: int) -> None:
    """So many open, as many won; all by one, to one, on one."""
    together = {
        "organizers": [make_organizer()],
        "targets": [make_target()],
        "topics": [make_topic()],
    }
    for _ in range(number):
        petition = make_petition(**together, signature_count=120)
        make_translation(petition)
        make_update(petition, organizer=together["organizers"][0])
        lifecycle.declare_victory(
            make_petition(**together), by=make_staff(), summary="Won.", story=""
        )


def any_petition() -> str:
    return Petition.objects.open().first().get_absolute_url()


PAGES: dict[str, Callable[[], str]] = {
    "home": lambda: "/",
    "home in Spanish": lambda: "/es/",
    "petitions": lambda: "/petitions/",
    "petitions in Spanish": lambda: "/es/petitions/?q=a&sort=most",
    "organizer": lambda: Petition.objects.first().organizers.get().get_absolute_url(),
    "target": lambda: Petition.objects.first().targets.get().get_absolute_url(),
    "topic": lambda: Petition.objects.first().topics.get().get_absolute_url(),
    "new_petitions_feed": lambda: "/feed/",
    "sitemap": lambda: "/sitemap.xml",
}


def queries_of_lists() -> dict[str, int]:
    return {name: queries_of(url()) for name, url in PAGES.items()}


@pytest.mark.slow
def test_no_list_asks_more_for_more_petitions() -> None:
    make_petitions(1)
    with_one = queries_of_lists()

    make_petitions(23)

    assert queries_of_lists() == with_one
    assert max(with_one.values()) <= 12


UNDER_PETITION = ["updates/", "reasons/", "versions/", "feed/", "count.json", "sign/"]


@pytest.mark.slow
def test_no_page_under_a_petition_asks_more_for_more() -> None:
    petition = make_petition(targets=[make_target()])
    make_update(petition, organizer=petition.organizers.get())
    add_signatures(petition, 1)
    urls = [petition.get_absolute_url() + part for part in UNDER_PETITION]
    with_one = [queries_of(url) for url in urls]

    for number in range(15):
        make_update(petition, organizer=petition.organizers.get())
        petition.ask = f"Ask number {number}"
        lifecycle.revise(petition, by=make_staff(), reason="Clearer.")
    Signature.objects.all().delete()
    add_signatures(petition, 60)

    assert [queries_of(url) for url in urls] == with_one
    assert max(with_one) <= MOST_UNDER_PETITION


def test_the_page_of_an_update_asks_little() -> None:
    petition = make_petition()
    update = make_update(petition, organizer=petition.organizers.get())

    assert Update.objects.count() == 1
    assert queries_of(update.get_absolute_url()) <= MOST_UNDER_PETITION
