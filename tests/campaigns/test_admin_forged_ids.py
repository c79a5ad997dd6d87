"""Numbers of rows that no browser would post are answered, and never with a 500."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client

from petitions.admin import OwnedAdmin
from petitions.models import Account
from signatures.models import Signature
from tests.makers import make_account, make_confirmed_signature

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
FORGED = [
    "abc",
    "",
    "-1",
    "1.5",
    "1 OR 1",
    str(2**63),
    str(2**70),
    "9" * 400,
    "١",
    "\0",
]


@pytest.fixture
def owner(log_in: LogIn) -> Client:
    account = make_account()
    account.is_superuser = True
    account.save()
    return log_in(account)


def lists() -> list[tuple[str, list[str]]]:
    return [
        (f"/admin/{model._meta.label_lower.replace('.', '/')}/", list(one.actions))
        for model, one in admin.site._registry.items()
        if isinstance(one, OwnedAdmin) and one.actions
    ]


def test_there_are_lists_with_actions() -> None:
    assert "/admin/signatures/signature/" in dict(lists())


@pytest.mark.slow
@pytest.mark.parametrize(("address", "actions"), lists())
def test_a_bulk_action_with_forged_numbers_does_nothing(
    owner: Client, address: str, actions: list[str]
) -> None:
    for action in actions:
        for number in FORGED:
            form = {"action": action, "_selected_action": [number]}
            assert owner.post(address, form).status_code in (200, 302, 403), number


def test_the_true_number_among_forged_ones_is_still_reached(owner: Client) -> None:
    signature = make_confirmed_signature(reason="I cross it.")
    form = {"action": "hide_reasons", "_selected_action": [*FORGED, signature.pk]}

    owner.post("/admin/signatures/signature/", form)

    assert Signature.objects.get().reason_state == "hidden"


@pytest.mark.parametrize("number", FORGED)
@pytest.mark.parametrize("name", ["after", "before", "petition__id__exact", "which"])
def test_a_forged_number_in_the_address_is_no_error(
    owner: Client, name: str, number: str
) -> None:
    answer = owner.get("/admin/signatures/signature/", {name: number})

    assert answer.status_code in (200, 302)
