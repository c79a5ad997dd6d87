"""Who started before the closing may confirm for a day after it; nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from campaigns import lifecycle
from petitions.models import Petition
from signatures.models import Signature
from tests.html import Page
from tests.makers import confirm_url, make_petition, make_signature
from tests.signatures.acts import count_now

pytestmark = pytest.mark.django_db

CLOSING = datetime(2026, 3, 9, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)


@pytest.fixture
def petition(time_machine) -> Petition:
    """An open petition, an hour before it closes."""
    time_machine.move_to(CLOSING - timedelta(hours=1), tick=False)
    return make_petition()


def close(petition: Petition) -> None:
    petition.close(outcome="lost", reason="Agreed.")


def win(petition: Petition) -> None:
    petition.win(summary="It stays.")


@pytest.mark.parametrize("end", [close, win])
def test_within_a_day_after_the_end_it_counts(
    client: Client, time_machine, petition, end
) -> None:
    signature = make_signature(petition=petition)
    time_machine.move_to(CLOSING, tick=False)
    end(petition)
    time_machine.move_to(CLOSING + DAY - SECOND, tick=False)

    shown = client.get(confirm_url(signature))
    pressed = client.post(confirm_url(signature))

    assert (shown.status_code, pressed.status_code) == (200, 303)
    assert "can be confirmed for 24 hours after it" in Page.of(shown).words
    assert count_now(petition) == 1


def test_what_was_taken_out_of_view_is_not_said_to_have_closed(
    client: Client, petition
) -> None:
    signature = make_signature(petition=petition)
    petition.hide(reason="A complaint.")
    refused = Page.of(client.post(confirm_url(signature))).words
    petition.restore()

    assert "taken this petition out of view" in refused
    assert "It has closed" not in refused
    assert client.post(confirm_url(signature)).status_code == 303


@pytest.mark.parametrize("end", [close, win])
def test_after_a_day_it_is_too_late(
    client: Client, time_machine, petition, end
) -> None:
    signature = make_signature(petition=petition)
    time_machine.move_to(CLOSING, tick=False)
    end(petition)
    time_machine.move_to(CLOSING + DAY, tick=False)

    shown = client.get(confirm_url(signature))
    pressed = client.post(confirm_url(signature))

    assert (shown.status_code, pressed.status_code) == (409, 409)
    assert "signatures/too_late.html" in [t.name for t in pressed.templates]
    assert Signature.objects.get().state == "pending"
    assert count_now(petition) == 0


def test_who_confirmed_in_time_is_thanked_for_ever(
    client: Client, time_machine, petition
) -> None:
    signature = make_signature(petition=petition)
    signature.confirm()
    time_machine.move_to(CLOSING, tick=False)
    close(petition)
    time_machine.move_to(CLOSING + 365 * DAY, tick=False)

    response = client.post(confirm_url(signature), follow=True)

    assert response.status_code == 200
    assert response.context["stage"] == "counted"


def test_what_was_taken_while_the_petition_was_being_closed_counts(
    client: Client, time_machine, petition
) -> None:
    time_machine.move_to(CLOSING + SECOND, tick=False)  # nobody sees the closing yet,
    signature = make_signature(petition=petition)
    time_machine.move_to(CLOSING, tick=False)  # which has its moment already
    close(petition)

    shown = client.get(confirm_url(signature))
    pressed = client.post(confirm_url(signature))

    assert (shown.status_code, pressed.status_code) == (200, 303)
    assert count_now(petition) == 1


def test_a_petition_that_closes_by_itself_gives_a_day_from_then(
    client: Client, time_machine
) -> None:
    time_machine.move_to(CLOSING - DAY, tick=False)
    petition = make_petition(closes_at=CLOSING)
    in_time = make_signature(petition=petition)
    late = make_signature(petition=petition)
    time_machine.move_to(CLOSING + timedelta(hours=5), tick=False)
    lifecycle.close_overdue()

    time_machine.move_to(CLOSING + DAY - SECOND, tick=False)
    first = client.post(confirm_url(in_time))
    time_machine.move_to(CLOSING + DAY, tick=False)
    second = client.post(confirm_url(late))

    assert (first.status_code, second.status_code) == (303, 409)
    assert count_now(petition) == 1


def test_on_its_day_one_can_confirm_before_it_is_closed(
    client: Client, time_machine
) -> None:
    time_machine.move_to(CLOSING - DAY, tick=False)
    petition = make_petition(closes_at=CLOSING)
    signature = make_signature(petition=petition)
    time_machine.move_to(CLOSING + SECOND, tick=False)

    shown = client.get(confirm_url(signature))
    pressed = client.post(confirm_url(signature))

    assert (shown.status_code, pressed.status_code) == (200, 303)
    assert count_now(petition) == 1


def test_a_late_confirmation_is_refused_by_the_verb_as_well(
    time_machine, petition
) -> None:
    signature = make_signature(petition=petition)
    time_machine.move_to(CLOSING, tick=False)
    close(petition)

    time_machine.move_to(CLOSING + DAY, tick=False)

    assert not signature.is_confirmable
    assert signature.confirm().name == "TOO_LATE"
