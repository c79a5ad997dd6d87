"""Many signatures from one network: first they are held, then they have to wait."""

import logging
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from petitions.models import Petition
from signatures import networks
from signatures.models import Bucket, NetworkSecret, Signature, SignatureMail, Trace
from signatures.retention import forget
from tests.html import Page
from tests.makers import make_closed_petition, make_petition, sign_url
from tests.signatures.acts import TYPED, send_mail

pytestmark = pytest.mark.django_db

HERE = "203.0.113.9"
THERE = "2001:db8:1:2::3"


@pytest.fixture(autouse=True)
def noon(time_machine, settings):
    """Limits count by the clock. Of three, one is taken as it is."""
    settings.SIGNINGS_HELD_ABOVE, settings.SIGNINGS_REFUSED_ABOVE = 1, 2
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    return time_machine


def sign_from(address: str, petition: Petition, **typed: str) -> HttpResponse:
    client = Client(REMOTE_ADDR=address)
    return client.post(sign_url(petition), {**TYPED, **typed})


def sign_by_proxy(petition: Petition, forwarded: str) -> HttpResponse:
    client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": forwarded})
    return client.post(sign_url(petition), TYPED)


def held() -> list[bool]:
    return [one.held_at is not None for one in Signature.objects.order_by("pk")]


def test_above_the_first_limit_they_are_held_and_above_the_second_refused() -> None:
    petition = make_petition()

    statuses = [sign_from(HERE, petition).status_code for _ in range(4)]

    assert statuses == [303, 303, 429, 429]
    assert held() == [False, True]
    assert SignatureMail.objects.count() == 2


def test_a_held_signature_gets_no_mail_and_takes_no_place_for_one(mailoutbox) -> None:
    petition = make_petition()
    sign_from(HERE, petition, email="one@example.org")
    Bucket.objects.all().update(hits=1)
    sign_from(HERE, petition, email="two@example.org")
    counted = Bucket.objects.count()

    send_mail()

    assert [message.to for message in mailoutbox] == [["one@example.org"]]
    assert SignatureMail.objects.waiting().count() == 0
    assert Bucket.objects.count() == counted + 4  # those of one mail


def test_it_cannot_be_confirmed_while_it_is_held() -> None:
    petition = make_petition()
    for _ in range(2):
        sign_from(HERE, petition)
    signature = Signature.objects.get(held_at__isnull=False)

    signature.confirm()

    signature.refresh_from_db()
    assert signature.state == "pending"


@pytest.mark.parametrize("other", ["203.0.113.10", THERE])
def test_another_network_has_limits_of_its_own(other: str) -> None:
    petition = make_petition()
    for _ in range(3):
        sign_from(HERE, petition)

    assert sign_from(other, petition).status_code == 303
    assert held() == [False, True, False]


def test_all_addresses_of_one_customer_are_one_network() -> None:
    petition = make_petition()

    for number in range(3):
        answer = sign_from(f"2001:db8:1:2:{number}::1", petition)

    assert answer.status_code == 429


def test_the_next_hour_is_a_new_hour(noon) -> None:
    petition = make_petition()
    for _ in range(3):
        sign_from(HERE, petition)

    noon.shift(timedelta(hours=1))

    assert sign_from(HERE, petition).status_code == 303
    assert held() == [False, True, False]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "", "unix:"])
def test_what_may_be_a_proxy_is_not_counted(address: str) -> None:
    petition = make_petition()

    statuses = {sign_from(address, petition).status_code for _ in range(4)}

    assert statuses == {303}
    assert held() == [False] * 4
    assert Bucket.objects.count() == NetworkSecret.objects.count() == 0
    assert set(Trace.objects.values_list("network_key", flat=True)) == {""}


def test_no_limit_at_all(settings) -> None:
    settings.SIGNINGS_HELD_ABOVE = settings.SIGNINGS_REFUSED_ABOVE = 0
    petition = make_petition()

    statuses = {sign_from(HERE, petition).status_code for _ in range(4)}

    assert statuses == {303}
    assert held() == [False] * 4


@pytest.mark.parametrize("proxies", [1, 2])
def test_a_forged_header_changes_nothing(settings, proxies: int) -> None:
    settings.TRUSTED_PROXIES = proxies
    petition = make_petition()
    ours = ", 10.0.0.1" * (proxies - 1)

    statuses = [
        sign_by_proxy(petition, f"192.0.2.{number}, {HERE}{ours}").status_code
        for number in range(3)
    ]

    assert statuses == [303, 303, 429]
    assert held() == [False, True]


def test_without_a_proxy_of_ours_the_header_is_not_believed(noon) -> None:
    petition = make_petition()

    for number in range(3):
        client = Client(
            REMOTE_ADDR=HERE, headers={"X-Forwarded-For": f"192.0.2.{number}"}
        )
        answer = client.post(sign_url(petition), TYPED)

    assert answer.status_code == 429


def test_a_header_that_nobody_believes_is_told_of_once(caplog, monkeypatch) -> None:
    monkeypatch.setattr(logging.getLogger("signatures"), "propagate", True)
    networks._tell_of_a_proxy.cache_clear()
    petition = make_petition()

    for _ in range(3):
        sign_by_proxy(petition, HERE)

    told = {id(one) for one in caplog.records if "TRUSTED_PROXIES" in one.message}
    assert len(told) == 1
    assert HERE not in caplog.text


def refused(noon) -> HttpResponse:
    petition = make_petition()
    for _ in range(2):
        sign_from(HERE, petition)
    noon.shift(timedelta(minutes=20, seconds=30))
    words = {"place": "Cusco", "reason": "<b>School</b>", "show_name": "on"}
    return sign_from(HERE, petition, **words)


def test_who_is_refused_is_told_when_to_come_again(noon) -> None:
    response = refused(noon)

    assert response.status_code == 429
    assert response["Retry-After"] == str(39 * 60 + 30)
    assert "in 40 minutes" in response.content.decode()
    assert "public" not in response.get("Cache-Control", "")


def test_who_is_refused_keeps_all_that_was_typed(noon) -> None:
    page = Page.of(refused(noon))

    values = {
        one.attributes["name"]: one.attributes.get("value")
        for one in page.all("input")
        if one.attributes.get("type") in ("text", "email")
    }
    assert values == {**TYPED, "place": "Cusco", "country": ""}
    assert page.one("textarea").words == "<b>School</b>"
    ticked = [one for one in page.all("input") if "checked" in one.attributes]
    assert [box.attributes["name"] for box in ticked] == ["show_name"]


def test_a_mistake_is_told_before_any_limit() -> None:
    petition = make_petition()
    for _ in range(3):
        sign_from(HERE, petition)

    response = sign_from(HERE, petition, name="")

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["name"]


def test_who_comes_too_late_is_told_that() -> None:
    petition = make_closed_petition()

    answers = {sign_from(HERE, petition).status_code for _ in range(4)}

    assert answers == {409}


def test_the_day_has_one_secret_and_a_network_one_key_a_day(noon) -> None:
    first = networks.network_key("203.0.113.9/32")
    networks.forget_secret()
    again = networks.network_key("203.0.113.9/32")
    other = networks.network_key("203.0.113.8/32")
    noon.shift(timedelta(days=1))
    tomorrow = networks.network_key("203.0.113.9/32")

    assert first == again
    assert len({first, other, tomorrow}) == 3
    assert [one.day for one in NetworkSecret.objects.order_by("day")] == [
        date(2026, 3, 9),
        date(2026, 3, 10),
    ]


def test_no_address_is_kept_of_where_a_signature_came_from() -> None:
    sign_from(HERE, make_petition())

    (trace,) = Trace.objects.values()
    assert HERE not in str(trace)
    assert trace["network_key"] == networks.network_key(f"{HERE}/32")
    assert (trace["domain"], trace["hits"]) == ("example.org", 1)
    assert trace["started_at"] == timezone.now()


def test_traces_are_forgotten_after_two_days_and_secrets_with_them(noon) -> None:
    sign_from(HERE, make_petition())

    noon.shift(timedelta(hours=48))
    forget()
    kept = Trace.objects.count()
    noon.shift(timedelta(seconds=1))
    forgotten = forget()

    assert (kept, Trace.objects.count()) == (1, 0)
    assert forgotten["traces"] == 1
    assert NetworkSecret.objects.count() == 0


def test_the_secrets_of_today_and_yesterday_are_kept(noon) -> None:
    for _day in range(4):
        networks.todays_secret()
        noon.shift(timedelta(days=1))
    noon.shift(timedelta(days=-1))

    forget()

    days = NetworkSecret.objects.values_list("day", flat=True).order_by("day")
    assert list(days) == [date(2026, 3, 11), date(2026, 3, 12)]
