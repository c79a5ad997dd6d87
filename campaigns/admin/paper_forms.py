"""What is typed about paper: how many sheets, how many lines, and each of them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from signatures.doubles import Double
from signatures.forms import ABOUT_NAME, ABOUT_PLACE, AddressField, OneLineField
from signatures.models import Sheet, SheetRow, Verdict
from signatures.models.sheet_rows import Line, stamp_of

MOST_AT_ONCE = 50
MOST_LINES = 50
TO_CHOOSE = [
    (verdict.value, verdict.label) for verdict in Verdict if verdict != Verdict.GONE
]


class PrintForm(forms.Form):
    many = forms.IntegerField(
        label=gettext_lazy("How many sheets"),
        min_value=1,
        max_value=MOST_AT_ONCE,
        initial=5,
        help_text=gettext_lazy(
            "Each has a number of its own. Up to 50 at once; more another time."
        ),
    )
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class WrittenForm(forms.Form):
    written = forms.IntegerField(
        label=gettext_lazy("How many lines are filled in"),
        min_value=1,
        max_value=MOST_LINES,
        help_text=gettext_lazy(
            "Count all on which somebody has written, also those that nobody can read."
        ),
    )


class RowForm(forms.Form):
    """One line of a sheet. Left empty it is not typed yet."""

    name = OneLineField(
        label=gettext_lazy("Name"),
        max_length=100,
        required=False,
        error_messages=ABOUT_NAME,
    )
    place = OneLineField(
        label=gettext_lazy("Place"),
        max_length=100,
        required=False,
        error_messages=ABOUT_PLACE,
    )
    email = AddressField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    verdict = forms.ChoiceField(
        label=gettext_lazy("This line"), choices=TO_CHOOSE, required=False
    )

    @property
    def line(self) -> Line:
        typed = self.cleaned_data
        verdict = typed["verdict"] or Verdict.ACCEPTED.value
        return Line(typed["name"], typed["place"], typed["email"], verdict)


class TypedLine:
    """A line on the page: what is typed, and who it may be twice."""

    def __init__(self, row: SheetRow, form: RowForm) -> None:
        self.row = row
        self.form = form
        self.doubles: list[Double] = []
        self.has_signed = False  # so the database says


class SheetForm:
    """All lines of a sheet, and a stamp of what they said when they were read."""

    def __init__(self, sheet: Sheet, typed: Mapping[str, Any] | None = None) -> None:
        self.rows = sheet.row_list
        self.stamp = stamp_of(self.rows)
        self.typed = None if typed is None else self._beside_others(typed)
        self.doubles: Mapping[int, list[Double]] = {}
        self.refused: Container[int] = ()

    def __iter__(self) -> Iterator[TypedLine]:
        for row in self.rows:
            line = TypedLine(row, self._forms[row.position])
            line.doubles = self.doubles.get(row.position, [])
            line.has_signed = row.position in self.refused
            yield line

    @cached_property
    def _forms(self) -> dict[int, RowForm]:
        return {
            row.position: RowForm(
                self.typed,
                prefix=f"line-{row.position}",
                initial=row.line._asdict(),
            )
            for row in self.rows
        }

    @property
    def open_forms(self) -> dict[int, RowForm]:
        """Of the lines in which can be typed."""
        return {
            row.position: self._forms[row.position]
            for row in self.rows
            if row.is_open_to_typing
        }

    def _beside_others(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """What was sent; if others have typed meanwhile, with theirs where it is empty.

        So two may type one sheet, each some of its lines.
        """
        sent = {name: typed[name] for name in typed}
        if sent.get("seen") == self.stamp:
            return sent
        for row in self.rows:
            names = {part: f"line-{row.position}-{part}" for part in Line._fields}
            if Line() == tuple(sent.get(name) for name in names.values()):
                sent |= {names[part]: word for part, word in row.line._asdict().items()}
        return sent

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.open_forms.values()])  # noqa: C419  # each is to say what is wrong

    @property
    def lines(self) -> dict[int, Line]:
        """Those that were sent; of a form that was cut off the others stay."""
        return {
            position: form.line
            for position, form in self.open_forms.items()
            if form.add_prefix("name") in (self.typed or {})
        }

    @property
    def errors(self) -> dict[int, ErrorDict]:
        if self.typed is None:
            return {}
        forms_ = self.open_forms.items()
        return {position: form.errors for position, form in forms_ if form.errors}
