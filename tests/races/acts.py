"""What the races of this folder do again and again."""

from django.test import Client

from campaigns import tally
from petitions.models import Petition


def press(path: str, words: dict[str, str] | None = None) -> int:
    """Press a button as a browser of its own; give the status."""
    return Client().post(path, words).status_code


def count_after_fold(petition: Petition) -> int:
    tally.fold()
    petition.refresh_from_db()
    return petition.signature_count
