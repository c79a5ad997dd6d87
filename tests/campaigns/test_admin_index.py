"""The first page of the admin: what waits for whom."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import worker
from campaigns.models import Heartbeat, Notice, PetitionReport
from campaigns.overview import MOST_PETITIONS
from campaigns.some import MOST_COUNTED
from petitions.models import Account, Petition
from signatures.models import Sheet, SignatureMail
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_confirmed_signature,
    make_draft,
    make_held_signature,
    make_hidden_petition,
    make_moderator,
    make_organizer,
    make_petition,
    make_sheet,
    make_signature,
    make_staff,
    make_target,
    make_update,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
MOST_QUERIES = 12


def test_an_organizer_finds_their_own_petitions_first(
    log_in: LogIn, rosa: Account
) -> None:
    own = make_petition(organizers=[make_organizer(member=rosa)])
    theirs = make_petition(title="Somebody else's")

    response = log_in(rosa).get("/admin/")

    assert [one.petition for one in response.context["own_petitions"]] == [own]
    assert theirs.title not in response.content.decode()
    assert response.context["work"] is None
    assert "Mail and jobs" not in response.content.decode()


@pytest.mark.parametrize(
    ("make", "links"),
    [
        (make_draft, ["Finish it and send it", "How it goes"]),
        (make_petition, ["Share it", "How it goes", "Post an update"]),
        (
            make_closed_petition,
            ["Post an update", "How it goes", "See it"],
        ),
        (make_hidden_petition, ["Read why"]),
    ],
)
def test_each_petition_offers_what_can_be_done_with_it(
    log_in: LogIn, rosa: Account, make: Callable[..., Petition], links: list[str]
) -> None:
    petition = make(organizers=[make_organizer(member=rosa)])

    page = Page.of(log_in(rosa).get("/admin/"))

    own = page.one("li", class_="own-petition")
    assert [link.words for link in own.all("a", class_="button")] == links
    title = own.one("h3").one("a")
    assert title.words == petition.title
    assert title.attributes["href"].endswith(f"/{petition.pk}/overview/")


def make_work() -> None:
    """Something of everything that waits for staff."""
    make_draft().submit()
    make_confirmed_signature(reason="For my sister.")
    make_held_signature()
    reported = make_petition(closes_at=timezone.now() + timedelta(days=3))
    PetitionReport.objects.create(petition=reported, cause="false")
    PetitionReport.objects.create(petition=reported, cause="other")
    paper = make_sheet()
    Sheet.objects.filter(pk=paper.pk).update(handed_in_at=timezone.now())


def test_staff_see_what_waits_for_them_and_for_how_long(log_in: LogIn) -> None:
    make_work()
    Petition.objects.in_review().update(
        submitted_at=timezone.now() - timedelta(hours=5, minutes=3)
    )

    page = Page.of(log_in(make_staff()).get("/admin/"))

    words = [link.words for link in page.all("a", class_="admin-list__name")]
    assert words[:5] == [
        "1 petition in review",
        "1 petition reported by readers",
        "1 reason waiting for review",
        "1 signature held",
        "1 sheet of paper to count",
    ]
    assert "the oldest waits for 5 hours" in page.words


def test_a_moderator_sees_their_work_and_no_mail_and_no_jobs(log_in: LogIn) -> None:
    make_work()

    page = Page.of(log_in(make_moderator()).get("/admin/")).words

    assert "1 petition in review" in page
    assert "Mail and jobs" not in page
    assert "Closing this week" not in page


def test_what_closes_this_week_stands_there(log_in: LogIn) -> None:
    now = timezone.now()
    make_petition(title="Soon over", closes_at=now + timedelta(days=6))
    make_petition(title="Long to go", closes_at=now + timedelta(days=8))
    make_closed_petition(title="Over already")

    page = Page.of(log_in(make_staff()).get("/admin/")).words

    assert "Soon over" in page
    assert "Long to go" not in page
    assert "Over already" not in page


def test_mail_that_waits_or_failed_is_counted(log_in: LogIn) -> None:
    late = make_signature()
    failed = make_signature()
    now = timezone.now()
    SignatureMail.objects.filter(signature=late).update(
        due_at=now - timedelta(hours=2, minutes=1)
    )
    SignatureMail.objects.filter(signature=failed).update(dead_at=now)
    Notice.objects.create(kind="opened", account=make_staff(), petition=late.petition)

    page = Page.of(log_in(make_staff()).get("/admin/"))

    rows = [row.words for row in page.one("table").all("tr")][1:]
    assert rows[0] == "Answers to signers 1 1 2 hours"
    assert rows[2].startswith("To organizers and targets 1 0")


def test_a_worker_that_is_gone_raises_an_alarm(log_in: LogIn) -> None:
    client = log_in(make_staff())

    never = Page.of(client.get("/admin/")).words
    worker.work_once()
    now = Page.of(client.get("/admin/")).words
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(minutes=20))
    gone = Page.of(client.get("/admin/")).words

    assert "No worker has run yet." in never
    assert "Without it no mail leaves" not in now
    assert "The worker was last at work 20 minutes ago. Without it" in gone


def test_a_heart_beats_once_a_minute_however_many_workers_there_are() -> None:
    Heartbeat.objects.beat()
    (first,) = Heartbeat.objects.values_list("beat_at", flat=True)
    Heartbeat.objects.beat()
    (second,) = Heartbeat.objects.values_list("beat_at", flat=True)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Heartbeat.objects.update(beat_at=an_hour_ago)
    Heartbeat.objects.beat()
    (third,) = Heartbeat.objects.values_list("beat_at", flat=True)

    assert first == second
    assert third > an_hour_ago


def make_more(organizer: object, number: int) -> None:
    for _ in range(number):
        make_work()
        petition = make_petition(organizers=[organizer], targets=[make_target()])
        make_update(petition)
        make_closed_petition(organizers=[organizer])
        make_draft(organizers=[organizer]).submit()
        make_signature(petition=petition)


@pytest.mark.slow
@pytest.mark.parametrize("role", ["organizer", "staff", "moderator"])
def test_the_first_page_asks_no_more_for_more(
    log_in: LogIn, rosa: Account, role: str
) -> None:
    makers = {"staff": make_staff, "moderator": make_moderator}
    reader = makers[role]() if role in makers else rosa
    organizer = make_organizer(member=reader)
    make_more(organizer, 1)
    client = log_in(reader)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/")
    make_more(organizer, 8)

    with CaptureQueriesContext(connection) as many:
        response = client.get("/admin/")

    assert len(many) == len(few) <= MOST_QUERIES
    assert len(response.context["own_petitions"]) == MOST_PETITIONS


def test_each_number_is_counted_to_a_bound_by_the_database(log_in: LogIn) -> None:
    client = log_in(make_staff())

    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")

    (counting,) = [one["sql"] for one in queries if "AS counted" in one["sql"]]
    numbers = counting.count("SELECT COUNT(*)")
    assert numbers > 10
    assert counting.count(f"LIMIT {MOST_COUNTED + 1}) AS counted") == numbers
