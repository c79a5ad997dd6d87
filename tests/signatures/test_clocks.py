"""Clocks of several machines differ; what was signed does not suffer from it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from campaigns.worker import send_all_mail
from signatures.models import Signature
from tests.makers import make_petition

pytestmark = pytest.mark.django_db

# SQLite is on the site's own machine, and has its clock.
MAILS_AT_ONCE = {"postgresql": 1, "sqlite": 0}[connection.vendor]


def test_no_mail_waits_for_a_web_server_whose_clock_is_ahead(time_machine) -> None:
    petition, now = make_petition(), timezone.now()
    time_machine.move_to(now + timedelta(hours=1))
    Signature.objects.start(petition.slug, name="Ana", email="ana@example.org")

    time_machine.move_to(now)
    send_all_mail()

    assert len(mail.outbox) == MAILS_AT_ONCE


def test_a_web_server_whose_clock_is_behind_holds_up_no_mail_either(
    time_machine,
) -> None:
    petition, now = make_petition(), timezone.now()
    time_machine.move_to(now - timedelta(hours=1))
    Signature.objects.start(petition.slug, name="Ana", email="ana@example.org")

    time_machine.move_to(now)
    send_all_mail()

    assert len(mail.outbox) == 1
