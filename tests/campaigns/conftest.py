import pytest

from petitions.models import Account, Petition, Role
from tests.makers import make_account, make_organizer, make_petition


@pytest.fixture(autouse=True)
def no_minute_ends(early_in_a_minute: None) -> None:
    """What is too often is so until its minute or its hour ends."""


@pytest.fixture(autouse=True)
def one_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have one batch reach all signatures, however many tests have made some before."""
    monkeypatch.setattr("signatures.models.exclusions.NUMBERS_AT_ONCE", 1_000_000_000)


@pytest.fixture
def rosa() -> Account:
    return make_account(role=Role.ORGANIZER)


@pytest.fixture
def own(rosa: Account) -> Petition:
    """One that Rosa runs, open."""
    return make_petition(organizers=[make_organizer(member=rosa)])
