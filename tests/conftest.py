from collections.abc import Iterator

import pytest
from django.test import Client
from hypothesis import settings

from petitions.models import Account
from tests.makers import PASSWORD

settings.register_profile("quick", max_examples=40, deadline=None)
settings.load_profile("quick")


@pytest.fixture
def log_in(client: Client) -> Iterator[object]:
    """Logs the client in as an account."""

    def log_in_as(account: Account) -> Client:
        assert client.login(username=account.email, password=PASSWORD)
        return client

    return log_in_as
