"""Everybody may read how many signatures were removed, and on which day."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from campaigns import exclusions
from campaigns.timeline import timeline
from petitions.models import Petition
from signatures.models import Exclusion
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_done_exclusion,
    make_exclusion,
    make_petition,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 3, 12, tzinfo=UTC)


def lines(petition: Petition, under: str = "") -> list[str]:
    page = Page.of(Client().get(petition.get_absolute_url() + under))
    (timeline,) = page.all("ol", class_="timeline")
    return [item.words for item in timeline.all("li", class_="timeline__item--removed")]


def make_bots(petition: Petition, number: int, *, name: str = "Bot") -> None:
    for _one in range(number):
        make_confirmed_signature(petition=petition, name=name)


def test_the_timeline_tells_number_and_day() -> None:
    with time_machine.travel(MARCH):
        petition = make_petition()
        make_bots(petition, 1, name="One")
        make_bots(petition, 2, name="Two")
        make_done_exclusion(name_pattern="One")
    with time_machine.travel(MARCH.replace(day=5)):
        make_done_exclusion(name_pattern="Two")

    assert (
        lines(petition)
        == lines(petition, "updates/")
        == [
            "5 March 2026 2 signatures removed as automated",
            "3 March 2026 1 signature removed as automated",
        ]
    )


def test_what_was_removed_in_one_day_is_one_number() -> None:
    petition = make_petition()
    make_bots(petition, 2, name="One")
    make_bots(petition, 3, name="Two")

    for name in ("One", "Two"):
        make_done_exclusion(name_pattern=name)

    assert [item.removed for item in timeline(petition) if item.removed] == [5]


def test_only_what_had_counted_is_told() -> None:
    petition, other = make_petition(), make_petition()
    make_signature(petition=petition, name="Bot")
    make_bots(other, 1)

    make_done_exclusion(name_pattern="Bot")

    assert lines(petition) == []
    assert len(lines(other)) == 1


def test_what_is_still_on_the_way_or_undone_is_not_told() -> None:
    petition = make_petition()
    make_bots(petition, 1)
    exclusion = make_exclusion(name_pattern="Bot")

    told = [lines(petition)]
    exclusions.work()
    told.append(lines(petition))
    exclusions.undo(Exclusion.objects.get(), by=make_staff(), reason="No.")
    told.append(lines(petition))
    exclusions.work()
    told.append(lines(petition))

    assert [len(some) for some in told] == [0, 1, 0, 0]
    assert exclusion.pk


def test_what_was_stopped_halfway_is_told_too() -> None:
    petition = make_petition()
    make_bots(petition, 1)
    exclusion = make_done_exclusion(name_pattern="Bot")

    Exclusion.objects.filter(pk=exclusion.pk).update(state="stopped")

    assert len(lines(petition)) == 1


def test_followers_are_told_by_the_feed() -> None:
    petition = make_petition()
    make_bots(petition, 2)
    make_done_exclusion(name_pattern="Bot")

    feed = Client().get(f"{petition.get_absolute_url()}feed/").content.decode()

    assert "<title>2 signatures removed as automated</title>" in feed
