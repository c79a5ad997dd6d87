"""Pages of lists that may have any length."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

from petitions.models.finding import MOST_COUNTED, PetitionQuerySet

PER_PAGE = 24


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # not generic when it runs
    """Counts to a bound, and ends there: who counts all the rows reads them all."""

    def __init__(
        self, rows: Sequence[Any] | PetitionQuerySet, found: int | None = None
    ) -> None:
        super().__init__(rows, PER_PAGE)
        if found is not None:
            self.found = found

    @cached_property
    def found(self) -> int:
        """How many there are; one more than the bound stands for more than that."""
        rows = self.object_list
        if isinstance(rows, PetitionQuerySet):
            return rows.count_some()
        return len(rows)

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST_COUNTED)
