"""Nothing about a signer ends up in a log, whatever goes wrong on the way."""

import logging
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.log import log_response

from campaigns import tally
from config.logs import SECRET
from signatures.models import Signature
from signatures.retention import forget
from signatures.tokens import NO_KEY, Purpose, make_token
from tests.makers import (
    confirm_url,
    make_petition,
    make_signature,
    make_update,
    my_signature_url,
    not_me_path,
    signed_url,
)
from tests.signatures.acts import send_mail, sign
from tests.site.test_conventions import OUR_URLS

pytestmark = pytest.mark.django_db

NAME, ADDRESS, REASON = "Quetzalcoatl Ramos", "quetzal@example.org", "Zebras, really"


@pytest.fixture
def log(caplog, monkeypatch):
    for name in ["django.request", "petitions", "signatures", "campaigns"]:
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    caplog.set_level(logging.INFO)
    return caplog


def secrets_of(signature: Signature) -> list[str]:
    tokens = [make_token(signature.key, purpose) for purpose in Purpose]
    return [
        *[NAME, "Quetzalcoatl", ADDRESS, "quetzal", "Zebras", *tokens],
        *[str(signature.key), signature.key.hex, str(signature.address_key)],
    ]


def assert_nothing_said(log, secrets: list[str]) -> None:
    said = "\n".join(
        f"{record.getMessage()} {record.args} {record.exc_text or ''}"
        for record in log.records
    )
    assert [secret for secret in secrets if secret in said] == []


@pytest.mark.slow
def test_the_whole_way_of_a_signature_leaves_no_trace(
    client: Client, log, time_machine
) -> None:
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    petition = make_petition()
    typed = {"name": NAME, "email": ADDRESS, "reason": REASON, "wants_updates": "on"}

    page = sign(client, petition, **typed)["Location"]
    client.get(page)
    send_mail()
    signature = Signature.objects.get()
    secrets = secrets_of(signature)
    time_machine.shift(timedelta(minutes=2))
    client.post(page)
    send_mail()
    client.get(confirm_url(signature))
    client.post(confirm_url(signature))
    client.get(signed_url(signature))
    tally.fold()
    make_update(petition, with_mail=True)
    send_mail()
    mine = my_signature_url(signature)
    client.get(mine)
    client.post(f"{mine}change/", {"name": NAME, "reason": REASON})
    client.get(f"{mine}data.json")
    client.post(f"{mine}unsubscribe/")
    client.post("/find-my-signature/", {"email": ADDRESS})
    send_mail()
    client.post(not_me_path(signature))
    client.post(f"{mine}withdraw/")
    forget()

    assert log.records
    assert_nothing_said(log, secrets)


@pytest.mark.slow
def test_nor_does_what_goes_wrong(client: Client, log) -> None:
    petition = make_petition()
    sign(client, petition, name=NAME, email="quetzal@", reason=REASON)
    signature = make_signature(petition=petition, name=NAME, email=ADDRESS)
    mine = my_signature_url(signature)
    token = make_token(signature.key, Purpose.MANAGE)

    client.post(f"{mine}change/", {"name": "", "reason": REASON})
    client.get(f"{mine}change/")
    client.get(f"/confirm/{token}/")
    client.get(f"{mine}nothing-here/")
    petition.close(
        outcome="lost", reason="Agreed.", at=petition.opened_at - timedelta(days=2)
    )
    client.post(confirm_url(signature))
    sign(client, petition, name=NAME, email=ADDRESS)
    (mail,) = signature.mails.all()
    mail.mark_dead("SMTPDataError 554")

    assert log.records
    assert_nothing_said(log, secrets_of(signature))


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_nor_does_a_page_that_failed(log, prefix: str) -> None:
    signature = make_signature()
    paths = [
        *[confirm_url(signature), signed_url(signature), not_me_path(signature)],
        *[
            f"{my_signature_url(signature)}change/",
            f"/check-your-email/{signature.key}/",
        ],
    ]

    for path in paths:
        log_response(
            "Internal Server Error: %s",
            f"{prefix}{path}",
            response=HttpResponse(status=500),
        )

    said = [record.getMessage() for record in log.records]
    assert f"Internal Server Error: {prefix}/my-signature/…/change/" in said
    assert_nothing_said(log, secrets_of(signature))


@pytest.mark.parametrize(
    "route", [str(url.pattern) for url in OUR_URLS if "<str:token>" in str(url.pattern)]
)
def test_no_secret_in_an_address_reaches_a_log(route: str) -> None:
    token = make_token(NO_KEY, Purpose.ANSWER)
    line = f"Not Found: /es/{route.replace('<str:token>', token)}"

    assert token not in SECRET.sub(r"\1…", line)
