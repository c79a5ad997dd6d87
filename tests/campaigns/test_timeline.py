from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from campaigns.bundle import import_bundle
from campaigns.bundle_format import parse
from campaigns.models import Milestone, Update
from campaigns.timeline import timeline
from petitions.models import Petition, PetitionTarget
from tests.campaigns.bundles import a_bundle, an_update
from tests.html import Page
from tests.makers import make_draft, make_petition, make_target, make_update

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def after(days: int) -> datetime:
    return START + timedelta(days=days)


def make_history() -> Petition:
    petition = make_petition(
        opened_at=START, targets=[make_target(name="Magda"), make_target()]
    )
    PetitionTarget.objects.filter(target__name="Magda").update(delivered_at=after(20))
    Milestone.objects.create(petition=petition, threshold=10, reached_at=after(2))
    Milestone.objects.create(petition=petition, threshold=50, reached_at=after(9))
    for days, kind in [(5, "update"), (12, "news")]:
        update = make_update(petition, title=f"Told on day {days}", kind=kind)
        Update.objects.filter(pk=update.pk).update(posted_at=after(days))
    return petition


def kinds(petition: Petition) -> list[str]:
    petition = Petition.objects.get(pk=petition.pk)
    return [item.kind for item in timeline(petition)]


def test_everything_that_happened_stands_in_one_line_newest_first() -> None:
    petition = make_history()

    items = timeline(petition)

    assert [(item.kind, item.at) for item in items] == [
        ("delivered", after(20)),
        ("update", after(12)),
        ("milestone", after(9)),
        ("update", after(5)),
        ("milestone", after(2)),
        ("opened", START),
    ]
    assert [item.threshold for item in items if item.threshold] == [50, 10]
    assert items[0].targets == "Magda"
    assert items[1].update.title == "Told on day 12"


def test_a_closed_petition_ends_its_line_with_that() -> None:
    petition = make_petition(opened_at=START)

    petition.close(outcome="lost", reason="Enough.", at=after(1))

    assert kinds(petition) == ["closed", "opened"]


def test_a_won_petition_ends_its_line_with_that_alone() -> None:
    petition = make_petition(opened_at=START)
    petition.close(outcome="lost", reason="Enough.", at=after(1))

    petition.win(summary="Won.", at=after(3))

    assert kinds(petition) == ["won", "opened"]


def test_a_petition_that_never_opened_has_an_empty_line() -> None:
    assert kinds(make_draft()) == []


def test_of_one_moment_the_outcome_stands_highest() -> None:
    petition = make_petition(opened_at=START, targets=[make_target()])
    PetitionTarget.objects.update(delivered_at=START)
    Milestone.objects.create(petition=petition, threshold=10, reached_at=START)
    Milestone.objects.create(petition=petition, threshold=50, reached_at=START)
    for title in ("First", "Second"):
        make_update(petition, title=title)
    Update.objects.update(posted_at=START)
    petition.win(summary="Won.", at=START)

    items = timeline(Petition.objects.get())

    assert [
        item.threshold or (item.update and item.update.title) or item.kind
        for item in items
    ] == ["won", "delivered", "Second", "First", 50, 10, "opened"]


def test_only_the_newest_are_given_when_so_many_are_asked_for() -> None:
    petition = make_history()

    assert timeline(petition, most=3) == timeline(petition)[:3]
    assert timeline(petition, most=99) == timeline(petition)


def test_nothing_of_another_petition_stands_in_the_line() -> None:
    make_history()

    assert kinds(make_petition()) == ["opened"]


def test_the_page_shows_the_newest_and_leads_to_the_rest(client: Client) -> None:
    petition = make_petition()
    for number in range(13):
        make_update(petition, title=f"Update {number}")

    response = client.get(petition.get_absolute_url())

    page = Page.of(response)
    assert len(page.all("li", class_="timeline__item")) == 8
    assert page.all("a", href=f"/petitions/{petition.slug}/updates/") != []


@pytest.mark.parametrize(
    ("written", "machine", "english", "spanish"),
    [
        ("2012-06-09", "2012-06-09", "9 June 2012", "9 de junio de 2012"),
        ("2012-06", "2012-06", "June 2012", "junio de 2012"),
        ("2012", "2012", "2012", "2012"),
    ],
)
def test_a_day_is_shown_as_far_as_it_is_known(
    written: str, machine: str, english: str, spanish: str
) -> None:
    import_bundle(parse(a_bundle(updates=[an_update(posted_on=written)])))
    url = Petition.objects.get().get_absolute_url()

    here, there = (
        Page.of(Client().get(language + url)).all("time", datetime=machine)
        for language in ("", "/es")
    )

    assert {time.words for time in here} == {english}
    assert {time.words.lower() for time in there} == {spanish}
