"""A supporter signs: a form, an answer, a mail on its way, and nothing counted yet."""

import pytest
from django.test import Client

from signatures.models import CountChange, Signature, SignatureMail
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_draft,
    make_hidden_petition,
    make_petition,
    make_rejected_petition,
    make_review,
    make_won_petition,
    sign_url,
)
from tests.petitions.test_states import make_overdue_petition
from tests.signatures.acts import TYPED, count_now, sign

pytestmark = pytest.mark.django_db


def test_signing_leads_to_the_page_that_says_look_in_your_mail(client: Client) -> None:
    petition = make_petition()

    response = sign(client, petition)

    signature = Signature.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"/check-your-email/{signature.key}/"
    assert client.get(response["Location"]).status_code == 200


def test_signing_in_spanish_stays_in_spanish(client: Client) -> None:
    petition = make_petition()

    response = client.post(f"/es{sign_url(petition)}", TYPED)

    signature = Signature.objects.get()
    assert response["Location"] == f"/es/check-your-email/{signature.key}/"
    assert signature.language == "es"


def test_signing_writes_a_pending_signature_and_a_mail(client: Client) -> None:
    petition = make_petition()

    sign(
        client,
        petition,
        place="Cusco",
        country="Peru",
        reason="My school is there.",
        show_name="on",
        wants_updates="on",
    )

    signature = Signature.objects.get()
    assert (signature.petition, signature.version) == (
        petition,
        petition.current_version,
    )
    assert (signature.name, signature.email) == ("Ana Quispe", "ana@example.org")
    assert (signature.place, signature.country) == ("Cusco", "PE")
    assert (signature.reason, signature.reason_state) == ("My school is there.", "held")
    assert (signature.show_name, signature.wants_updates) == (True, True)
    assert (signature.state, signature.confirmed_at) == ("pending", None)
    assert signature.origin == "online"
    assert SignatureMail.objects.get().signature == signature


def test_signing_alone_counts_nothing(client: Client) -> None:
    petition = make_petition()

    sign(client, petition)

    assert CountChange.objects.count() == 0
    assert count_now(petition) == 0


def test_name_and_address_are_enough_and_nothing_is_ticked(client: Client) -> None:
    petition = make_petition()

    response = client.post(sign_url(petition), TYPED)

    signature = Signature.objects.get()
    assert response.status_code == 303
    assert (signature.show_name, signature.wants_updates) == (False, False)
    assert (signature.place, signature.country, signature.reason) == ("", "", "")


@pytest.mark.parametrize(
    ("settled", "sensitive", "state"),
    [
        ("after_review", False, "held"),
        ("at_once", False, "shown"),
        ("at_once", True, "held"),
    ],
)
def test_reasons_wait_for_review_where_the_site_says_so(
    client: Client, settings, settled: str, sensitive: bool, state: str
) -> None:
    settings.REASONS_SHOWN = settled
    petition = make_petition(sensitive=sensitive)

    sign(client, petition, reason="My school is there.")

    assert Signature.objects.get().reason_state == state


def test_a_reason_keeps_its_lines_and_loses_what_would_turn_the_text(
    client: Client,
) -> None:
    sign(client, make_petition(), reason="One\r\n\u202etwo\x00\r\n\r\n\r\n\r\nthree")

    assert Signature.objects.get().reason == "One\ntwo\n\nthree"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \t "}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"email": ""}, "email"),
        ({"email": "ana"}, "email"),
        ({"email": "ana@localhost"}, "email"),
        ({"email": f"{'a' * 250}@example.org"}, "email"),
        ({"place": "a" * 101}, "place"),
        ({"country": "XX"}, "country"),
        ({"country": "Frence"}, "country"),
        ({"country": "a" * 9999}, "country"),
        ({"reason": "a" * 501}, "reason"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_saved(
    client: Client, typed: dict[str, str], field: str
) -> None:
    petition = make_petition()

    response = sign(client, petition, **typed)

    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    page = Page.of(response)
    (marked,) = [one for one in page.all() if "aria-invalid" in one.attributes]
    assert marked.attributes["name"] == field
    assert Signature.objects.count() == SignatureMail.objects.count() == 0


def test_what_was_typed_is_kept_beside_a_mistake(client: Client) -> None:
    petition = make_petition()

    response = sign(
        client,
        petition,
        email="ana@",
        place="Cusco",
        country="Peru",
        reason="<b>School</b>",
        show_name="on",
    )

    page = Page.of(response)
    typed = {
        one.attributes["name"]: one.attributes.get("value")
        for one in page.all("input")
        if one.attributes.get("type") in ("text", "email")
    }
    assert typed == {
        "name": "Ana Quispe",
        "email": "ana@",
        "place": "Cusco",
        "country": "Peru",
    }
    assert page.one("textarea").words == "<b>School</b>"
    ticked = [i for i in page.all("input") if "checked" in i.attributes]
    assert [box.attributes["name"] for box in ticked] == ["show_name"]


@pytest.mark.parametrize(
    "make", [make_closed_petition, make_won_petition, make_overdue_petition]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_petition_that_has_ended_takes_no_signature(
    client: Client, make, method: str
) -> None:
    petition = make()

    response = getattr(client, method)(sign_url(petition), TYPED)

    assert response.status_code == 409
    assert "signatures/too_late.html" in [t.name for t in response.templates]
    assert Signature.objects.count() == 0


@pytest.mark.parametrize(
    "make",
    [
        *[make_draft, make_review],
        *[make_hidden_petition, make_rejected_petition],
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_petition_that_is_not_public_cannot_be_signed(
    client: Client, make, method: str
) -> None:
    petition = make()

    response = getattr(client, method)(sign_url(petition), TYPED)

    assert response.status_code == 404
    assert Signature.objects.count() == 0


def test_the_form_is_the_same_for_everybody_and_any_cache_may_keep_it() -> None:
    petition = make_petition()

    answers = [Client().get(sign_url(petition)) for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert "public" in answers[0]["Cache-Control"]
    assert "Cookie" not in answers[0].get("Vary", "")
    assert b"csrf" not in answers[0].content


@pytest.mark.parametrize("typed", [{}, {"name": ""}])
def test_the_answer_to_a_form_is_kept_by_no_cache(
    client: Client, typed: dict[str, str]
) -> None:
    response = sign(client, make_petition(), **typed)

    assert "public" not in response.get("Cache-Control", "")


def test_no_page_of_signing_sets_a_cookie(client: Client) -> None:
    petition = make_petition()

    client.get(sign_url(petition))
    sign(client, petition, name="")
    answer = sign(client, petition)
    client.get(answer["Location"])
    client.post(answer["Location"])

    assert not client.cookies


def test_other_methods_are_refused(client: Client) -> None:
    response = client.put(sign_url(make_petition()))

    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_line_break_in_a_reason_counts_as_one_sign(client: Client) -> None:
    reason = "\r\n".join(["a"] * 250) + "a"  # 500 signs to the browser, 749 on the way

    response = sign(client, make_petition(), reason=reason)

    assert response.status_code == 303
    assert len(Signature.objects.get().reason) == 500


def test_nobody_signs_words_that_they_did_not_read(client: Client) -> None:
    petition = make_petition()
    seen = petition.current_version_id
    petition.ask = "Tear the bridge down."
    petition.revise(by=None, reason="A change of mind.")

    refused = sign(client, petition, version=seen)
    accepted = sign(client, petition, version=petition.current_version_id)

    assert refused.status_code == 400
    assert f'value="{petition.current_version_id}"' in refused.content.decode()
    assert accepted.status_code == 303
    assert Signature.objects.get().version == petition.current_version


@pytest.mark.parametrize("version", ["9" * 25, "-1", "0", "one"])
def test_a_version_that_there_cannot_be_is_refused(
    client: Client, version: str
) -> None:
    petition = make_petition()

    assert sign(client, petition, version=version).status_code == 400
    assert not Signature.objects.exists()
