"""Related rows as one JSON text, so that a page can ask for all it shows at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Subquery
from django.db.models.sql.compiler import SQLCompiler
from django.utils.dateparse import parse_date, parse_datetime

Value = Any  # of a column


class Rows(Subquery):
    """The rows of a queryset: in SQL a list of lists, in Python models again.

    Give `fields` where the table holds some that a page must not even know. `joined`
    names a foreign key whose row comes along.
    """

    def __init__(
        self,
        queryset: models.QuerySet[Any],
        fields: Sequence[str] = (),
        *,
        joined: str = "",
        joined_fields: Sequence[str] = (),
    ) -> None:
        self.joined = joined
        self.own = Columns(queryset.model, fields)
        names = self.own.names
        if joined:
            other = queryset.model._meta.get_field(joined).related_model
            self.other = Columns(other, joined_fields)
            names = [*names, *(f"{joined}__{name}" for name in self.other.names)]
        self.aliases = [f"c{place}" for place in range(len(names))]
        columns = {
            alias: F(name) for alias, name in zip(self.aliases, names, strict=True)
        }
        rows = queryset.annotate(**columns).values(*self.aliases)
        super().__init__(rows, output_field=models.TextField())

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        array = "COALESCE(JSON_AGG(JSON_BUILD_ARRAY({columns})), '[]')::text"
        return self.as_sql(compiler, connection, template=self._template(array))

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        array = "JSON_GROUP_ARRAY(JSON_ARRAY({columns}))"
        return self.as_sql(compiler, connection, template=self._template(array))

    def _template(self, array: str) -> str:
        columns = ", ".join(f"r.{alias}" for alias in self.aliases)
        made = array.format(columns=columns)
        return f"(SELECT {made} FROM (%(subquery)s) r)"  # noqa: S608  # names of ours

    def as_models(self, text: str) -> list[Any]:
        """The rows of that text as models; a column that was left out is deferred."""
        return [self._model(values) for values in json.loads(text)]

    def as_values(self, text: str) -> list[dict[str, Value]]:
        """Their own columns by name: much less to make, where there are many rows."""
        width = len(self.own.names)
        return [self.own.named(values[:width]) for values in json.loads(text)]

    def _model(self, values: list[Value]) -> Any:  # noqa: ANN401  # of any model
        width = len(self.own.names)
        row = self.own.model_of(values[:width])
        if self.joined:
            has_other = values[width] is not None  # its primary key
            other = self.other.model_of(values[width:]) if has_other else None
            setattr(row, self.joined, other)
        return row


class Columns:
    """Some columns of one model, its number among them, in the model's own order."""

    def __init__(self, model: type[models.Model], fields: Sequence[str]) -> None:
        chosen = {"id", *fields}
        own = [
            field
            for field in model._meta.concrete_fields
            if not fields or field.name in chosen
        ]
        self.model = model
        self.names = [field.attname for field in own]
        self.readers = [_reader(field) for field in own]

    def model_of(self, values: list[Value]) -> Any:  # noqa: ANN401
        return self.model.from_db("default", self.names, self._read(values))

    def named(self, values: list[Value]) -> dict[str, Value]:
        return dict(zip(self.names, self._read(values), strict=True))

    def _read(self, values: list[Value]) -> list[Value]:
        return [
            value if value is None or reader is None else reader(value)
            for reader, value in zip(self.readers, values, strict=True)
        ]


def _reader(field: models.Field[Any, Any]) -> Callable[[Value], Value] | None:
    """JSON has no dates, and SQLite none of its own either, nor booleans nor JSON."""
    match field:
        case models.DateTimeField():
            return _moment
        case models.DateField():
            return parse_date
        case models.BooleanField():
            return bool
        case models.JSONField():
            return _data
    return None


def _moment(text: str) -> datetime | None:
    moment = parse_datetime(text)
    return moment.replace(tzinfo=UTC) if moment and not moment.tzinfo else moment


def _data(value: Value) -> Value:
    return json.loads(value) if isinstance(value, str) else value
