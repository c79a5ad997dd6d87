"""Processes are killed with -9 in the middle of their work, and nothing is lost."""

import http.client
import os
import signal
import threading
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import transaction

from signatures.models import Signature, SignatureMail
from tests.makers import make_petition, make_signature, sign_url
from tests.races.post_office import post_office
from tests.races.processes import children, site, wait_until, worker
from tests.races.threads import in_threads

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

KILLS = 20
CONNECTIONS = 4  # of each worker: one mail is in the hand of each
LONG_LEASE = {"MAIL_LEASE": "60"}  # who lives sends each mail once, however slowly


def test_a_worker_killed_20_times_in_mid_mail_mails_everybody(tmp_path: Path) -> None:
    petition = make_petition()
    with transaction.atomic():
        signers = {make_signature(petition=petition).email for _ in range(60)}

    with post_office() as office:
        settings = {
            "EMAIL_URL": office.url,
            "MAIL_LEASE": "1",
            "MAIL_CONNECTIONS": str(CONNECTIONS),
        }
        for kill in range(KILLS):
            office.hold(after=kill % 3)
            with worker(tmp_path / "log", **settings) as process:
                office.wait_for_one_in_hand()
                process.kill()
                office.wait_for_hanging_up()
        office.let_go()
        with worker(tmp_path / "log", **settings | LONG_LEASE):
            wait_until(
                lambda: not SignatureMail.objects.waiting().exists(),
                what="all mails sent",
            )

    assert {mail["To"] for mail in office.taken} == signers
    assert len(office.mails) <= len(signers) + KILLS * CONNECTIONS
    assert SignatureMail.objects.sent().count() == 60


def test_a_web_process_killed_under_load_loses_no_acknowledged_signature(
    tmp_path: Path,
) -> None:
    petition = make_petition()
    numbers = count()
    acknowledged: list[str] = []
    kills: list[int] = []
    gate = threading.Lock()

    with site(tmp_path / "log") as (url, gunicorn):

        def sign_some() -> None:
            for _time in range(25):
                key = sign(url, sign_url(petition), next(numbers))
                with gate:
                    acknowledged.extend(key)
                    if len(acknowledged) // 30 > len(kills):
                        kills.extend(kill_one_of(children(gunicorn), but=kills))

        in_threads([sign_some] * 8)

    assert len(kills) >= 3
    assert len(acknowledged) > 100
    keys = Signature.objects.values_list("key", flat=True)
    assert set(acknowledged) <= {str(key) for key in keys}
    mailed = SignatureMail.objects.values_list("signature__key", flat=True)
    assert sorted(mailed) == sorted(keys)


def sign(url: str, path: str, number: int) -> list[str]:
    """Post the form; give the key that the answer names, or nothing without one."""
    words = {"name": "Ada Example", "email": f"ada{number}@example.org"}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        line.request("POST", path, urlencode(words), headers)
        answer = line.getresponse()
    except (OSError, http.client.HTTPException):  # the process died with it in hand
        return []
    finally:
        line.close()
    assert answer.status == 303
    return [answer.headers["Location"].strip("/").split("/")[-1]]


def kill_one_of(numbers: list[int], *, but: list[int]) -> list[int]:
    """None, while those that were killed before are still to be replaced."""
    victims = [number for number in numbers if number not in but][:1]
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    return victims
