"""What speaks for a machine is summed up: nobody is turned away for one sign."""

from datetime import timedelta

import pytest
from django.test import Client

from petitions.models import Petition
from signatures import scores
from signatures.models import Signature, Trace
from signatures.scores import Sign
from tests.html import Page
from tests.makers import make_petition, sign_url
from tests.signatures.acts import TYPED, sign

pytestmark = pytest.mark.django_db

THROWAWAY = "ana@mail.yopmail.com"


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    return time_machine


def page_stamp(petition: Petition, *, at: str = "") -> str:
    page = Page.of(Client().get(at or petition.get_absolute_url()))
    (field,) = [it for it in page.all("input") if it.attributes.get("name") == "stamp"]
    return str(field.attributes["value"])


def found() -> tuple[str, int, bool]:
    """What is kept of the one signature: its signs, its points, whether it is held."""
    trace, signature = Trace.objects.get(), Signature.objects.get()
    return trace.signs, trace.score, signature.held_at is not None


def test_a_form_as_a_browser_sends_it_has_no_points(client: Client) -> None:
    petition = make_petition()
    stamp = page_stamp(petition)

    sign(client, petition, stamp=stamp, website="", took="15000")

    assert found() == ("", 0, False)


def test_a_script_that_posts_name_and_address_alone_is_not_held(client: Client) -> None:
    client.post(sign_url(make_petition()), TYPED)

    assert found() == ("no-stamp", 20, False)


@pytest.mark.parametrize(
    ("typed", "signs", "points"),
    [
        ({"website": "https://buy.example"}, "no-stamp,trap", 80),
        ({"email": THROWAWAY}, "no-stamp,throwaway", 40),
        ({"took": "1999"}, "no-stamp,haste", 40),
        ({"took": "0", "email": THROWAWAY}, "no-stamp,throwaway,haste", 60),
        ({"took": "2000"}, "no-stamp", 20),
        ({"stamp": "nonsense"}, "no-stamp", 20),
    ],
)
def test_from_fifty_points_on_a_signature_is_held(
    client: Client, typed: dict[str, str], signs: str, points: int
) -> None:
    response = sign(client, make_petition(), **typed)

    assert response.status_code == 303
    assert found() == (signs, points, points >= 50)


@pytest.mark.parametrize(
    "typed",
    [
        {"took": took}
        for took in ["", "soon", "-1", "1e9", "²", "1" * 5000, "\x00", "١٢"]
    ]
    + [
        {"stamp": stamp}
        for stamp in [
            "",
            ":",
            "1:",
            ":x",
            "x" * 5000,
            "\x00",
            "9" * 40 + ":x",
        ]
    ],
)
def test_nonsense_is_never_an_error(client: Client, typed: dict[str, str]) -> None:
    response = sign(client, make_petition(), **typed)

    assert response.status_code == 303
    assert found() == ("no-stamp", 20, False)


@pytest.mark.parametrize(("hours", "is_good"), [(0, True), (25, True), (26, False)])
def test_a_stamp_is_good_for_a_day_and_an_hour(noon, hours: int, is_good: bool) -> None:
    stamp = scores.stamp()

    noon.shift(timedelta(hours=hours))

    assert scores.is_stamp(stamp) == is_good


@pytest.mark.parametrize(("hours", "is_good"), [(-1, True), (-2, False)])
def test_a_stamp_of_a_machine_whose_clock_is_ahead(
    noon, hours: int, is_good: bool
) -> None:
    stamp = scores.stamp()

    noon.shift(timedelta(hours=hours))

    assert scores.is_stamp(stamp) == is_good


def test_a_stamp_of_another_hour_cannot_be_made_from_one(noon) -> None:
    hour, signature = scores.stamp().split(":")

    assert not scores.is_stamp(f"{int(hour) + 1}:{signature}")
    assert not scores.is_stamp(f"{hour}:{signature[:-1]}_")


def test_a_stamp_outlives_a_change_of_the_secret_key(settings) -> None:
    stamp = scores.stamp()

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret, which is long enough"

    assert scores.is_stamp(stamp)


@pytest.mark.parametrize("path", ["", "sign/"])
def test_a_page_has_the_same_stamp_for_all_and_for_an_hour(noon, path: str) -> None:
    address = make_petition().get_absolute_url() + path

    first = Client().get(address).content
    noon.shift(timedelta(minutes=59, seconds=59))
    second = Client().get(address).content
    noon.shift(timedelta(seconds=1))
    next_hour = Client().get(address).content

    assert first == second
    assert next_hour != first


def test_the_form_that_comes_back_has_a_fresh_stamp(client: Client) -> None:
    response = sign(client, make_petition(), name="", stamp="old", website="x")

    page = Page.of(response)
    values = {it.attributes["name"]: it.attributes for it in page.all("input")}
    assert scores.is_stamp(values["stamp"]["value"])
    assert "value" not in values["website"]


def test_the_trap_is_out_of_the_way_of_people(client: Client) -> None:
    page = Page.of(client.get(sign_url(make_petition())))

    (trap,) = [it for it in page.all("input") if it.attributes["name"] == "website"]
    assert trap.attributes["tabindex"] == "-1"
    assert trap.attributes["autocomplete"] == "off"
    assert "required" not in trap.attributes
    assert "took" not in {it.attributes["name"] for it in page.all("input")}


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("ana@yopmail.com", True),
        ("ana@sub.yopmail.com", True),
        ("ana@notyopmail.com", False),
        ("ana@example.org", False),
        ("ana@gmail.com", False),
    ],
)
def test_a_throwaway_address_is_known_by_its_domain(address: str, is_one: bool) -> None:
    assert scores.is_throwaway(address) == is_one


def test_one_sign_alone_holds_nobody_but_in_the_trap() -> None:
    alone = {sign for sign in Sign if scores.score([sign]) >= scores.HELD_FROM}

    assert alone == {Sign.TRAP}


def test_two_signs_from_a_busy_network_are_held_earlier(settings) -> None:
    settings.SIGNINGS_HELD_ABOVE = 4
    petition, client = make_petition(), Client(REMOTE_ADDR="203.0.113.9")

    for _ in range(3):
        sign(client, petition, took="10")
    sign(client, petition)

    held = [one.held_at is not None for one in Signature.objects.order_by("pk")]
    assert held == [False, False, True, False]


def test_all_signs_together_fit_into_what_is_kept() -> None:
    longest = Trace._meta.get_field("signs").max_length

    assert len(",".join(Sign)) <= longest
