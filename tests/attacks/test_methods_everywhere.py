"""No address, in our part or in the admin's, answers a method that it is not for."""

from collections import defaultdict

import pytest
from django.test import Client

from tests.attacks.addresses import Address, all_addresses
from tests.attacks.world import World

pytestmark = pytest.mark.django_db

VALUES = defaultdict(
    lambda: "1",
    slug="keep-the-mill",
    token="abc.def",
    key="7f3f1c1e-7a5a-4a7c-9d53-0f0d5b6f4a11",
    digest="0123456789ab",
    path="organizers/rosa.jpg",
    model_name="petition",
    app_label="petitions",
    act="close",
)


def asked(address: Address) -> str:
    return address.filled({gap: VALUES[gap] for gap in address.gaps})


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "PURGE", "PROPFIND", "X"]
)
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_an_unknown_method_is_refused(method: str, prefix: str) -> None:
    addresses = [one for one in all_addresses() if one.gaps != ["url"]]
    is_read = {"OPTIONS"} & {method}  # Django's own answer to it is a list of methods
    answers = {
        address: Client().generic(method, prefix + asked(address))
        for address in addresses
        if not (prefix and Client().get(prefix + asked(address)).status_code == 404)
    }

    assert len(answers) > 20
    wrong = {
        one.route: answer.status_code
        for one, answer in answers.items()
        if answer.status_code != 405 or not (answer.get("Allow") or is_read)
    }
    assert wrong == {}


@pytest.mark.slow
def test_so_it_is_for_those_who_are_logged_in(log_in) -> None:
    world = World()
    client = log_in(world.accounts["owner"])
    paths = list(world.admin_paths())

    assert {client.put(path).status_code for path in paths} == {405}
    assert {client.options(path)["Allow"] for path in paths} == {"GET, HEAD, POST"}
