"""Lists in the admin that grow with signatures or with time, and never get slower.

Django's own count all rows for each page and walk past those before it. These find a
page by the number of the row next to it, which the address names, and ask for one row
more than they show: so they know whether there are more, and not how many.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from petitions.admin import OwnedAdmin, could_be_number, rows_of_choice
from petitions.models import Petition

AFTER, BEFORE = "after", "before"


class LongList(ChangeList):
    """A page of rows by their number; there is no other order, as it needs a sort."""

    previous_url = next_url = ""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: Any = None
    ) -> models.QuerySet[Any]:
        """Where the page begins is no filter, and each filter begins anew."""
        for name in (AFTER, BEFORE):
            self.filter_params.pop(name, None)
        return super().get_queryset(request, exclude_parameters)

    def get_ordering(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> list[Any]:
        """The newest first, unless a filter has turned it round."""
        return list(queryset.query.order_by)

    def get_results(self, request: HttpRequest) -> None:
        """Read the page. Only its own rows are counted, as nobody knows all."""
        after, before = (_number(request, name) for name in (AFTER, BEFORE))
        if after is None and before is not None:
            rows, has_more = self._rows_beyond(before, self.queryset.reverse())
            self.result_list = rows[::-1]
            self._link(has_previous=has_more, has_next=True)
        else:
            self.result_list, has_more = self._rows_beyond(after, self.queryset)
            self._link(has_previous=after is not None, has_next=has_more)
        self.result_count = len(self.result_list)
        self.full_result_count = None
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = True

    @property
    def is_newest_first(self) -> bool:
        return bool(self.queryset.query.order_by == ("-pk",))

    def _rows_beyond(
        self, number: int | None, rows: models.QuerySet[Any]
    ) -> tuple[list[Any], bool]:
        """The page that follows a number in the order of the rows; are there more?

        Their numbers first: those alone stand in an index, so that the database takes
        the one made for the question, and reads no row that is not shown.
        """
        if number is not None:
            is_descending = self.is_newest_first == rows.query.standard_ordering
            rows = rows.filter(**{"pk__lt" if is_descending else "pk__gt": number})
        numbers = list(rows.values_list("pk", flat=True)[: self.list_per_page + 1])
        shown = numbers[: self.list_per_page]
        found = self.queryset.in_bulk(shown)
        return [found[one] for one in shown if one in found], len(numbers) > len(shown)

    def _link(self, *, has_previous: bool, has_next: bool) -> None:
        """To both sides of what is shown; where that is nothing, to the beginning."""
        rows = self.result_list
        previous_key = {BEFORE: rows[0].pk} if rows else {}
        next_key = {AFTER: rows[-1].pk} if rows else {}
        self.previous_url = self.get_query_string(previous_key) if has_previous else ""
        self.next_url = self.get_query_string(next_key) if has_next else ""


class TickedRowsForm(ActionForm):
    """An action is done to the ticked rows alone: "all" is a number nobody knows."""

    def clean_select_across(self) -> bool:
        return False


class LongListAdmin(OwnedAdmin):
    """An admin with such a list. Each of its filters is one that an index answers."""

    ordering = ["-pk"]
    sortable_by = ()
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    action_form = TickedRowsForm
    change_list_template = "admin/long_list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LongList


class OfPetition(admin.SimpleListFilter):
    """Only what belongs to one petition. It is chosen by a link on that one's page."""

    title = _("petition")
    parameter_name = "petition__id__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        number = self.value() or ""
        if not number.isdecimal():
            return []
        petitions = rows_of_choice(model_admin.admin_site, Petition, request)
        titles = petitions.filter(pk=number).values_list("title", flat=True)
        return [(number, title) for title in titles]

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        if self.value() is None:
            return queryset
        return (
            queryset.filter(petition=self.value())
            if self.lookup_choices
            else queryset.none()
        )


def _number(request: HttpRequest, name: str) -> int | None:
    """What the address names, or None where that cannot be a row's number."""
    text = request.GET.get(name, "")
    return int(text) if could_be_number(text) else None
