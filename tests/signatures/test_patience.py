"""What reads all signatures of a petition has more time than a request."""

from collections.abc import Callable

import pytest
from django.db import connection

from campaigns import paper
from petitions.models import Petition
from signatures.as_csv import signature_file
from signatures.models.sheet_rows import Line
from tests.makers import make_petition, make_sheet, make_staff

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="it cuts nothing off"),
]


def compare(petition: Petition) -> None:
    sheet = make_sheet(petition, [Line("Ana Quispe")])
    paper.compare_with_all(sheet, by=make_staff())


def export(petition: Petition) -> None:
    list(signature_file(petition))


@pytest.mark.parametrize("read", [compare, export])
def test_it_is_not_cut_off_where_a_request_is(read: Callable[[Petition], None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10s'")
        read(make_petition())
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("30min",)
