import pytest


@pytest.fixture(autouse=True)
def no_minute_ends(early_in_a_minute: None) -> None:
    """What is too often is so until its minute or its hour ends."""
