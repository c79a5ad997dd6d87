"""Changes of tables that people use meanwhile. For migrations with `atomic = False`.

Each can be done again after it broke off: what is done already is left alone. So there
is nothing to mend by hand, only to migrate again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import sleep
from typing import Any

from django.db import OperationalError, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor as Editor
from django.db.migrations.state import ProjectState as State

TRIES = 10
PAUSE = 1  # second, for those who had to queue up behind us
# A table is waited for as long as this, and with us everybody who comes after us.
PATIENCE = "3s"
# While we keep the first table, the second. Shorter than PostgreSQL's deadlock_timeout
# (1 s): when we and a signer wait for one another, it is we who give way.
PATIENCE_WITH_A_LOCK = "500ms"


class AddIndexMeanwhile(migrations.AddIndex):
    """Nobody who writes has to wait for it on PostgreSQL; SQLite has no such way."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: Editor,
        from_state: State,
        to_state: State,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        _add(schema_editor, model, self.index)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: Editor,
        from_state: State,
        to_state: State,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        _remove(schema_editor, model, self.index)


class RemoveIndexMeanwhile(migrations.RemoveIndex):
    def database_forwards(
        self,
        app_label: str,
        schema_editor: Editor,
        from_state: State,
        to_state: State,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        _remove(schema_editor, model, self._index(app_label, from_state))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: Editor,
        from_state: State,
        to_state: State,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        _add(schema_editor, model, self._index(app_label, to_state))

    def _index(self, app_label: str, state: State) -> models.Index:
        model_state = state.models[app_label, self.model_name_lower]
        index: models.Index = model_state.get_index_by_name(self.name)
        return index


class AlterFieldMeanwhile(migrations.AlterField):
    """For changes that take no time, once they have the tables to themselves.

    On PostgreSQL the table is locked before those that its keys lead to, and nobody
    waits long: after a while we let go of what we have, and try again.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: Editor,
        from_state: State,
        to_state: State,
    ) -> None:
        states = (from_state, to_state)
        old, new = (
            state.apps.get_model(app_label, self.model_name)._meta.get_field(self.name)
            for state in states
        )
        alter = partial(super().database_forwards, app_label, schema_editor, *states)
        if schema_editor.connection.vendor != "postgresql":
            with transaction.atomic(schema_editor.connection.alias):
                alter()
        elif not _has_its_key(schema_editor, old, new):
            _alone(schema_editor, new.model._meta.db_table, alter)


class AddConstraintMeanwhile(migrations.AddConstraint):
    """A check that holds for new rows at once, and for the old when they are read.

    On PostgreSQL nobody waits while the old ones are read.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: Editor,
        from_state: State,
        to_state: State,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            with transaction.atomic(schema_editor.connection.alias):
                super().database_forwards(
                    app_label, schema_editor, from_state, to_state
                )
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        table = schema_editor.quote_name(model._meta.db_table)
        name = schema_editor.quote_name(self.constraint.name)
        if not _has_constraint(schema_editor, model, self.constraint.name):
            add = f"{self.constraint.create_sql(model, schema_editor)} NOT VALID"
            _alone(
                schema_editor, model._meta.db_table, partial(schema_editor.execute, add)
            )
        schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


class RemoveConstraintMeanwhile(migrations.RemoveConstraint):
    def database_forwards(
        self,
        app_label: str,
        schema_editor: Editor,
        from_state: State,
        to_state: State,
    ) -> None:
        states = (from_state, to_state)
        remove = partial(super().database_forwards, app_label, schema_editor, *states)
        if schema_editor.connection.vendor != "postgresql":
            with transaction.atomic(schema_editor.connection.alias):
                remove()
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        if _has_constraint(schema_editor, model, self.name):
            _alone(schema_editor, model._meta.db_table, remove)


def _has_constraint(
    schema_editor: Editor, model: type[models.Model], name: str
) -> bool:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        table = model._meta.db_table
        return name in connection.introspection.get_constraints(cursor, table)


def _add(schema_editor: Editor, model: type[models.Model], index: models.Index) -> None:
    validity = _validity(schema_editor, model, index)
    if validity is False:  # building it broke off
        _remove(schema_editor, model, index)
    if not validity:
        schema_editor.add_index(model, index, **_way(schema_editor))


def _remove(
    schema_editor: Editor, model: type[models.Model], index: models.Index
) -> None:
    if _validity(schema_editor, model, index) is not None:
        schema_editor.remove_index(model, index, **_way(schema_editor))


def _way(schema_editor: Editor) -> dict[str, bool]:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    return {"concurrently": True} if is_postgresql else {}


def _validity(
    schema_editor: Editor, model: type[models.Model], index: models.Index
) -> bool | None:
    """Whether it is whole; None if there is no such index."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            table = model._meta.db_table
            found = connection.introspection.get_constraints(cursor, table)
            return True if index.name in found else None
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)",
            [schema_editor.quote_name(index.name)],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _has_its_key(
    schema_editor: Editor, old: models.Field[Any, Any], new: models.Field[Any, Any]
) -> bool:
    """Whether a foreign key that is to be made, or dropped, is so already."""
    wanted = getattr(new, "db_constraint", False)
    if wanted == getattr(old, "db_constraint", False):
        return False
    connection, table = schema_editor.connection, new.model._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    has_one = any(
        one["foreign_key"] and one["columns"] == [new.column] for one in found
    )
    return bool(has_one == wanted)


def _alone(schema_editor: Editor, table: str, alter: Callable[[], None]) -> None:
    """Do it with the table locked; raise OperationalError if it cannot be had."""
    name = schema_editor.quote_name(table)
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction.atomic(schema_editor.connection.alias):
                schema_editor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                schema_editor.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
                schema_editor.execute(
                    f"SET LOCAL lock_timeout = '{PATIENCE_WITH_A_LOCK}'"
                )
                alter()
        except OperationalError:
            if not tries_left:
                raise
            sleep(PAUSE)
        else:
            return
