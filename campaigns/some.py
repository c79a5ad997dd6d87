"""Numbers that are counted only so far, as counting further would take ever longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from petitions.templatetags.petition_text import grouped

MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Some:
    """So many, or more than that; in words as a person would say it."""

    number: int
    is_all: bool

    def __bool__(self) -> bool:
        return self.number > 0

    def __str__(self) -> str:
        number = grouped(self.number)
        return number if self.is_all else _("more than %(number)s") % {"number": number}


def ask_at_once(
    counts: Mapping[str, models.QuerySet[Any]],
    firsts: Mapping[str, models.QuerySet[Any]],
) -> dict[str, Any]:
    """All these numbers, each counted only so far, and moments, in one statement.

    A moment is the first of a QuerySet of values, or None where there is no row.
    """
    parts = [*map(_counting, counts.values()), *map(_first, firsts.values())]
    columns = ", ".join(sql for sql, _parameters in parts)
    parameters = [one for _sql, of_part in parts for one in of_part]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", parameters)
        found = cursor.fetchone()
    numbers = map(_some, found)
    moments = map(_moment, found[len(counts) :])
    return {
        **dict(zip(counts, numbers, strict=False)),
        **dict(zip(firsts, moments, strict=True)),
    }


def _counting(rows: models.QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    counted = rows.order_by().values("pk")[: MOST_COUNTED + 1]
    sql, parameters = counted.query.sql_with_params()
    return f"(SELECT COUNT(*) FROM ({sql}) AS counted)", parameters  # noqa: S608  # the ORM's own words


def _first(rows: models.QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    sql, parameters = rows[:1].query.sql_with_params()
    return f"({sql})", parameters


def _some(counted: int) -> Some:
    return Some(min(counted, MOST_COUNTED), is_all=counted <= MOST_COUNTED)


def _moment(found: datetime | str | None) -> datetime | None:
    """SQLite gives it in UTC without saying so, and some of it as text."""
    moment = parse_datetime(found) if isinstance(found, str) else found
    return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def count_some(rows: models.QuerySet[Any], *, most: int = MOST_COUNTED) -> Some:
    counted = rows.order_by()[: most + 1].count()
    return Some(min(counted, most), is_all=counted <= most)
