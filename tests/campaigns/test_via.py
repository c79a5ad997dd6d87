"""How signers came is counted in sum, and of nobody in particular."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import tally
from campaigns.models import ChannelCount
from petitions.models import Account, Petition
from signatures.models import CountChange, Signature
from tests.campaigns.admin_forms import change_url
from tests.campaigns.test_admin_petition_overview import overview
from tests.html import Page
from tests.makers import (
    confirm_url,
    make_confirmed_signature,
    make_counted_signature,
    make_petition,
    make_signature,
    make_staff,
)
from tests.signatures.acts import TYPED, kinds, sign

pytestmark = pytest.mark.django_db


def figures(petition: Petition) -> dict[str, int]:
    tally.fold()
    rows = ChannelCount.objects.filter(petition=petition)
    return dict(rows.values_list("via", "count"))


def marks_on(client: Client, url: str) -> list[str]:
    fields = Page.of(client.get(url)).all("input", name="via")
    return [field.attributes["value"] for field in fields]


@pytest.mark.parametrize("via", ["wa", "paper"])
def test_the_form_remembers_how_the_reader_came(client: Client, via: str) -> None:
    url = make_petition().get_absolute_url()

    assert marks_on(client, f"{url}?via={via}") == [via]
    assert marks_on(client, url) == []


@pytest.mark.parametrize("via", ["", "tw", "wa'", "x" * 5000, "%00"])
def test_a_page_with_any_other_mark_is_the_plain_page(client: Client, via: str) -> None:
    url = make_petition().get_absolute_url()

    plain, marked = client.get(url), client.get(f"{url}?via={via}")

    assert marked.content == plain.content
    assert marked["ETag"] == plain["ETag"]


def test_a_mark_changes_no_address_of_the_page(client: Client) -> None:
    url = make_petition().get_absolute_url()

    page = Page.of(client.get(f"{url}?via=wa"))

    assert page.one("link", rel="canonical").attributes["href"].endswith(url)
    og_url = page.one("meta", property="og:url")
    assert og_url.attributes["content"].endswith(url)
    assert "via" not in page.one("form", method="post").attributes["action"]


def test_reading_a_marked_page_counts_nothing_and_sets_no_cookie(
    client: Client,
) -> None:
    petition = make_petition()

    response = client.get(f"{petition.get_absolute_url()}?via=wa")

    assert dict(response.cookies) == {}
    assert "public" in response["Cache-Control"]
    assert figures(petition) == {}


@pytest.mark.parametrize(
    ("typed", "kept"), [("wa", "wa"), ("paper", "paper"), ("tw", ""), ("x" * 500, "")]
)
def test_signing_keeps_only_marks_of_ours(
    client: Client, typed: str, kept: str
) -> None:
    response = sign(client, make_petition(), via=typed)

    assert response.status_code == 303
    assert Signature.objects.get().via == kept


def test_no_way_to_a_sensitive_petition_is_kept(client: Client) -> None:
    petition = make_petition(sensitive=True)

    sign(client, petition, via="wa")

    assert Signature.objects.get().via == ""


def test_the_mark_is_kept_beside_a_mistake(client: Client) -> None:
    petition = make_petition()

    answers = [sign(client, petition, email="?", via=via) for via in ("wa", "<b>")]

    fields = [Page.of(answer).all("input", name="via") for answer in answers]
    assert [one.attributes["value"] for one in fields[0]] == ["wa"]
    assert fields[1] == []


def test_confirming_moves_the_mark_from_the_person_to_the_sum() -> None:
    signature = make_signature(via="wa")

    signature.confirm()

    assert signature.via == ""
    signature.refresh_from_db()
    assert signature.via == ""
    assert CountChange.objects.get().via == "wa"
    assert figures(signature.petition) == {"wa": 1}
    assert CountChange.objects.count() == 0


def test_pressing_again_counts_the_way_once(client: Client) -> None:
    signature = make_signature(via="wa")

    for _ in range(3):
        client.post(confirm_url(signature))

    assert figures(signature.petition) == {"wa": 1}


def test_each_way_has_its_own_sum_and_no_way_has_none() -> None:
    petition = make_petition()
    for via in ["wa", "wa", "qr", "", "wa"]:
        make_confirmed_signature(petition=petition, via=via)
    make_confirmed_signature(via="em")

    assert figures(petition) == {"wa": 3, "qr": 1}
    petition.refresh_from_db()
    assert petition.signature_count == 5


def test_a_second_signature_of_an_address_is_no_second_way() -> None:
    petition = make_petition()
    make_confirmed_signature(petition=petition, email="ana@example.org")
    second = make_signature(petition=petition, email="ana@example.org", via="wa")

    second.confirm()

    assert figures(petition) == {}


def test_what_happens_to_a_signature_later_says_nothing_of_ways() -> None:
    petition = make_petition()
    signature = make_counted_signature(petition=petition, via="wa")

    signature.exclude()
    signature.restore()
    signature.refresh_from_db()
    signature.withdraw()

    assert set(CountChange.objects.values_list("via", flat=True)) == {""}
    assert figures(petition) == {"wa": 1}
    petition.refresh_from_db()
    assert petition.signature_count == 0


def test_recounting_leaves_the_ways_alone() -> None:
    signature = make_counted_signature(via="wa")

    assert tally.recount() == 0

    assert figures(signature.petition) == {"wa": 1}


def test_signers_see_the_mark_while_it_is_there() -> None:
    signature = make_signature(via="qr")

    assert signature.as_data()["via"] == "qr"
    signature.confirm()
    assert signature.as_data()["via"] == ""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_marked_signature_takes_no_more_work(client: Client) -> None:
    petition = make_petition()
    sign(client, petition)  # the process reads its rules
    work = []
    for number, via in enumerate(["", "wa"]):
        with CaptureQueriesContext(connection) as queries:
            sign(client, petition, email=f"ana{number}@example.org", via=via)
            signature = Signature.objects.latest("pk")
            client.post(confirm_url(signature))
        work.append(kinds(queries))

    assert work[0] == work[1]
    assert (
        len(work[0])
        == {"postgresql": 1 + 1 + 1, "sqlite": 5 + 1 + 4}[connection.vendor]
    )


def test_the_release_before_writes_rows_without_a_mark() -> None:
    """While a new release is rolled out, the old one still runs on the new tables."""
    petition = make_petition()

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO signatures_countchange (petition_id, change, day, country) "
            "VALUES (%s, 1, '2026-03-09', '')",
            [petition.pk],
        )

    assert CountChange.objects.get().via == ""
    assert Signature(**TYPED).via == ""


def test_no_page_tells_by_another_what_few_came_by(
    log_in: Callable[[Account], Client],
) -> None:
    petition = make_petition()
    for via, count in [("wa", 12), ("qr", 5), ("em", 4)]:
        ChannelCount.objects.create(petition=petition, via=via, count=count)
    ChannelCount.objects.create(petition=make_petition(), via="fb", count=50)
    client = log_in(make_staff())

    shown = [
        Page.of(client.get(overview(petition))),
        Page.of(client.get(change_url(petition))),
    ]

    words = " ".join(page.words for page in shown)
    assert "The others together 9" in words
    assert [one for one in ("QR code", "E-mail: ", "Facebook") if one in words] == []
