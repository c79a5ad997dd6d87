"""A reader says what is wrong with a petition, and staff look at it again."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import PetitionReport
from petitions.models import Petition
from signatures import limits
from signatures.models import Bucket
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_draft,
    make_hidden_petition,
    make_petition,
    make_rejected_petition,
)

pytestmark = pytest.mark.django_db

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}  # not this machine, as behind a proxy


def report_url(petition: Petition) -> str:
    return f"{petition.get_absolute_url()}report/"


def reports() -> list[tuple[str, str]]:
    return list(PetitionReport.objects.order_by("pk").values_list("cause", "words"))


@pytest.mark.parametrize("make", [make_petition, make_closed_petition])
def test_a_reader_reports_a_petition_from_its_page(client: Client, make) -> None:
    petition = make()
    page = Page.of(client.get(petition.get_absolute_url()))
    (link,) = [one for one in page.all("a") if one.words == "Report this petition"]

    form = client.get(link.attributes["href"])
    answer = client.post(
        link.attributes["href"], {"cause": "personal", "words": "It names me."}
    )
    thanks = client.get(answer["Location"])

    assert form.status_code == 200
    assert answer.status_code == 303
    assert "Thank you" in Page.of(thanks).words
    assert reports() == [("personal", "It names me.")]


def test_opening_the_form_reports_nothing_and_sets_no_cookie(client: Client) -> None:
    response = client.get(report_url(make_petition()))

    assert "What is wrong with it?" in Page.of(response).words
    assert "public" in response["Cache-Control"]
    assert not client.cookies
    assert reports() == []


def test_of_one_network_the_first_of_a_day_counts_and_the_answer_is_the_same(
    client: Client,
) -> None:
    petition, other = make_petition(), make_petition()
    url = report_url(petition)

    answers = [client.post(url, {"cause": "false"}, **ELSEWHERE) for _ in range(3)]
    client.post(report_url(other), {"cause": "other"}, **ELSEWHERE)
    client.post(url, {"cause": "hateful"}, REMOTE_ADDR="198.51.100.9")

    assert {(one.status_code, one["Location"]) for one in answers} == {
        (303, f"{petition.get_absolute_url()}reported/")
    }
    assert reports() == [("false", ""), ("other", ""), ("hateful", "")]


def test_nothing_about_the_reader_is_kept(client: Client) -> None:
    client.post(report_url(make_petition()), {"cause": "false"}, **ELSEWHERE)

    (report,) = PetitionReport.objects.values()
    assert set(report) == {
        *("id", "petition_id", "cause", "words", "reported_at", "settled_at")
    }
    kept = [str(row) for row in Bucket.objects.values_list("key", "hits")]
    assert not any("192.0.2" in one for one in kept)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "Choose what is wrong with it."),
        ({"cause": "ugly"}, "Choose what is wrong with it."),
        ({"cause": "other", "words": "o" * 501}, "Keep to 500 characters at most."),
    ],
)
def test_what_is_typed_wrongly_comes_back_with_what_to_mend(
    client: Client, typed: dict[str, str], error: str
) -> None:
    response = client.post(report_url(make_petition()), typed)

    assert response.status_code == 400
    assert error in Page.of(response).words
    assert "<title>Error: " in response.content.decode()
    assert reports() == []


def test_the_mistake_that_is_named_leads_to_where_it_is_mended(client: Client) -> None:
    page = Page.of(client.post(report_url(make_petition()), {}))

    link = page.one("a", class_="error-summary__link").attributes["href"]
    assert page.one(id=link.removeprefix("#")).attributes["name"] == "cause"


def test_words_in_lines_are_counted_as_they_are_typed(client: Client) -> None:
    words = "\r\n".join(["o" * 49] * 10)  # 499, of which browsers send 508

    client.post(report_url(make_petition()), {"cause": "other", "words": words})

    assert reports() == [("other", words.replace("\r\n", "\n"))]


def test_signs_that_deceive_who_reads_are_left_out(client: Client) -> None:
    typed = {"cause": "other", "words": "It\0 names\u202e me."}

    client.post(report_url(make_petition()), typed)

    assert reports() == [("other", "It names me.")]


@pytest.mark.parametrize(
    "make", [make_draft, make_hidden_petition, make_rejected_petition]
)
def test_what_is_not_public_cannot_be_reported(client: Client, make) -> None:
    petition = make()
    url = report_url(petition)

    answers = [
        client.get(url).status_code,
        client.post(url, {"cause": "other"}).status_code,
        client.get(f"{petition.get_absolute_url()}reported/").status_code,
    ]

    assert answers == [404, 404, 404]
    assert reports() == []


def test_a_form_from_another_site_is_refused(client: Client) -> None:
    response = client.post(
        report_url(make_petition()),
        {"cause": "other"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert (response.status_code, reports()) == (403, [])


def test_who_reports_without_end_has_to_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REPORTS", (2, limits.REPORTS[1]))
    urls = [report_url(make_petition()) for _ in range(3)]

    answers = [client.post(url, {"cause": "other"}, **ELSEWHERE) for url in urls]
    from_here = [client.post(url, {"cause": "other"}).status_code for url in urls]

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert answers[-1]["Retry-After"] == "3600"
    assert from_here == [303] * 3


def test_a_sensitive_petition_keeps_its_way_out_and_its_silent_tab(
    client: Client,
) -> None:
    petition = make_petition(sensitive=True, title="A door that locks")

    page = Page.of(client.get(report_url(petition)))

    assert "A door" not in page.one("title").words
    assert page.one("title").words.startswith("Petition")


def test_the_form_asks_one_question(client: Client) -> None:
    petition = make_petition()

    with CaptureQueriesContext(connection) as queries:
        client.get(report_url(petition))

    assert len(queries) == 1
