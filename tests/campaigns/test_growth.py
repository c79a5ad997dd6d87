from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.growth import Growth, Unit, chart_of, growth
from campaigns.models import DailyCount, Milestone
from petitions.models import Petition
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_counted_sheet,
    make_counted_signature,
    make_petition,
)

MONDAY = date(2026, 8, 3)
DAYS = st.dates(date(1996, 1, 1), date(2026, 12, 31))


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def bars(days: dict[date, int], until: date) -> list[tuple[str, int]]:
    return [(bar.label, bar.count) for bar in chart_of(days, until=until).bars]


def sign(petition: Petition, days: dict[date, int]) -> None:
    """What the tally leaves behind."""
    DailyCount.objects.add({(petition.pk, on): count for on, count in days.items()})
    Petition.objects.filter(pk=petition.pk).update(signature_count=sum(days.values()))
    petition.refresh_from_db()


def growth_of(petition: Petition) -> Growth | None:
    milestones = list(Milestone.objects.filter(petition=petition))
    days = DailyCount.objects.filter(petition=petition).values_list("day", "count")
    return growth(petition, milestones, dict(days))


def page_of(petition: Petition, client: Client) -> Page:
    return Page.of(client.get(petition.get_absolute_url()))


@given(st.dictionaries(DAYS, st.integers(-3, 5000), max_size=40), DAYS)
@example({MONDAY: 5, day(1): -2}, day(1))
def test_every_signature_is_in_one_bar(days: dict[date, int], until: date) -> None:
    chart = chart_of(days, until=until)

    if chart is None:
        assert sum(days.values()) <= 0 or until <= min(d for d in days if days[d])
    else:
        assert sum(bar.count for bar in chart.bars) == sum(days.values())
        assert 2 <= len(chart.bars) <= 31
        assert len({bar.label for bar in chart.bars}) == len(chart.bars)


@given(st.sampled_from(Unit), DAYS, st.integers(0, 3000))
def test_bars_follow_each_other_without_a_gap(
    unit: Unit, first: date, more: int
) -> None:
    last = first + timedelta(days=more)

    starts = list(unit.starts(first, last))

    assert starts[0] <= first
    assert starts[-1] <= last < unit.after(starts[-1])
    for earlier, later in pairwise(starts):
        assert earlier < unit.after(earlier) == later == unit.start(later)
        assert unit.start(later - timedelta(days=1)) == earlier


@pytest.mark.parametrize(
    ("length", "unit", "number"),
    [
        (2, Unit.DAY, 2),
        (31, Unit.DAY, 31),
        (32, Unit.WEEK, 5),
        (31 * 7, Unit.WEEK, 31),
        (31 * 7 + 1, Unit.MONTH, 8),
        (900, Unit.MONTH, 30),
        (3 * 365, Unit.QUARTER, 13),
        (20 * 365, Unit.YEAR, 21),
        (60 * 365, Unit.YEAR, 61),
    ],
)
def test_the_longer_it_takes_the_longer_each_bar(
    length: int, unit: Unit, number: int
) -> None:
    chart = chart_of({MONDAY: 1}, until=day(length - 1))

    assert (chart.unit, len(chart.bars)) == (unit, number)


def test_days_without_a_signature_stand_there_too() -> None:
    assert bars({MONDAY: 4, day(2): 1}, day(3)) == [
        ("3 August 2026", 4),
        ("4 August 2026", 0),
        ("5 August 2026", 1),
        ("6 August 2026", 0),
    ]


def test_a_month_and_a_quarter_are_called_by_name() -> None:
    start = date(2026, 1, 31)

    assert bars({start: 7}, date(2026, 10, 1))[:2] == [
        ("January 2026", 7),
        ("February 2026", 0),
    ]
    assert bars({start: 7}, date(2029, 1, 1))[0] == ("January – March 2026", 7)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (day(9), "1,214 signatures in 10 days, most on 6 August 2026: 1,080."),
        (
            day(40),
            "1,214 signatures in 6 weeks, most in the week of 3 August 2026: 1,214.",
        ),
        (day(500), "1,214 signatures in 17 months, most in August 2026: 1,214."),
    ],
)
def test_one_sentence_says_what_is_drawn(until: date, words: str) -> None:
    chart = chart_of({MONDAY: 134, day(3): 1080}, until=until)

    assert chart.words == words


def test_weeks_end_at_the_last_day_that_they_show() -> None:
    chart = chart_of({day(1): 9}, until=day(40))

    assert chart.bars[0].label == "3 August 2026"
    assert chart.last_label == "12 September 2026"


def test_bars_are_drawn_to_scale_and_what_is_there_can_be_seen() -> None:
    chart = chart_of({MONDAY: 1000, day(1): 250, day(3): 1}, until=day(4))

    assert chart.path == "M1 100v-100h7v100zM11 100v-25h7v25zM31 100v-1h7v1z"
    assert chart.box == "0 0 50 100"


def test_more_withdrawn_than_signed_on_a_day_draws_no_bar() -> None:
    chart = chart_of({MONDAY: 10, day(1): -3, day(2): 5}, until=day(2))

    assert [bar.count for bar in chart.bars] == [10, -3, 5]
    assert chart.path == "M1 100v-100h7v100zM21 100v-50h7v50z"


@pytest.mark.parametrize(
    "days", [{}, {MONDAY: 0}, {MONDAY: -1}, {MONDAY: 3, day(1): -3}, {day(4): 9}]
)
def test_there_is_no_chart_of_nothing_or_of_a_first_day(days: dict[date, int]) -> None:
    assert chart_of(days, until=day(4)) is None


@pytest.mark.django_db
def test_an_open_petition_is_shown_until_today() -> None:
    today = timezone.localdate()
    petition = make_petition()
    sign(petition, {today - timedelta(days=4): 6})

    chart = growth_of(petition).chart

    assert [bar.count for bar in chart.bars] == [6, 0, 0, 0, 0]


@pytest.mark.django_db
def test_a_closed_petition_is_shown_until_it_closed_where_the_site_is() -> None:
    petition = make_petition(opened_at=datetime(2026, 3, 1, tzinfo=UTC))
    sign(petition, {date(2026, 3, 8): 6, date(2026, 3, 9): 2})
    petition.close(
        outcome="lost", reason="Enough.", at=datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    )

    with timezone.override("Pacific/Auckland"):
        chart = growth_of(petition).chart

    assert [bar.count for bar in chart.bars] == [6, 2, 0, 0]
    assert chart.last_label == "11 March 2026"


@pytest.mark.django_db
def test_a_signature_confirmed_after_closing_is_in_the_chart() -> None:
    petition = make_petition(opened_at=datetime(2026, 3, 1, tzinfo=UTC))
    petition.close(
        outcome="lost", reason="Enough.", at=datetime(2026, 3, 9, 12, tzinfo=UTC)
    )
    sign(petition, {date(2026, 3, 8): 6, date(2026, 3, 10): 2})

    chart = growth_of(petition).chart

    assert [bar.count for bar in chart.bars] == [6, 0, 2]


@pytest.mark.django_db
def test_the_days_of_another_petition_are_not_in_it() -> None:
    sign(make_petition(), {MONDAY: 5, day(1): 5})

    assert growth_of(make_petition()) is None


@pytest.mark.django_db
def test_a_sensitive_petition_shows_milestones_and_no_days(client: Client) -> None:
    petition = make_petition(sensitive=True)
    sign(petition, {day(number): 20 for number in range(5)})
    Milestone.objects.follow({petition.pk: (0, 100)})

    page = page_of(petition, client)

    assert page.all("figure") == page.all("table") == []
    shown = [one.words for one in page.all("li", class_="milestones__item")]
    assert [words.split()[0] for words in shown] == ["50", "100", "Next:"]


@pytest.mark.django_db
def test_the_latest_milestones_are_shown_and_the_next_number(client: Client) -> None:
    petition = make_petition(signature_count=5000)
    Milestone.objects.follow({petition.pk: (0, 5000)})

    shown = growth_of(petition)

    assert [milestone.threshold for milestone in shown.reached] == [
        *(50, 100, 250, 500, 1000, 2500, 5000)
    ]
    assert shown.next_number == petition.meter.goal == 6000
    items = page_of(petition, client).all("li", class_="milestones__item")
    today = timezone.localdate()
    assert items[-2].words.startswith("5,000")
    assert items[-2].words.endswith(f"{today:%B %Y}")
    assert items[-1].words == "Next: 6,000"


@pytest.mark.django_db
def test_a_milestone_is_dated_as_far_as_it_is_known(client: Client) -> None:
    petition = make_petition(signature_count=60)
    Milestone.objects.create(
        petition=petition,
        threshold=50,
        reached_at=datetime(2012, 6, 1, 12, tzinfo=UTC),
        reached_as_written="2012-06",
    )

    first, *_rest = page_of(petition, client).all("li", class_="milestones__item")

    assert first.words == "50 June 2012"


@pytest.mark.django_db
def test_nothing_is_next_when_the_own_goal_is_reached_or_the_petition_over() -> None:
    reached = make_petition(goal=50, signature_count=60)
    closed = make_closed_petition(goal=500, signature_count=60)
    for petition in (reached, closed):
        Milestone.objects.follow({petition.pk: (0, 60)})

    assert growth_of(reached).next_number is None
    assert growth_of(closed).next_number is None
    assert len(growth_of(closed).reached) == 2


@pytest.mark.django_db
def test_a_new_petition_has_no_such_section(client: Client) -> None:
    petition = make_counted_signature().petition

    assert growth_of(petition) is None
    assert page_of(petition, client).all("h2", id="growth-title") == []


@pytest.mark.django_db
def test_the_page_draws_it_and_says_the_same_in_words_and_in_a_table(
    client: Client,
) -> None:
    today = timezone.localdate()
    days = {today - timedelta(days=2): 80, today: 1200}
    petition = make_petition(
        signature_count=7, carried_over_count=7, carried_over_source="paper"
    )
    sign(petition, days)

    page = page_of(petition, client)

    drawing = page.one("svg", role="img")
    words = page.one("figcaption", id=drawing.attributes["aria-labelledby"]).words
    assert words.startswith("1,280 signatures in 3 days, most on")
    assert words.endswith("The 7 that were carried over are not in this chart.")
    assert [cell.words for cell in page.all("td")] == ["80", "0", "1,200"]
    assert [head.attributes["scope"] for head in page.all("th")] == [
        *("col", "col", "row", "row", "row")
    ]


@pytest.mark.django_db
def test_what_was_not_carried_over_is_not_said_to_be_missing(client: Client) -> None:
    petition = make_counted_sheet().petition
    sign(petition, {timezone.localdate() - timedelta(days=2): 80})

    words = page_of(petition, client).one("figcaption").words

    assert "carried over" not in words
