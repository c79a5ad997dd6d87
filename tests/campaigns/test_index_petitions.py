"""Indexing: no petition keeps another from being found, and all can be written anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from campaigns.worker import work_once
from petitions.models import Petition
from petitions.search.documents import MOST_BYTES, document
from tests.makers import make_draft, make_petition, make_translation

# What a database answers with an OperationalError, and stays; and what it is lost by.
REFUSED = {"postgresql": ["SELECT repeat('x', 2000000000)"], "sqlite": ["SELECT x"]}
LOST = {
    "postgresql": ["SELECT pg_terminate_backend(pg_backend_pid())"],
    "sqlite": ["ROLLBACK", "SELECT x"],
}
SIGNS = [one for one in map(chr, range(0x20000, 0x2CEA2)) if one.isalnum()]
# Eighteen letters in one, and each word another.
SWELLING = "".join(f"\ufdfa{sign}" for sign in SIGNS[:49_900])


def in_days(petition: Petition) -> int:
    """When it has its turn again."""
    due_at = Petition.objects.get(pk=petition.pk).index_due_at
    return round((due_at - timezone.now()) / timedelta(days=1))


@contextmanager
def statements_instead_of_writing(
    petition: Petition, statements: list[str]
) -> Iterator[None]:
    def execute_others(
        execute: Any, sql: str, values: Any, many: Any, context: Any
    ) -> Any:
        if "INSERT INTO petitions_search" not in sql or values[0] != petition.pk:
            return execute(sql, values, many, context)
        for statement in statements:
            execute(statement, [], False, context)
        return None

    with connection.execute_wrapper(execute_others):
        yield


@pytest.mark.slow
@pytest.mark.django_db
def test_a_story_that_swells_in_the_index_is_cut() -> None:
    swelling = make_petition(title="Swelling", story=SWELLING)
    make_translation(swelling, title="\ufdfa" * 150, ask=SWELLING, story=SWELLING)
    other = make_petition(title="Other")

    assert Petition.objects.index() == 2

    assert [in_days(one) for one in (swelling, other)] == [7, 7]
    assert Petition.objects.search("swelling").get() == swelling
    assert Petition.objects.search("other").get() == other
    written = document(Petition.objects.get(pk=swelling.pk))
    parts = [part for one in written.texts for part in (one.title, one.ask, one.story)]
    assert sum(len(part.encode()) for part in [*parts, written.names]) <= MOST_BYTES


@pytest.mark.django_db
def test_a_petition_that_the_database_refuses_is_put_off_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refused, other = make_draft(title="Refused"), make_draft(title="Other")

    with statements_instead_of_writing(refused, REFUSED[connection.vendor]):
        work_once()

    assert (in_days(refused), in_days(other)) == (1, 7)
    assert Petition.objects.search("other").get() == other
    assert not Petition.objects.search("refused").exists()
    [told] = [one for one in caplog.records if one.levelname == "ERROR"]
    reason = f"petition not indexed: petition={refused.pk} reason="
    assert told.getMessage().startswith(reason)
    assert told.getMessage().removeprefix(reason).isalpha()
    assert told.exc_info is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_no_fault_of_the_petition() -> None:
    petition = make_draft(title="Bridge")

    with (
        statements_instead_of_writing(petition, LOST[connection.vendor]),
        pytest.raises(OperationalError),
    ):
        Petition.objects.index()

    connection.close()
    assert in_days(petition) == 0
    assert Petition.objects.index() == 1
    assert Petition.objects.search("bridge").get() == petition


@pytest.mark.django_db
def test_all_can_be_written_anew() -> None:
    petition, said = make_petition(title="Wharf"), StringIO()
    make_draft()
    Petition.objects.index()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM petitions_search")  # as in another database
    assert (Petition.objects.index(), in_days(petition)) == (0, 7)
    assert not Petition.objects.search("wharf").exists()

    call_command("reindex", stdout=said)

    assert Petition.objects.search("wharf").get() == petition
    lines = ["0 of 2 petitions indexed", "2 of 2 petitions indexed"]
    assert said.getvalue() == "".join(f"\r{line}" for line in lines) + "\n"


@pytest.mark.django_db
@pytest.mark.usefixtures("time_as_it_is")
def test_a_petition_that_earlier_code_writes_is_due_at_once() -> None:
    petition = make_draft(title="Bridge")
    fields = Petition._meta.concrete_fields
    names = {field.column for field in fields} - {"id", "slug", "index_due_at"}
    columns = ", ".join(sorted(names))

    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO petitions_petition (slug, {columns}) "
            f"SELECT 'earlier', {columns} FROM petitions_petition WHERE id = %s",
            [petition.pk],
        )

    earlier = Petition.objects.get(slug="earlier")
    assert in_days(earlier) == 0
    assert Petition.objects.index() == 2
    assert set(Petition.objects.search("bridge")) == {petition, earlier}


@pytest.mark.django_db
def test_a_petition_knows_when_it_is_due_before_it_is_saved() -> None:
    petition = Petition(title="Bridge", slug="bridge", ask="x", story="x")
    assert isinstance(petition.index_due_at, datetime)

    Petition.objects.bulk_create([petition])

    assert Petition.objects.index() == 1
