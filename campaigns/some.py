"""Numbers that are counted only so far, as counting further would take ever longer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
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


def count_some(rows: models.QuerySet[Any], *, most: int = MOST_COUNTED) -> Some:
    counted = rows.order_by()[: most + 1].count()
    return Some(min(counted, most), is_all=counted <= most)
