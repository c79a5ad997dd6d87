"""Excluding in bulk while everything else happens: each counts once, or not at all."""

import signal
from functools import partial
from pathlib import Path

import pytest
from django.db import transaction

from campaigns import exclusions, tally
from petitions.models import Petition
from signatures.models import Confirmation, CountChange, Exclusion, Signature
from signatures.models import exclusions as in_signatures
from tests.makers import (
    make_confirmed_signature,
    make_exclusion,
    make_petition,
    make_signature,
    make_staff,
)
from tests.races.acts import count_after_fold
from tests.races.processes import LONGEST_WAIT, worker
from tests.races.threads import in_threads, in_threads_amid

MANY = 3 * in_signatures.MOVED_AT_ONCE
KILLED_IN_THE_SECOND_BATCH = """
import itertools, os, signal
from signatures.models import CountChange

batches, write_all = itertools.count(1), CountChange.objects.write_all


def write_all_but_the_second(counted, change):
    if counted and next(batches) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    write_all(counted, change)


CountChange.objects.write_all = write_all_but_the_second
"""

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the threads here; a worker of its own has batches as they are."""
    monkeypatch.setattr(in_signatures, "MOVED_AT_ONCE", 5)


def work_it_off() -> int:
    """Do all batches; give how many were done here."""
    done = 0
    while Exclusion.objects.at_work().exists():
        done += exclusions.work()
    return done


def make_confirmed(petition: Petition, number: int) -> list[Signature]:
    with transaction.atomic():
        return [make_confirmed_signature(petition=petition) for _one in range(number)]


def numbers_of(exclusion: Exclusion) -> tuple[int, int]:
    count = exclusion.counts.get()
    return count.counted, count.pending


def test_four_workers_exclude_each_signature_once() -> None:
    petition = make_petition()
    make_confirmed(petition, 60)
    tally.fold()
    exclusion = make_exclusion(petition=petition)

    in_threads([work_it_off] * 4)

    assert CountChange.objects.count() == 60
    assert numbers_of(exclusion) == (60, 0)
    assert count_after_fold(petition) == 0
    assert tally.recount() == 0


def test_who_confirms_meanwhile_is_excluded_all_the_same() -> None:
    petition = make_petition()
    with transaction.atomic():
        pending = [make_signature(petition=petition) for _one in range(40)]
    exclusion = make_exclusion(petition=petition)

    confirmations = [partial(Signature.objects.confirm, one.key) for one in pending]
    answers = in_threads([*confirmations[::4], work_it_off])

    confirmed = answers.count(Confirmation.COUNTED)
    counted, died = numbers_of(exclusion)
    assert counted + died == 40
    assert counted == confirmed
    assert not Signature.objects.confirmed().exists()
    assert count_after_fold(petition) == 0
    assert tally.recount() == 0


def test_who_withdraws_meanwhile_is_taken_off_once() -> None:
    petition = make_petition()
    signatures = make_confirmed(petition, 40)
    tally.fold()
    make_exclusion(petition=petition)

    withdrawals = [Signature.objects.get(pk=one.pk).withdraw for one in signatures[::4]]
    in_threads([*withdrawals, work_it_off])

    assert not Signature.objects.confirmed().exists()
    assert CountChange.objects.count() == 40
    assert count_after_fold(petition) == 0
    assert tally.recount() == 0


def test_stopped_amid_the_work_it_takes_no_one_more() -> None:
    petition = make_petition()
    make_confirmed(petition, 60)
    tally.fold()
    exclusion = make_exclusion(petition=petition)
    stop = partial(exclusions.stop, exclusion, by=make_staff(), reason="Wait.")

    in_threads([*[exclusions.work] * 3, stop])  # of twelve batches, three at most

    excluded = Signature.objects.excluded().count()
    assert excluded <= 15
    assert exclusions.work() == 0
    assert Signature.objects.excluded().count() == excluded
    assert sum(count.counted for count in exclusion.counts.all()) == excluded
    assert count_after_fold(petition) == 60 - excluded
    assert tally.recount() == 0


def test_signing_anew_while_all_is_undone_counts_each_address_once() -> None:
    petition = make_petition()
    signatures = make_confirmed(petition, 30)
    exclusion = make_exclusion(petition=petition)
    work_it_off()
    with transaction.atomic():
        anew = [
            make_signature(petition=petition, email=one.email)
            for one in signatures[::2]
        ]
    exclusion.refresh_from_db()
    exclusions.undo(exclusion, by=make_staff(), reason="They were people.")

    confirmations = [partial(Signature.objects.confirm, one.key) for one in anew]
    in_threads([*confirmations, work_it_off, work_it_off])

    assert count_after_fold(petition) == 30
    assert Signature.objects.confirmed().count() == 30
    stayed_out = Signature.objects.excluded().filter(exclusion=exclusion).count()
    assert numbers_of(exclusion) == (stayed_out, 0)
    assert tally.recount() == 0


def test_recounting_and_folding_amid_an_exclusion_find_nothing_to_mend() -> None:
    petition = make_petition()
    make_confirmed(petition, 60)
    make_exclusion(petition=petition)

    _done, (mended, _folded) = in_threads_amid(
        [work_it_off, work_it_off], [tally.recount, tally.fold]
    )

    assert sum(mended) == 0
    assert count_after_fold(petition) == 0


def test_a_worker_that_is_killed_leaves_the_rest_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = make_petition()
    Signature.objects.bulk_create(
        Signature(
            petition=petition,
            version_id=petition.current_version_id,
            origin="paper",
            state="confirmed",
            confirmed_at=petition.opened_at,
        )
        for _one in range(MANY)
    )
    tally.recount()
    exclusion = make_exclusion(petition=petition)

    with worker(tmp_path / "log", first=KILLED_IN_THE_SECOND_BATCH) as process:
        ended = process.wait(LONGEST_WAIT)
    at_death = Signature.objects.excluded().count()
    monkeypatch.undo()
    work_it_off()

    assert ended == -signal.SIGKILL
    assert at_death == in_signatures.MOVED_AT_ONCE
    assert numbers_of(exclusion) == (MANY, 0)
    assert count_after_fold(petition) == 0
    assert tally.recount() == 0
