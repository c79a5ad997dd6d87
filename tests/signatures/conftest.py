import pytest


@pytest.fixture(autouse=True)
def no_minute_ends(early_in_a_minute: None) -> None:
    """A batch of mail ends with its minute, and what is too often with its hour."""
