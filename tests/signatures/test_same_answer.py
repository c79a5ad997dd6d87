"""Nobody learns from the answer to a signing who has signed, or wants no mail."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from petitions.models import Petition
from tests.makers import (
    make_confirmed_signature,
    make_petition,
    make_signature,
    not_me_path,
)
from tests.signatures.acts import TYPED, kinds, sign

pytestmark = pytest.mark.django_db(transaction=True)

WORK = {
    "postgresql": ["WITH signatures_signature"],  # both inserts, in one journey
    "sqlite": [
        "BEGIN",
        "INSERT signatures_signature",
        "INSERT signatures_signaturemail",
        "COMMIT",
    ],
}


def never_seen(petition: Petition) -> None:
    make_confirmed_signature(petition=petition)  # somebody else's


def tried_before(petition: Petition) -> None:
    make_signature(petition=petition, email=TYPED["email"])


def confirmed_before(petition: Petition) -> None:
    make_confirmed_signature(petition=petition, email=TYPED["email"])


def asked_for_no_mail(petition: Petition) -> None:
    signature = make_signature(petition=petition, email=TYPED["email"])
    Client().post(not_me_path(signature))


PASTS = [never_seen, tried_before, confirmed_before, asked_for_no_mail]


def whole(response: HttpResponse) -> tuple[object, ...]:
    """All of an answer but the random key in it."""
    headers = {**response.headers, "Location": response["Location"][:-37]}
    return response.status_code, headers, response.content, dict(response.cookies)


def signed_after(past) -> tuple[HttpResponse, list[str]]:
    petition = make_petition()
    past(petition)

    with CaptureQueriesContext(connection) as queries:
        response = sign(Client(), petition)

    return response, kinds(queries)


@pytest.mark.slow
def test_the_answer_is_the_same_whatever_was_before() -> None:
    answers = [whole(signed_after(past)[0]) for past in PASTS]

    status, headers, content, cookies = answers[0]
    assert (status, headers["Location"]) == (303, "/check-your-email/")
    assert (content, cookies) == (b"", {})
    assert answers == [answers[0]] * 4


@pytest.mark.parametrize("past", PASTS)
def test_the_work_is_two_inserts_whatever_was_before(past) -> None:
    _response, statements = signed_after(past)

    assert statements == WORK[connection.vendor]


@pytest.mark.slow
def test_the_page_after_it_is_the_same_whatever_was_before() -> None:
    petition = make_petition()
    pages = []
    for past in PASTS:
        past(petition)
        address = sign(Client(), petition)["Location"]
        key = address.split("/")[2].encode()
        pages.append(Client().get(address).content.replace(key, b"KEY"))

    assert pages == [pages[0]] * 4


def test_the_page_of_a_key_that_never_was_is_a_page_too() -> None:
    response = Client().get("/check-your-email/00000000-0000-4000-8000-000000000000/")

    assert response.status_code == 200
