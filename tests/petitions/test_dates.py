"""Days known only to the month or the year are shown as they were written."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation
from django.utils.formats import localize
from hypothesis import given
from hypothesis import strategies as st

from petitions.dates import (
    is_partial,
    read_day,
    read_moment,
    show_day,
    show_moment,
    write_day,
)
from petitions.templatetags.petition_text import when, when_written


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-09", date(2026, 3, 9)),
        ("2012-06", date(2012, 6, 1)),
        ("2012", date(2012, 1, 1)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_day_is_read_as_where_it_begins(written: str, day: date) -> None:
    assert read_day(written) == day


@pytest.mark.parametrize(
    "written",
    [
        *["", "12", "2012-6", "2012-13", "2012-00", "2012-06-", "2023-02-29"],
        *["2012/06", "June 2012", "2012-06-01T10:00", " 2012", "2012\n", "0000"],
    ],
)
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"day|month|year"):
        read_day(written)


@pytest.mark.parametrize(
    ("as_written", "english", "spanish"),
    [
        ("", ["9", "June", "2012"], ["9", "junio", "2012"]),
        ("2012-06", ["June", "2012"], ["junio", "2012"]),
        ("2012", ["2012"], ["2012"]),
    ],
)
def test_a_day_is_shown_no_more_exactly_than_it_is_known(
    as_written: str, english: list[str], spanish: list[str]
) -> None:
    moment = datetime(2012, 6, 9, 12, tzinfo=UTC)

    with translation.override("en"):
        in_english = show_day(moment, as_written)
    with translation.override("es"):
        in_spanish = show_day(moment, as_written)

    assert in_english.split() == english
    assert [word for word in in_spanish.split() if word != "de"] == spanish


def test_a_day_is_the_one_of_the_sites_zone(settings) -> None:
    settings.TIME_ZONE = "America/New_York"
    moment = datetime(2026, 3, 10, 1, tzinfo=UTC)

    with timezone.override("America/New_York"):
        shown = when(moment)

    assert shown == '<time datetime="2026-03-09">9 March 2026</time>'


@pytest.mark.parametrize(
    ("written", "element"),
    [
        ("2026-03-09", '<time datetime="2026-03-09">9 March 2026</time>'),
        ("2012-06", '<time datetime="2012-06">June 2012</time>'),
        ("2012", '<time datetime="2012">2012</time>'),
    ],
)
def test_machines_read_the_day_as_written_too(written: str, element: str) -> None:
    assert when_written(written) == element


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from([4, 7, 10]))
def test_writing_gives_back_what_was_read(day: date, length: int) -> None:
    written = day.isoformat()[:length]
    as_written = written if is_partial(written) else ""

    assert write_day(read_moment(written), as_written) == written


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "23 November 2026, 03:05"), ("es", "23 de noviembre de 2026, 03:05")],
)
def test_djangos_own_lists_write_a_moment_as_we_do(language: str, words: str) -> None:
    moment = datetime(2026, 11, 23, 3, 5, tzinfo=UTC)

    with translation.override(language):
        assert localize(moment) == show_moment(moment) == words
        assert localize(moment.date()) == show_day(moment)
