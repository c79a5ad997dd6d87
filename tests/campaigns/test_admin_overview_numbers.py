"""The numbers at the head of a petition's own page in the admin."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns import exclusions, tally
from campaigns.models import DailyCount, HourlyCount
from campaigns.standing import Standing
from petitions.models import Account, Petition
from signatures.models import AskedCount, Signature
from tests.campaigns.test_admin_petition_overview import numbers, read, sign, tables
from tests.makers import (
    make_counted_sheet,
    make_done_exclusion,
    make_held_signature,
    make_organizer,
    make_petition,
    make_signature,
    make_staff,
)
from tests.signatures.acts import send_mail

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


@pytest.fixture
def own(rosa: Account) -> Petition:
    return make_petition(organizers=[make_organizer(member=rosa)])


def test_the_numbers_are_those_of_the_tally_and_the_mail(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    for _ in range(4):
        make_signature(petition=own)
    send_mail()
    sign(own, 3)
    AskedCount.objects.update(count=4)
    make_counted_sheet(own)

    page = read(log_in(rosa), own)

    assert numbers(page) == {
        "Signatures": "5",
        "In the last 24 hours": "+5",
        "Asked, not confirmed": "1",
        "Confirmation rate": "75 %",
    }
    assert "Of them on paper: 2. Signed online: 3." in page.words


def test_before_anybody_was_asked_there_is_no_rate(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    page = read(log_in(rosa), own)

    assert numbers(page)["Confirmation rate"] == "–"
    assert "A chart stands here as soon as there is something" in page.words


def test_the_rate_leaves_out_what_came_before_anybody_counted_who_is_asked(
    log_in: LogIn, rosa: Account
) -> None:
    opened_at = timezone.now() - timedelta(days=9)
    organizers = [make_organizer(member=rosa)]
    petition = make_petition(opened_at=opened_at, organizers=organizers)
    today = timezone.localdate()
    day_before = today - timedelta(days=1)
    DailyCount.objects.create(petition=petition, day=day_before, count=50)
    DailyCount.objects.create(petition=petition, day=today, count=3)
    AskedCount.objects.create(petition=petition, day=today, count=4)

    page = read(log_in(rosa), petition)

    assert numbers(page)["Asked, not confirmed"] == "1"
    assert numbers(page)["Confirmation rate"] == "75 %"
    assert "Known since" in page.words


def test_paper_that_came_before_the_first_mail_does_not_lower_the_rate(
    log_in: LogIn, rosa: Account
) -> None:
    days_ago = timezone.now() - timedelta(days=2)
    organizers = [make_organizer(member=rosa)]
    petition = make_petition(opened_at=days_ago, organizers=organizers)
    with time_machine.travel(days_ago):
        make_counted_sheet(petition)
    sign(petition, 3)
    AskedCount.objects.create(petition=petition, day=timezone.localdate(), count=4)

    page = read(log_in(rosa), petition)

    assert numbers(page)["Asked, not confirmed"] == "1"
    assert numbers(page)["Confirmation rate"] == "75 %"
    assert "Known since" not in page.words


def test_who_was_held_and_is_let_confirm_is_asked_like_the_others(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    held = [make_held_signature(petition=own) for _ in range(2)]
    send_mail()
    for signature in held:
        signature.release()
    send_mail()
    Signature.objects.get(pk=held[0].pk).confirm()
    tally.fold()

    page = read(log_in(rosa), own)

    assert numbers(page)["Asked, not confirmed"] == "1"
    assert numbers(page)["Confirmation rate"] == "50 %"


def test_all_numbers_are_of_the_same_moment(own: Petition) -> None:
    as_found = Petition.objects.get(pk=own.pk)
    make_counted_sheet(own)

    standing = Standing.of(as_found)

    assert standing.petition.signature_count == sum(standing.days.values()) == 2
    assert standing.petition.paper_count == 2


def test_the_numbers_agree_whatever_has_left_and_come_back(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    sign(own, 9, country="FR")
    sign(own, 6, country="ES")
    make_counted_sheet(own)
    withdrawn, back, excluded, restored, moved = Signature.objects.filter(country="FR")[
        :5
    ]
    withdrawn.withdraw()
    back.withdraw()
    back.undo_withdrawal()
    excluded.exclude()
    restored.exclude()
    Signature.objects.get(pk=restored.pk).restore()
    moved.country = "ES"
    moved.change(["country"])
    exclusion = make_done_exclusion(petition=own, domain="example.org")
    tally.fold()
    own.refresh_from_db()
    assert own.signature_count == 2
    exclusions.undo(exclusion, by=make_staff(), reason="They are people.")
    while exclusions.work():
        pass
    tally.fold()

    page = read(log_in(rosa), own)

    assert numbers(page)["Signatures"] == "15"
    assert numbers(page)["In the last 24 hours"] == "+15"
    assert tables(page)["Signatures in the first 48 hours"][0][1] == "15"
    assert tables(page)["By country"] == [
        ["Spain", "7"],
        ["Others, and no country given", "8"],
    ]
    assert tally.recount() == 0


def test_who_was_asked_before_that_was_known_makes_no_number_odd(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    sign(own, 3)
    AskedCount.objects.create(petition=own, day=timezone.localdate(), count=1)

    page = read(log_in(rosa), own)

    assert numbers(page)["Asked, not confirmed"] == "0"
    assert numbers(page)["Confirmation rate"] == "100 %"


def test_the_last_24_hours_are_no_longer(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for ago, count in [(0, 1), (23, 2), (24, 4), (40, 8)]:
        HourlyCount.objects.create(
            petition=own, hour_at=hour - timedelta(hours=ago), count=count
        )

    page = read(log_in(rosa), own)

    assert numbers(page)["In the last 24 hours"] == "+3"
