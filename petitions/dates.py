"""Days that are known only to the month or the year, as old records give them.

Such a day is stored twice: as the moment when it begins, to sort by, and as it was
written ("2012-06"), to show. A day that is known whole is written as "".
"""

import re
from calendar import monthrange
from datetime import date, datetime, time
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext, pgettext

DAYS_OF_A_MONTH = 365.25 / 12
WRITTEN_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def read_day(written: str) -> date:
    """The day on which what is written begins: "2012-06" is 1 June 2012.

    Raises ValueError for anything but a year, a month or a day of the calendar.
    """
    if not WRITTEN_DAY.fullmatch(written):
        msg = f"{written!r} is not a day like 2026-03-09, a month or a year"
        raise ValueError(msg)
    year, month, day = [*map(int, written.split("-")), 1, 1][:3]
    if not 1900 <= year <= 2100:
        msg = f"{written!r} is no day of the years 1900 to 2100"
        raise ValueError(msg)
    return date(year, month, day)


def read_moment(written: str) -> datetime:
    """Noon of that day in the site's zone."""
    return timezone.make_aware(datetime.combine(read_day(written), time(12)))


def read_last_moment(written: str) -> datetime:
    """The last minute of that day, month or year in the site's zone."""
    day = read_day(written)
    month = day.month if len(written) > len("2012") else 12
    if is_partial(written):
        day = date(day.year, month, monthrange(day.year, month)[1])
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


def is_partial(written: str) -> bool:
    return len(written) < len("2026-03-09")


def write_day(moment: datetime, as_written: str) -> str:
    """The other way: what `read_moment` was given."""
    return as_written or timezone.localtime(moment).date().isoformat()


def day_alone(moment: datetime) -> datetime:
    """The beginning of its day in the site's zone: the rest is told nobody."""
    return timezone.make_aware(
        datetime.combine(timezone.localtime(moment).date(), time())
    )


def show_day(moment: datetime | date, as_written: str = "") -> str:
    """9 March 2026, June 2012 or 2012, in the language of the page."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
    if len(as_written) == len("2012"):
        return as_written
    day = date(moment.year, moment.month, moment.day)
    if len(as_written) == len("2012-06"):
        return _in_words(day, pgettext("format of a month", "F Y"), get_language())
    return _in_words(day, pgettext("format of a day", "j F Y"), get_language())


def show_moment(moment: datetime) -> str:
    """9 March 2026, 14:05, in the zone of the site."""
    return f"{show_day(moment)}, {timezone.localtime(moment):%H:%M}"


def show_span(days: int) -> str:
    """6 months for 183 days: years or months where they are just as long, or days."""
    months = round(days / DAYS_OF_A_MONTH)
    if not months or abs(days - months * DAYS_OF_A_MONTH) >= 1:
        words, number = ngettext("%(number)s day", "%(number)s days", days), days
    elif months % 12:
        words = ngettext("%(number)s month", "%(number)s months", months)
        number = months
    else:
        number = months // 12
        words = ngettext("%(number)s year", "%(number)s years", number)
    return words % {"number": number}


@lru_cache(maxsize=1000)  # a page names dozens of days, for the most part the same
def _in_words(day: date, form: str, language: str | None) -> str:
    return format_date(day, form)
