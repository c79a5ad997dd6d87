"""A line of a log says what failed, and nothing about a person."""

import logging

import pytest
from django.db import connection

from signatures.models import Signature
from tests.makers import make_confirmed_signature

VENDOR = connection.vendor


@pytest.mark.django_db
@pytest.mark.skipif(VENDOR == "sqlite", reason="it says nothing of the row")
def test_what_the_server_says_of_a_row_reaches_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    signature = make_confirmed_signature(name="Ada Lovelace", email="ada@example.org")
    rows = Signature.objects.filter(pk=signature.pk)
    for broken in ({"state": "lost"}, {"key": None}):
        try:
            rows.update(**broken)
        except Exception:
            logging.getLogger("anybody").exception("it failed")

    assert "signature_state_is_known" in caplog.text
    for personal in ("Lovelace", "ada@", signature.address_key, "DETAIL"):
        assert personal not in caplog.text


def test_a_line_of_the_log_holds_no_address() -> None:
    handler = logging.getLogger("campaigns").handlers[0]
    record = logging.LogRecord(
        "campaigns", logging.ERROR, "", 0, "refused: %s", ("<ada@example.org>:",), None
    )

    assert "refused: <…@…>:" in handler.format(record)
