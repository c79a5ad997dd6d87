"""A petition keeps somebody who runs it."""

from collections.abc import Callable

import pytest
from django.test import Client

from petitions.models import Account, Petition
from tests.campaigns.admin_forms import change_url, petition_form
from tests.campaigns.test_invite import names_behind
from tests.makers import make_organizer, make_petition, make_staff

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


@pytest.fixture
def own(rosa: Account) -> Petition:
    organizer = make_organizer(name="Rosa Lind", member=rosa)
    return make_petition(organizers=[organizer])


def organizers_form(petition: Petition, **changes: object) -> dict[str, object]:
    rows = list(petition.petitionorganizer_set.order_by("pk"))
    name = "petitionorganizer_set"
    form: dict[str, object] = {
        f"{name}-TOTAL_FORMS": len(rows),
        f"{name}-INITIAL_FORMS": len(rows),
    }
    for place, row in enumerate(rows):
        form[f"{name}-{place}-id"] = row.pk
        form[f"{name}-{place}-petition"] = petition.pk
        form[f"{name}-{place}-organizer"] = row.organizer_id
        form[f"{name}-{place}-position"] = row.position
    words = {f"{name}-{field}": value for field, value in changes.items()}
    return petition_form(petition, **{**form, **words})


def test_staff_cannot_take_the_last_organizer_away(
    log_in: LogIn, own: Petition
) -> None:
    form = organizers_form(own, **{"0-DELETE": "on"})

    page = log_in(make_staff()).post(change_url(own), form)

    assert "Somebody must run it" in page.content.decode()
    assert names_behind(own) == ["Rosa Lind"]


def test_staff_can_take_one_of_two_away_or_put_one_in_the_place(
    log_in: LogIn, own: Petition
) -> None:
    other = make_organizer(name="Other House")
    client = log_in(make_staff())
    swap = {"0-DELETE": "on", "TOTAL_FORMS": 2, "1-organizer": other.pk}

    client.post(change_url(own), organizers_form(own, **swap, **{"1-position": 0}))
    assert names_behind(own) == ["Other House"]
    own.organizers.add(make_organizer(name="Third House"))
    client.post(change_url(own), organizers_form(own, **{"0-DELETE": "on"}))

    assert names_behind(own) == ["Third House"]
