"""Tables are changed while people use them; what broke off is done again."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

import pytest
from django.db import connection, models, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from petitions.migrating import (
    AddIndexMeanwhile,
    AlterFieldMeanwhile,
    RemoveIndexMeanwhile,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TABLE = "signatures_countchange"
NAME = "count_change_size"
ADD = AddIndexMeanwhile("countchange", models.Index(name=NAME, fields=["change"]))
REMOVE = RemoveIndexMeanwhile("countchange", NAME)
PETITION = models.ForeignKey("petitions.petition", models.PROTECT, related_name="+")


@pytest.fixture
def now() -> ProjectState:
    """What the migrations have made."""
    return MigrationExecutor(connection).loader.project_state()


def changed(state: ProjectState, operation: Operation) -> ProjectState:
    after = state.clone()
    operation.state_forwards("signatures", after)
    return after


def do(operation: Operation, before: ProjectState, *, back: bool = False) -> None:
    migration = Migration("one", "signatures")
    migration.atomic, migration.operations = False, [operation]
    with connection.schema_editor(atomic=False) as editor:
        way = migration.unapply if back else migration.apply
        way(before.clone(), editor)


def constraints() -> dict[str, dict]:
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, TABLE)


def has_key() -> bool:
    return any(one["foreign_key"] for one in constraints().values())


def test_an_index_is_made_and_removed_as_often_as_it_is_migrated(now) -> None:
    for _time in range(2):
        do(ADD, now)
    made = NAME in constraints()
    with_it = changed(now, ADD)
    for _time in range(2):
        do(REMOVE, with_it)
    removed = NAME not in constraints()
    for _time in range(2):
        do(REMOVE, with_it, back=True)
    back = NAME in constraints()
    for _time in range(2):
        do(ADD, now, back=True)

    assert (made, removed, back) == (True, True, True)
    assert NAME not in constraints()


def test_an_index_that_broke_off_is_made_anew(now) -> None:
    do(ADD, now)
    if connection.vendor == "postgresql":  # SQLite makes it whole or not at all
        of_ours = f"indexrelid = '{NAME}'::regclass"
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE pg_index SET indisvalid = false WHERE {of_ours}")
            do(ADD, now)
            cursor.execute(f"SELECT indisvalid FROM pg_index WHERE {of_ours}")
            assert cursor.fetchone() == (True,)

    do(ADD, now, back=True)


def test_a_key_is_made_and_dropped_as_often_as_it_is_migrated(now) -> None:
    add = AlterFieldMeanwhile("countchange", "petition", PETITION)
    for _time in range(2):
        do(add, now)
    made = has_key()
    for _time in range(2):
        do(add, now, back=True)

    assert made
    assert not has_key()


def test_a_table_in_use_is_waited_for_and_its_user_goes_on(now) -> None:
    """Somebody has read petitions and now writes, while we have the other table."""
    if connection.vendor != "postgresql":  # one writer at a time: nobody meets
        return
    add = AlterFieldMeanwhile("countchange", "petition", PETITION)
    do(add, now)
    reading, dropped = Event(), Event()

    def read_then_write() -> None:
        with closing(connection), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM petitions_petition")
            reading.set()
            dropped.wait(2)  # by now the other waits, and has looked for deadlocks
            cursor.execute(f"DELETE FROM {TABLE}")

    with ThreadPoolExecutor() as other:
        user = other.submit(read_then_write)
        reading.wait()
        do(add, now, back=True)
        dropped.set()
        user.result()  # raises, had it been the victim of a deadlock

    assert not has_key()
