"""Who has been asked for an answer is neither removed nor exchanged by organizers."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Answer
from petitions.models import Account, Petition, PetitionTarget
from tests.campaigns.admin_forms import change_url, petition_form
from tests.campaigns.asking import ask, make_asked
from tests.makers import make_organizer, make_staff, make_target

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


@pytest.fixture
def petition(rosa: Account) -> Petition:
    return make_asked(organizers=[make_organizer(member=rosa)])[0]


def with_row(petition: Petition, **changes: object) -> dict:
    """The page as a browser sends it, with its one target edited."""
    delivery = petition.deliveries.get()
    row = {"id": delivery.pk, "target": delivery.target_id, "position": 0, **changes}
    counts = {"deliveries-TOTAL_FORMS": "1", "deliveries-INITIAL_FORMS": "1"}
    typed = {f"deliveries-0-{name}": value for name, value in row.items()}
    return petition_form(petition) | counts | typed


def exchange() -> dict[str, object]:
    return {"target": make_target(name="Cy Holt").pk}


def remove() -> dict[str, object]:
    return {"DELETE": "on"}


@pytest.mark.parametrize("edit", [exchange, remove])
def test_an_organizer_keeps_who_was_asked(
    log_in: LogIn, rosa: Account, petition: Petition, edit: Callable[[], dict]
) -> None:
    answer = ask(petition)

    page = log_in(rosa).post(change_url(petition), with_row(petition, **edit()))

    assert "Who has been asked for an answer stays." in page.content.decode()
    assert [str(one) for one in petition.targets.all()] == ["Bo Vance, Mayor"]
    assert Answer.objects.get() == answer


@pytest.mark.parametrize("edit", [exchange, remove])
def test_who_was_not_asked_is_edited_as_ever(
    log_in: LogIn, rosa: Account, petition: Petition, edit: Callable[[], dict]
) -> None:
    answer = log_in(rosa).post(change_url(petition), with_row(petition, **edit()))

    assert answer.status_code == 302
    assert not petition.targets.filter(name="Bo Vance").exists()


def test_what_else_stands_in_their_row_can_be_edited(
    log_in: LogIn, rosa: Account, petition: Petition
) -> None:
    ask(petition)
    today = timezone.localdate()
    delivered = {"delivered_at_0": f"{today}", "delivered_at_1": "00:00:00"}

    answer = log_in(rosa).post(change_url(petition), with_row(petition, **delivered))

    assert answer.status_code == 302
    assert petition.deliveries.get().delivered_at is not None


def test_staff_remove_but_do_not_exchange(log_in: LogIn, petition: Petition) -> None:
    ask(petition)
    client = log_in(make_staff())

    client.post(change_url(petition), with_row(petition, **exchange()))
    assert petition.targets.get().name == "Bo Vance"
    client.post(change_url(petition), with_row(petition, **remove()))

    assert not PetitionTarget.objects.exists()
