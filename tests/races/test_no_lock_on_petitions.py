"""Who signs or confirms locks no row of the petition, so that nobody waits for it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
from django.db import connection, transaction

from petitions.models import Petition, PetitionVersion
from signatures.models import Signature
from tests.makers import make_signature

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def sign(signature: Signature) -> object:
    petition = signature.petition
    return Signature.objects.start(petition.slug, name="Ada", email="ada@example.org")


def confirm(signature: Signature) -> object:
    return Signature.objects.confirm(signature.key)


def take_petitions() -> int:
    """Take the strongest lock of all petitions and versions, or raise at once.

    SQLite has no locks of rows: there they can be read, whoever is writing.
    """
    has_locks = connection.features.has_select_for_update
    try:
        with transaction.atomic() if has_locks else nullcontext():
            return sum(
                len(model.objects.select_for_update(nowait=True))
                for model in (Petition, PetitionVersion)
            )
    finally:
        connection.close()


@pytest.mark.parametrize("act", [sign, confirm])
def test_while_somebody_signs_or_confirms_the_petition_is_free(
    act: Callable[[Signature], object],
) -> None:
    signature = make_signature()

    with transaction.atomic(), ThreadPoolExecutor() as other:
        assert act(signature)
        connection.check_constraints()  # now, and not in the last moment of the commit
        taken = other.submit(take_petitions).result()

    assert taken == 2
