"""A reader reports a reason that is shown."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from petitions.models import Petition
from signatures import limits
from signatures.models import Bucket, ReasonReport, Signature
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_hidden_petition,
    make_petition,
    my_signature_url,
)

pytestmark = pytest.mark.django_db

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def make_shown_reason(reason: str = "I cross it.", **fields: object) -> Signature:
    signature = make_confirmed_signature(reason=reason, **fields)
    signature.release_reason()
    return signature


def report_url(signature: Signature) -> str:
    return f"{signature.petition.get_absolute_url()}reasons/{signature.pk}/report/"


def reports() -> list[tuple[int, str]]:
    rows = ReasonReport.objects.order_by("pk")
    return list(rows.values_list("signature", "cause"))


@pytest.mark.parametrize("page", ["", "reasons/"])
def test_each_shown_reason_leads_to_its_report(client: Client, page: str) -> None:
    signature = make_shown_reason()
    petition = signature.petition
    make_confirmed_signature(petition=petition, show_name=True, name="No Reason")

    response = client.get(petition.get_absolute_url() + page)

    links = Page.of(response).all("a", class_="signers__report")
    assert [one.attributes["href"] for one in links] == [report_url(signature)]
    assert "Set-Cookie" not in response.headers


def test_opening_the_form_reports_nothing(client: Client) -> None:
    signature = make_shown_reason("It is <b>mine</b>.", name="Ann", show_name=True)

    response = client.get(report_url(signature))

    page = Page.of(response)
    assert response.status_code == 200
    assert "It is <b>mine</b>. Ann" in page.words
    assert len(page.all("input", type="radio")) == 4
    assert response.headers["Cache-Control"].startswith("public")
    assert reports() == []


def test_a_report_is_written_down_and_thanked_for(client: Client) -> None:
    signature = make_shown_reason()

    response = client.post(report_url(signature), {"cause": "threat"})

    thanks = f"{signature.petition.get_absolute_url()}reasons/reported/"
    assert (response.status_code, response["Location"]) == (303, thanks)
    assert client.get(thanks).status_code == 200
    assert reports() == [(signature.pk, "threat")]


def test_one_network_reports_a_reason_once_a_day(client: Client) -> None:
    one, other = make_shown_reason(), make_shown_reason()

    for _again in range(3):
        answer = client.post(report_url(one), {"cause": "other"}, **ELSEWHERE)
        assert answer.status_code == 303
    client.post(report_url(one), {"cause": "private"}, REMOTE_ADDR="198.51.100.1")
    client.post(report_url(other), {"cause": "other"}, **ELSEWHERE)
    client.post(report_url(other), {"cause": "other"})
    client.post(report_url(other), {"cause": "other"})

    assert reports() == [
        (one.pk, "other"),
        (one.pk, "private"),
        (other.pk, "other"),
        (other.pk, "other"),
    ]


def test_nothing_of_the_reader_is_kept(client: Client) -> None:
    client.post(report_url(make_shown_reason()), {"cause": "other"}, **ELSEWHERE)

    kept = [
        str(row) for model in (Bucket, ReasonReport) for row in model.objects.values()
    ]
    assert kept
    assert "192.0.2" not in "".join(kept)


@pytest.mark.parametrize("typed", [{}, {"cause": ""}, {"cause": "x\0"}, {"cause": "9"}])
def test_no_cause_is_a_mistake_that_is_named(client: Client, typed: dict) -> None:
    signature = make_shown_reason()

    response = client.post(report_url(signature), typed)

    assert response.status_code == 400
    assert "Choose what is wrong with it." in Page.of(response).words
    assert reports() == []


def test_what_is_not_shown_there_cannot_be_reported(client: Client) -> None:
    held = make_confirmed_signature(reason="Not yet.")
    foreign = make_shown_reason()
    withheld = make_shown_reason()
    Petition.objects.filter(pk=withheld.petition_id).update(
        state="hidden", hidden_from="open", withheld_reason="No."
    )
    elsewhere = f"{make_petition().get_absolute_url()}reasons/{foreign.pk}/report/"
    urls = [report_url(held), report_url(withheld), elsewhere]
    urls += [
        f"{foreign.petition.get_absolute_url()}reasons/{n}/report/" for n in (0, 2**70)
    ]
    urls.append(f"{make_hidden_petition().get_absolute_url()}reasons/reported/")

    answers = [client.get(url).status_code for url in urls]
    posted = [client.post(url, {"cause": "other"}).status_code for url in urls[:-1]]

    assert answers == [404] * len(urls)
    assert posted == [404] * len(urls[:-1])
    assert reports() == []


def test_a_form_from_another_site_is_refused(client: Client) -> None:
    url = report_url(make_shown_reason())

    response = client.post(
        url, {"cause": "other"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert (response.status_code, reports()) == (403, [])


def test_who_reports_without_end_has_to_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REPORTS", (2, limits.REPORTS[1]))
    urls = [report_url(make_shown_reason()) for _ in range(3)]

    answers = [client.post(url, {"cause": "other"}, **ELSEWHERE) for url in urls]
    from_here = [client.post(url, {"cause": "other"}).status_code for url in urls]

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert answers[-1]["Retry-After"] == "3600"
    assert from_here == [303] * 3


def test_the_form_asks_the_same_few_questions(client: Client) -> None:
    signature = make_shown_reason()
    for _more in range(3):
        make_shown_reason(petition=signature.petition)

    with CaptureQueriesContext(connection) as queries:
        client.get(report_url(signature))

    assert len(queries) == 2  # the petition, the signature


def test_its_writer_learns_that_a_reason_is_hidden_and_why(client: Client) -> None:
    signature = make_shown_reason("Meet me there.")
    shown = client.get(my_signature_url(signature)).content.decode()
    for network in range(2):
        client.post(
            report_url(signature),
            {"cause": "private"},
            REMOTE_ADDR=f"192.0.2.{network}",
        )

    signature.hide_reason()

    page = Page.of(client.get(my_signature_url(signature))).words
    assert "Hidden by those who run this site" not in shown
    assert "Hidden by those who run this site" in page
    assert page.count("It gives away who or where somebody is.") == 1
