import pytest

from petitions.models import Account, Role
from tests.makers import make_account


@pytest.fixture
def rosa() -> Account:
    return make_account(role=Role.ORGANIZER)
