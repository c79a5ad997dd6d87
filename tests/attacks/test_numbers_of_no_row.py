"""A number that no row can have is no choice in a form, and no failure."""

import pytest

from petitions.models import Organizer, Role
from tests.makers import make_account, make_organizer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [str(2**63), "9" * 400, "-" + "9" * 30, "x", "\0"])
def test_a_box_that_was_never_there_cannot_be_ticked(log_in, number: str) -> None:
    member = make_account(role=Role.ORGANIZER)
    organizer = make_organizer(member=member)
    client = log_in(make_account(role=Role.OWNER))
    form = {"name": "A", "kind": "group", "slug": organizer.slug, "members": number}

    response = client.post(f"/admin/petitions/organizer/{organizer.pk}/change/", form)

    assert response.status_code == 200
    assert "members" in response.context["adminform"].form.errors
    assert Organizer.objects.get().members.get() == member


def test_an_endless_form_is_refused_in_the_admin_too(log_in) -> None:
    client = log_in(make_account(role=Role.OWNER))

    response = client.post(
        "/admin/petitions/organizer/add/", {"name": "A"}, CONTENT_LENGTH="9" * 20
    )

    assert response.status_code == 413


def test_a_row_is_found_by_its_number_when_no_field_is_named(log_in) -> None:
    client = log_in(make_account(role=Role.OWNER))
    path = f"/admin/petitions/organizer/{make_organizer().pk}/change/"

    assert client.get(path, {"_to_field": ""}).status_code == 200
    assert client.post(path, {"_to_field": "", "name": ""}).status_code == 200
