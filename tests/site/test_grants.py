"""On PostgreSQL the site can work under a role that cannot rewrite what happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle, tally, worker
from campaigns.models import Event, EventKind
from config.settings import BASE_DIR
from signatures.models import Signature
from tests.makers import (
    confirm_url,
    make_petition,
    make_staff,
    my_signature_url,
    sign_url,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="it has no roles"),
]

GRANTS = (BASE_DIR / "docs" / "grants.sql").read_text()


@pytest.fixture
def roles() -> Iterator[tuple[str, str]]:
    """The two roles, under names of this test's own."""
    site = f"site_of_{connection.settings_dict['NAME']}"[:60]
    owner = f"{site}_o"
    mine = connection.settings_dict["USER"]
    with connection.cursor() as cursor:
        for role in (site, owner):
            cursor.execute(f'CREATE ROLE "{role}" LOGIN')
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'ALTER TABLE "{table}" OWNER TO "{owner}"')
        cursor.execute(f'GRANT ALL ON SCHEMA public TO "{owner}"')
    yield owner, site
    with connection.cursor() as cursor:
        for role in (site, owner):
            cursor.execute(f'REASSIGN OWNED BY "{role}" TO "{mine}"')
            cursor.execute(f'DROP OWNED BY "{role}"')
            cursor.execute(f'DROP ROLE "{role}"')


@pytest.fixture
def under_the_sites_role(roles: tuple[str, str]) -> Iterator[None]:
    """As docs/grants.sql leaves it, having been run twice."""
    owner, site = roles
    words = GRANTS.replace("undersigned_owner", f'"{owner}"')
    words = words.replace(" undersigned;", f' "{site}";')
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(words)
    with as_role(site):
        yield


@contextmanager
def as_role(role: str) -> Iterator[None]:
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    yield
    connection.close()
    connection.settings_dict["USER"] = before


def test_the_whole_main_job_works_under_it(
    client: Client, under_the_sites_role: None
) -> None:
    petition = make_petition()
    staff = make_staff()
    for name in ("ada", "rosa", "ines"):
        form = {"name": name, "email": f"{name}@example.org"}
        assert client.post(sign_url(petition), form).status_code == 303
    worker.work_once()
    for signature in Signature.objects.all():
        assert client.post(confirm_url(signature)).status_code == 303
    worker.work_once()
    [first, second, _third] = Signature.objects.order_by("pk")
    client.post(f"{my_signature_url(first)}withdraw/")
    second.erase()
    tally.recount()
    lifecycle.close(
        petition, by=staff, outcome="lost", reason="It is decided.", with_mail=False
    )
    assert client.get("/readyz").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=True):
        call_command("forget")
        call_command("clearsessions")
    call_command("reindex")

    petition.refresh_from_db()
    assert petition.signature_count == 1
    assert not Signature.objects.exclude(email="").exists()
    assert Event.objects.filter(kind=EventKind.CLOSED).count() == 1


STATEMENTS = [
    "UPDATE campaigns_event SET note = 'nothing'",
    "DELETE FROM campaigns_event",
    "TRUNCATE campaigns_event",
    "DROP TABLE campaigns_event",
    "ALTER TABLE campaigns_event RENAME TO forgotten",
    "CREATE TABLE another (id int)",
    "DELETE FROM django_migrations",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_happened_cannot_be_rewritten(
    under_the_sites_role: None, statement: str
) -> None:
    lifecycle.close(
        make_petition(), by=make_staff(), outcome="lost", reason="So.", with_mail=False
    )
    before = list(Event.objects.values())

    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
    ):
        cursor.execute(statement)

    assert list(Event.objects.values()) == before


def test_a_table_of_the_next_migration_can_be_used_at_once(
    roles: tuple[str, str], request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("under_the_sites_role")
    owner, _site = roles
    with as_role(owner), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE next_one (id serial)")
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO next_one DEFAULT VALUES")
            cursor.execute("DELETE FROM next_one")
    finally:
        with as_role(owner), connection.cursor() as cursor:
            cursor.execute("DROP TABLE next_one")
