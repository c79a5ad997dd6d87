"""Taking back, undoing, confirming and deleting at the same moment."""

import random

import pytest
from django.db import IntegrityError

from campaigns import tally
from campaigns.models import PlaceCount
from signatures.models import Signature
from signatures.retention import erase_withdrawn
from tests.makers import make_confirmed_signature, make_petition, make_signature
from tests.races.threads import in_threads
from tests.signatures.acts import count_now

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def again(signature: Signature) -> Signature:
    """The same as another process has it in hand."""
    return Signature.objects.get(pk=signature.pk)


def test_ten_undos_at_once_count_one() -> None:
    signature = make_confirmed_signature()
    signature.withdraw()

    results = in_threads([again(signature).undo_withdrawal for _ in range(10)])

    assert results.count(True) == 1
    assert count_now(signature.petition) == 1
    assert tally.recount() == 0


def test_ten_withdrawals_at_once_take_off_one() -> None:
    petition = make_petition()
    make_confirmed_signature(petition=petition)
    signature = make_confirmed_signature(petition=petition)

    results = in_threads([again(signature).withdraw for _ in range(10)])

    assert results.count(True) == 1
    assert count_now(petition) == 1
    assert tally.recount() == 0


@pytest.mark.slow
def test_all_at_once_leave_the_count_as_the_rows_have_it() -> None:
    """One address with one withdrawn and several pending: at most one is counted."""
    for turn in range(8):
        petition = make_petition()
        mine = {"petition": petition, "email": "ana@example.org"}
        withdrawn = make_confirmed_signature(**mine)
        withdrawn.withdraw()
        pending = [make_signature(**mine) for _ in range(3)]
        acts = [
            *(again(one).confirm for one in pending),
            *[lambda one=withdrawn: undo(one)] * 3,
            *(again(one).withdraw for one in [withdrawn, *pending]),
            erase_withdrawn,
        ]
        random.Random(turn).shuffle(acts)

        in_threads([lambda act=act: unless_gone(act) for act in acts])

        counted = Signature.objects.confirmed().for_petition(petition).count()
        assert counted <= 1
        assert count_now(petition) == counted
        assert tally.recount() == 0


def test_deleting_and_undoing_at_once_end_in_one_of_the_two() -> None:
    for _ in range(5):
        signature = make_confirmed_signature()
        signature.withdraw()

        in_threads([again(signature).erase, again(signature).undo_withdrawal])

        counted = Signature.objects.filter(pk=signature.pk).count()
        assert count_now(signature.petition) == counted
        assert tally.recount() == 0


def test_moving_and_withdrawing_at_once_leave_every_figure_right() -> None:
    for country in ["BO", "PE", "EC"]:
        signature = make_confirmed_signature(country="ES")
        tally.fold()
        moved = again(signature)
        moved.country = country

        in_threads(
            [
                lambda moved=moved: moved.change(["country"]),
                again(signature).withdraw,
                again(signature).exclude,
            ]
        )

        assert not Signature.objects.confirmed().filter(pk=signature.pk).exists()
        assert count_now(signature.petition) == 0
        assert not PlaceCount.objects.exclude(count=0).exists()


def undo(signature: Signature) -> bool:
    try:
        return again(signature).undo_withdrawal()
    except IntegrityError:
        return False


def unless_gone(act) -> object:
    try:
        return act()
    except Signature.DoesNotExist:
        return None
