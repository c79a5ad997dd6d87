"""Nobody learns from the answer who has signed, wants no mail, or is held."""

import statistics
import time
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from petitions.models import Petition
from signatures import rules
from signatures.addresses import address_key
from signatures.models import AccessRule, Bucket, Signature
from tests.makers import (
    make_confirmed_signature,
    make_petition,
    make_signature,
    not_me_path,
    sign_url,
)
from tests.signatures.acts import TYPED

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "203.0.113.9"
WORK = {
    "postgresql": ["WITH"],  # all inserts, in one journey
    "sqlite": [
        "BEGIN",
        "INSERT INTO signatures_bucket",
        'INSERT INTO "signatures_signature"',
        'INSERT INTO "signatures_trace"',
        'INSERT INTO "signatures_signaturemail"',
    ],
}


@pytest.fixture(autouse=True)
def ten_minutes_to(time_machine):
    """The network's hour does not end within a test."""
    time_machine.move_to("2026-03-09T12:50:00Z")


def never_seen(petition: Petition) -> None:
    make_confirmed_signature(petition=petition)  # somebody else's


def tried_before(petition: Petition) -> None:
    make_signature(petition=petition, email=TYPED["email"])


def confirmed_before(petition: Petition) -> None:
    make_confirmed_signature(petition=petition, email=TYPED["email"])


def asked_for_no_mail(petition: Petition) -> None:
    signature = make_signature(petition=petition, email=TYPED["email"])
    Client().post(not_me_path(signature))


def comes_with_a_crowd(petition: Petition) -> None:
    """From this network more have come than are taken as they are."""
    sign(petition)
    Bucket.objects.update(hits=500)


def is_blocked(petition: Petition) -> None:
    pattern = address_key(TYPED["email"])
    AccessRule.objects.create(kind="block", subject="address", pattern=pattern)


PASTS = [never_seen, tried_before, confirmed_before, asked_for_no_mail]
HELD = [comes_with_a_crowd, is_blocked]


def sign(petition: Petition, **typed: str) -> HttpResponse:
    return Client(REMOTE_ADDR=HERE).post(sign_url(petition), {**TYPED, **typed})


def whole(response: HttpResponse) -> tuple[object, ...]:
    """All of an answer but the random key in it."""
    headers = {**response.headers, "Location": response["Location"][:-37]}
    return response.status_code, headers, response.content, dict(response.cookies)


def make_past(past: Callable[[Petition], None]) -> Petition:
    """A petition after that; the process has read its rules and today's secret."""
    petition = make_petition()
    Bucket.objects.all().delete()
    AccessRule.objects.all().delete()
    past(petition)
    rules.read_anew()
    sign(make_petition(), email="somebody@example.net")
    return petition


def signed_after(past: Callable[[Petition], None]) -> tuple[HttpResponse, list[str]]:
    petition = make_past(past)
    statements: list[str] = []

    def note(execute, sql, *rest):
        statements.append(" ".join(sql.split()))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        response = sign(petition)
    return response, statements


@pytest.mark.slow
def test_the_answer_is_the_same_whatever_was_before() -> None:
    answers = [whole(signed_after(past)[0]) for past in PASTS + HELD]

    status, headers, content, cookies = answers[0]
    assert (status, headers["Location"]) == (303, "/check-your-email/")
    assert (content, cookies) == (b"", {})
    assert answers == [answers[0]] * 6


@pytest.mark.slow
def test_the_work_is_the_same_whatever_was_before() -> None:
    work = [signed_after(past)[1] for past in PASTS + HELD]

    begun = zip(work[0], WORK[connection.vendor], strict=True)
    assert all(statement.startswith(words) for statement, words in begun)
    assert work == [work[0]] * 6


@pytest.mark.parametrize(("past", "is_held"), [(it, it in HELD) for it in PASTS + HELD])
def test_what_differs_is_whether_it_is_held(past, is_held: bool) -> None:
    signed_after(past)

    assert (Signature.objects.latest("pk").held_at is not None) == is_held


@pytest.mark.slow
def test_the_page_after_it_is_the_same_whatever_was_before() -> None:
    petition = make_petition()
    pages = []
    for past in PASTS + HELD:
        past(petition)
        rules.read_anew()
        address = sign(petition)["Location"]
        key = address.split("/")[2].encode()
        pages.append(Client().get(address).content.replace(key, b"KEY"))

    assert pages == [pages[0]] * 6


def test_the_page_of_a_key_that_never_was_is_a_page_too() -> None:
    response = Client().get("/check-your-email/00000000-0000-4000-8000-000000000000/")

    assert response.status_code == 200


@pytest.mark.race
def test_the_answer_takes_as_long_whatever_was_before(settings) -> None:
    """Medians of 200 each, taken in turns, lie within 10 % of one another.

    What else the machine does disturbs them; a real difference disturbs each try.
    """
    settings.SIGNINGS_REFUSED_ABOVE = 0
    acts = {past.__name__: acting(past) for past in PASTS + HELD}

    spreads = []
    for _try in range(8):
        spreads.append(spread_of(acts))
        if spreads[-1] <= 0.10:
            return

    pytest.fail(f"medians differ by {spreads}")


def acting(past: Callable[[Petition], None]) -> Callable[[], HttpResponse]:
    """A signing of somebody with that past, again and again, from a network of its own.

    Each has its own address too, so that what blocks one does not block another.
    """
    number = (PASTS + HELD).index(past)
    petition, email = make_petition(), f"ana{number}@example.org"
    client = Client(REMOTE_ADDR=f"203.0.113.{number}")
    if past in (tried_before, confirmed_before, asked_for_no_mail):
        make = make_confirmed_signature if past is confirmed_before else make_signature
        signature = make(petition=petition, email=email)
        if past is asked_for_no_mail:
            Client().post(not_me_path(signature))
    elif past is comes_with_a_crowd:
        client.post(sign_url(petition), {**TYPED, "email": email})
        Bucket.objects.update(hits=500)
    elif past is is_blocked:
        pattern = address_key(email)
        AccessRule.objects.create(kind="block", subject="address", pattern=pattern)
    return partial(client.post, sign_url(petition), {**TYPED, "email": email})


def spread_of(acts: dict[str, Callable[[], HttpResponse]]) -> float:
    """By how much the longest median exceeds the shortest, as a part of that."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(200):
        for name, act in acts.items():
            began = time.perf_counter()
            assert act().status_code == 303
            taken[name].append(time.perf_counter() - began)
    medians = [statistics.median(one) for one in taken.values()]
    return max(medians) / min(medians) - 1
