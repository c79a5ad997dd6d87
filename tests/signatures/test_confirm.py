"""Opening the mailed link shows a button; pressing it counts, once."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import lifecycle
from signatures.models import Confirmation, CountChange, Signature, statements
from tests.html import Page
from tests.makers import (
    confirm_url,
    make_amended,
    make_confirmed_signature,
    make_counted_signature,
    make_petition,
    make_signature,
    make_staff,
    signed_url,
)
from tests.signatures.acts import count_now, kinds, stored

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_opening_the_link_changes_nothing_however_often(client: Client) -> None:
    signature = make_signature()
    before = stored()

    answers = [client.get(confirm_url(signature)) for _ in range(20)]
    answers.append(client.head(confirm_url(signature)))

    assert {answer.status_code for answer in answers} == {200}
    assert stored() == before
    assert count_now(signature.petition) == 0


def test_the_page_shows_whose_signature_it_is_and_for_what(client: Client) -> None:
    petition = make_petition(title="Keep the bridge")
    signature = make_signature(petition=petition, name="Ana <b>Quispe</b>")

    page = client.get(confirm_url(signature)).content.decode()

    assert "Keep the bridge" in page
    assert "Ana &lt;b&gt;Quispe&lt;/b&gt;" in page
    assert f'method="post" action="{confirm_url(signature)}"' in page


def test_words_that_have_changed_since_are_told_before_the_button(
    client: Client,
) -> None:
    petition = make_petition()
    first = make_signature(petition=petition)
    make_amended(petition)
    second = make_signature(petition=petition)

    told, untold = [
        Page.of(client.get(confirm_url(one))).all(class_="notice")
        for one in (first, second)
    ]

    versions = f"{petition.get_absolute_url()}versions/"
    assert told[0].words.startswith("The text that you signed has changed.")
    assert told[0].one("a").attributes["href"] == versions
    assert untold == []


def test_pressing_the_button_counts(client: Client) -> None:
    signature = make_signature()

    response = client.post(confirm_url(signature))

    assert response.status_code == 303
    assert response["Location"] == signed_url(signature)
    signature.refresh_from_db()
    assert signature.is_confirmed
    assert signature.confirmed_at >= signature.started_at
    assert count_now(signature.petition) == 1


def test_a_browser_without_cookies_may_press_the_button() -> None:
    signature = make_signature()

    response = Client(enforce_csrf_checks=True).post(confirm_url(signature))

    assert response.status_code == 303


def test_pressing_again_leads_to_the_same_thanks(client: Client) -> None:
    signature = make_signature()
    client.post(confirm_url(signature))
    before = stored()

    again = [client.post(confirm_url(signature)) for _ in range(3)]
    opened = client.get(confirm_url(signature))

    addresses = {answer["Location"] for answer in [*again, opened]}
    assert addresses == {signed_url(signature)}
    assert stored() == before
    assert count_now(signature.petition) == 1


def test_the_thanks_say_that_it_counts(client: Client) -> None:
    signature = make_confirmed_signature(name="Ana Quispe")

    response = client.get(signed_url(signature))

    assert response.status_code == 200
    assert response.context["stage"] == "counted"
    assert "Ana Quispe" in response.content.decode()


def test_what_is_shared_holds_nothing_about_the_signer(client: Client) -> None:
    signature = make_confirmed_signature()

    share = client.get(signed_url(signature)).context["share"]

    assert share.url == f"http://testserver/petitions/{signature.petition.slug}/"


@pytest.mark.parametrize("wants_updates", [True, False])
@pytest.mark.parametrize("show_name", [True, False])
def test_a_reason_given_with_the_thanks_changes_nothing_else(
    client: Client, wants_updates: bool, show_name: bool
) -> None:
    signature = make_confirmed_signature(
        wants_updates=wants_updates, show_name=show_name, place="Lima"
    )
    forms = Page.of(client.get(signed_url(signature))).all("form")
    (form,) = [one for one in forms if one.all("textarea")]
    typed = {
        field.attributes["name"]: field.attributes["value"]
        for field in form.all("input", type="hidden")
    }

    client.post(form.attributes["action"], {**typed, "reason": "My bus."})

    signature.refresh_from_db()
    assert signature.reason == "My bus."
    assert (signature.wants_updates, signature.show_name) == (wants_updates, show_name)
    assert signature.place == "Lima"


def test_the_second_signature_of_an_address_was_counted_before(client: Client) -> None:
    petition = make_petition()
    make_confirmed_signature(petition=petition, email="ana@example.org")
    second = make_signature(petition=petition, email="Ana+again@Example.org")

    response = client.post(confirm_url(second), follow=True)

    assert response.status_code == 200
    assert response.context["stage"] == "counted_before"
    assert count_now(petition) == 1
    second.refresh_from_db()
    assert second.state == "pending"


def test_one_address_counts_on_every_petition_it_signs() -> None:
    first = make_signature(email="ana@example.org")
    second = make_signature(email="ana@example.org")

    results = [first.confirm(), second.confirm()]

    assert results == [Confirmation.COUNTED] * 2


def test_a_signature_of_an_address_that_was_excluded_is_a_new_one() -> None:
    petition = make_petition()
    first = make_counted_signature(petition=petition, email="ana@example.org")
    first.exclude()
    second = make_signature(petition=petition, email="ana@example.org")

    assert second.confirm() is Confirmation.COUNTED
    assert count_now(petition) == 1


def test_the_thanks_of_an_unconfirmed_signature_lead_back_to_the_button(
    client: Client,
) -> None:
    signature = make_signature()

    response = client.get(signed_url(signature))

    assert response["Location"] == confirm_url(signature)


def test_an_excluded_signature_never_counts_again_by_its_link(client: Client) -> None:
    signature = make_counted_signature()
    signature.exclude()

    client.post(confirm_url(signature))

    signature.refresh_from_db()
    assert signature.state == "excluded"
    assert count_now(signature.petition) == 0


def test_an_excluded_signature_is_not_thanked_but_told(client: Client) -> None:
    signature = make_counted_signature()
    signature.exclude()

    response = client.get(confirm_url(signature), follow=True)

    assert response.status_code == 200
    assert "signatures/my_signature.html" in [t.name for t in response.templates]


def test_a_petition_that_was_hidden_counts_nobody(client: Client) -> None:
    signature = make_signature()
    lifecycle.hide(signature.petition, by=make_staff(), reason="It names a person.")

    response = client.post(confirm_url(signature))

    assert response.status_code == 409
    assert count_now(signature.petition) == 0


@pytest.mark.django_db(transaction=True)
def test_confirming_is_one_statement_where_the_database_can_do_it_in_one(
    client: Client,
) -> None:
    signature = make_signature()

    with CaptureQueriesContext(connection) as queries:
        client.post(confirm_url(signature))

    assert (
        kinds(queries)
        == {
            "postgresql": ["WITH signatures_signature"],
            "sqlite": [
                "BEGIN",
                "INSERT signatures_countchange",
                "UPDATE signatures_signature",
                "COMMIT",
            ],
        }[connection.vendor]
    )


REFUSE_CHANGES = {
    "postgresql": (
        "ALTER TABLE signatures_countchange ADD CONSTRAINT is_full CHECK (false)",
        "ALTER TABLE signatures_countchange DROP CONSTRAINT is_full",
    ),
    "sqlite": (
        "CREATE TRIGGER is_full BEFORE INSERT ON signatures_countchange "
        "BEGIN SELECT RAISE(ABORT, 'full'); END",
        "DROP TRIGGER is_full",
    ),
}


@pytest.mark.django_db(transaction=True)
def test_a_confirmation_that_cannot_be_noted_does_not_happen() -> None:
    signature = make_signature()
    refuse, take_again = REFUSE_CHANGES[connection.vendor]

    with connection.cursor() as cursor:
        cursor.execute(refuse)
        try:
            with pytest.raises(IntegrityError):
                signature.confirm()
        finally:
            cursor.execute(take_again)

    assert Signature.objects.get(pk=signature.pk).state == "pending"
    assert CountChange.objects.count() == 0


def test_a_second_signature_that_is_refused_leaves_a_transaction_whole() -> None:
    petition = make_petition()
    make_confirmed_signature(petition=petition, email="ana@example.org")
    second = make_signature(petition=petition, email="ana@example.org")

    with transaction.atomic():
        confirmation = Signature.objects.confirm(second.key)
        make_confirmed_signature(petition=petition)

    assert confirmation is Confirmation.COUNTED_BEFORE
    assert count_now(petition) == 2


def test_a_confirmation_notes_the_day_of_the_site_the_country_and_the_way(
    time_machine, settings
) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"  # tomorrow, half of the time
    time_machine.move_to(datetime(2026, 3, 9, 12, tzinfo=UTC), tick=False)
    signature = make_signature(country="PE", via="wa")

    signature.confirm()

    change = CountChange.objects.values("petition", "change", "day", "country", "via")
    assert change.get() == {
        "petition": signature.petition.pk,
        "change": 1,
        "day": date(2026, 3, 10),
        "country": "PE",
        "via": "wa",
    }
    assert signature.via == ""


def test_a_signature_counts_when_the_one_in_its_way_is_withdrawn_that_moment(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = make_confirmed_signature(email="anna@example.org")
    again = make_signature(petition=counted.petition, email="anna@example.org")
    refuse_once(monkeypatch, then=counted.withdraw)

    answer = client.post(confirm_url(again))

    assert answer.status_code == 303
    assert Signature.objects.get(key=again.key).is_confirmed


def test_a_signature_that_is_withdrawn_that_moment_has_no_link_any_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = make_confirmed_signature(email="anna@example.org")
    again = make_signature(petition=counted.petition, email="anna@example.org")
    refuse_once(monkeypatch, then=again.withdraw)

    assert client.post(confirm_url(again)).status_code == 404


def refuse_once(monkeypatch: pytest.MonkeyPatch, *, then: Callable[[], object]) -> None:
    """Let something happen just after the database has refused to count."""
    really = statements.confirm

    def confirm(values: statements.Values) -> bool:
        try:
            return really(values)
        except IntegrityError:
            monkeypatch.undo()
            then()
            raise

    monkeypatch.setattr(statements, "confirm", confirm)


def test_what_is_held_is_said_to_be_checked_and_is_not_counted(client: Client) -> None:
    signature = make_signature()
    Signature.objects.filter(pk=signature.pk).update(held_at=timezone.now())

    answers = [client.get(confirm_url(signature)), client.post(confirm_url(signature))]

    assert [answer.status_code for answer in answers] == [409, 409]
    for answer in answers:
        assert "signatures/being_checked.html" in [t.name for t in answer.templates]
    assert count_now(signature.petition) == 0
