from datetime import datetime
from functools import lru_cache

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from petitions import dates
from petitions.goals import Meter
from petitions.languages import languages
from petitions.markdown import to_html
from petitions.models import Petition

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return to_html(text)


@register.simple_tag
def when(moment: datetime, as_written: str = "") -> SafeString:
    """A day as `<time>`; `as_written` says how much of it is known."""
    machine = dates.write_day(moment, as_written)
    return format_html(
        '<time datetime="{}">{}</time>', machine, dates.show_day(moment, as_written)
    )


@register.filter
def moment(moment: datetime) -> str:
    """A day and a time in words, where both matter."""
    return dates.show_moment(moment)


@register.simple_tag
def when_written(written: str) -> SafeString:
    """The same for a day that is stored only as it was written."""
    as_written = written if dates.is_partial(written) else ""
    return when(dates.read_moment(written), as_written)


@register.filter
def span(days: int) -> str:
    """How long that is, in words."""
    return dates.show_span(days)


@register.filter
def language_name(code: str) -> str:
    """In the reader's language; also for one that Django does not know."""
    return str(dict(languages()).get(code, code))


@register.filter
def grouped(number: int) -> str:
    """12,345 as the reader's language writes it."""
    return _grouped(number, get_language())


@register.filter
def shown_count(petition: Petition) -> str:
    """How many have signed, or that they are fewer than may be told."""
    if not petition.counts_few:
        return grouped(petition.signature_count)
    return gettext("fewer than %(number)s") % {"number": petition.told_count}


@lru_cache(maxsize=1000)  # ten times as fast, for the many small numbers of a page
def _grouped(number: int, language: str | None) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


@register.simple_tag
def meter_words(meter: Meter) -> str:
    """139 of 200 signatures; with a reached goal of the organizer's own, that too."""
    if meter.is_below:
        return _few_words(meter)
    return _meter_format(meter).format(
        count=grouped(meter.count), goal=grouped(meter.goal or 0)
    )


@register.simple_tag
def meter_in_figures(meter: Meter) -> SafeString:
    """The same, its numbers marked: one to be shown large, both to be kept up."""
    if meter.is_below:
        return format_html("{}", _few_words(meter))
    return format_html(
        _meter_format(meter),
        count=format_html(
            '<b class="meter__count" data-count>{}</b>', grouped(meter.count)
        ),
        goal=format_html("<span data-goal>{}</span>", grouped(meter.goal or 0)),
    )


def _few_words(meter: Meter) -> str:
    return gettext("Fewer than %(number)s signatures") % {"number": meter.is_below}


def _meter_format(meter: Meter) -> str:
    """What a meter says, with {count} and {goal} for its numbers."""
    if meter.goal is None:
        words = ngettext("%(count)s signature", "%(count)s signatures", meter.count)
    else:
        words = ngettext(
            "%(count)s of %(goal)s signature",
            "%(count)s of %(goal)s signatures",
            meter.goal,
        )
    if meter.is_reached:
        words = gettext("%(words)s. Goal reached.") % {"words": words}
    return words % {"count": "{count}", "goal": "{goal}"}
