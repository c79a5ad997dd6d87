import pytest

from petitions.models import Account, Petition, Role
from tests.makers import make_account, make_organizer, make_petition


@pytest.fixture
def rosa() -> Account:
    return make_account(role=Role.ORGANIZER)


@pytest.fixture
def own(rosa: Account) -> Petition:
    """One that Rosa runs, open."""
    return make_petition(organizers=[make_organizer(member=rosa)])
