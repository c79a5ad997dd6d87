"""How a test tries to break what the database holds true."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction


@dataclass(frozen=True)
class Attempt:
    """A change of a row, made behind the back of our own code, that must fail."""

    constraint: str
    make: Callable[[], models.Model]
    changes: dict[str, object]  # a callable gets the row and gives the value
    # Other constraints that the same change breaks: a database names any of them.
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.constraint}-{'-'.join(self.changes)}"


def assert_refused(attempt: Attempt) -> None:
    row = attempt.make()
    rows = type(row)._base_manager.filter(pk=row.pk)
    changes = {
        field: value(row) if callable(value) else value
        for field, value in attempt.changes.items()
    }

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        rows.update(**changes)

    said = str(refusal.value)
    names = [attempt.constraint, *attempt.also]
    assert any(name in said for name in names) or _names_columns(
        row, attempt.constraint, said
    )


def _names_columns(row: models.Model, constraint: str, said: str) -> bool:
    """SQLite names the columns of a unique constraint instead of the constraint."""
    if connection.vendor != "sqlite" or not said.startswith("UNIQUE"):
        return False
    names = declared()[constraint].fields
    columns = [row._meta.get_field(name).column for name in names]
    table = row._meta.db_table
    return said.split(": ")[1].split(", ") == [f"{table}.{name}" for name in columns]


def declared(app: str = "") -> dict[str, models.BaseConstraint]:
    """Every named constraint of an app's models, or of all."""
    return {
        constraint.name: constraint
        for model in apps.get_models()
        if not app or model._meta.app_label == app
        for constraint in model._meta.constraints
    }
