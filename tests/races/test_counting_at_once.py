"""Counts stay exact while everything that moves them happens at the same moment."""

from functools import partial

import pytest
from django.db import transaction
from django.db.models import Sum

from campaigns import tally
from campaigns.models import DailyCount, Event, EventKind, Milestone, PlaceCount
from signatures.models import CountChange, Signature
from tests.makers import (
    confirm_url,
    make_confirmed_signature,
    make_counted_signature,
    make_petition,
    make_signature,
    my_signature_url,
)
from tests.races.acts import count_after_fold, press
from tests.races.threads import in_threads, in_threads_amid

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_500_confirmations_while_two_workers_fold_come_to_500() -> None:
    petition = make_petition()
    countries = ["", "DE", "MX", "US"]
    with transaction.atomic():
        links = [
            confirm_url(
                make_signature(petition=petition, country=countries[number % 4])
            )
            for number in range(500)
        ]

    def press_some(client: int) -> list[int]:
        return [press(link) for link in links[client::16]]

    clients = [partial(press_some, client) for client in range(16)]
    answers, folded = in_threads_amid(clients, [tally.fold] * 2)
    rest = tally.fold()

    assert [status for client in answers for status in client] == [303] * 500
    assert sum(map(sum, folded)) + rest == 500
    petition.refresh_from_db()
    assert petition.signature_count == 500
    assert sum_of(DailyCount) == 500
    assert dict(PlaceCount.objects.values_list("country", "count")) == dict.fromkeys(
        countries, 125
    )
    reached = Milestone.objects.order_by("threshold").values_list("threshold")
    assert list(reached) == [(10,), (50,), (100,), (250,), (500,)]
    assert tally.recount() == 0


def test_eight_workers_folding_at_once_count_each_change_once() -> None:
    petition = make_petition()
    with transaction.atomic():
        for _number in range(60):
            make_confirmed_signature(petition=petition)

    folded = in_threads([tally.fold] * 8)

    assert sum(folded) == 60
    petition.refresh_from_db()
    assert petition.signature_count == 60
    assert sum_of(DailyCount) == sum_of(PlaceCount) == 60
    assert Milestone.objects.count() == 2


def test_recounting_amid_confirmations_and_folds_finds_nothing_to_mend() -> None:
    petition = make_petition()
    with transaction.atomic():
        signatures = [make_signature(petition=petition) for _ in range(120)]

    def confirm_some(client: int) -> None:
        for signature in signatures[client::6]:
            signature.confirm()

    clients = [partial(confirm_some, client) for client in range(6)]
    _none, (*mended, _folded) = in_threads_amid(
        clients, [tally.recount, tally.recount, tally.fold]
    )

    assert sum(map(sum, mended)) == 0
    assert count_after_fold(petition) == 120
    assert not Event.objects.filter(kind=EventKind.COUNT_MENDED).exists()


def test_a_signature_withdrawn_20_times_at_once_is_taken_off_once() -> None:
    petition = make_petition()
    signature = make_counted_signature(petition=petition)
    make_counted_signature(petition=petition)

    withdrawals = [Signature.objects.get(pk=signature.pk).withdraw for _ in range(20)]
    results = in_threads(withdrawals)

    assert results.count(True) == 1
    assert CountChange.objects.count() == 1
    assert count_after_fold(petition) == 1


@pytest.mark.parametrize(
    "verbs",
    [
        ["exclude", "withdraw"],
        ["exclude", "exclude"],
        ["exclude", "restore", "withdraw"],
        ["exclude", "restore", "exclude", "restore"],
    ],
    ids=" and ".join,
)
def test_excluding_restoring_and_withdrawing_cross_without_a_wrong_count(
    verbs: list[str],
) -> None:
    petition = make_petition()
    with transaction.atomic():
        signatures = [make_confirmed_signature(petition=petition) for _ in range(8)]
    tally.fold()

    in_threads(
        [
            getattr(Signature.objects.get(pk=signature.pk), verb)
            for signature in signatures
            for verb in verbs
        ]
    )

    confirmed = Signature.objects.confirmed().count()
    assert count_after_fold(petition) == confirmed
    if "withdraw" in verbs:
        assert not Signature.objects.not_withdrawn().exists()
    assert tally.recount() == 0


def test_confirming_and_withdrawing_cross_without_a_wrong_count() -> None:
    petition = make_petition()
    with transaction.atomic():
        signatures = [make_signature(petition=petition) for _ in range(10)]
    links = [
        (confirm_url(signature), my_signature_url(signature) + "withdraw/")
        for signature in signatures
    ]

    answers = in_threads(
        [lambda link=link: press(link) for both in links for link in both]
    )

    confirmations, withdrawals = answers[::2], answers[1::2]
    assert set(confirmations) <= {303, 404}
    assert withdrawals == [303] * 10
    assert not Signature.objects.not_withdrawn().exists()
    assert count_after_fold(petition) == 0


def sum_of(figures: type[DailyCount | PlaceCount]) -> int:
    return figures.objects.aggregate(sum=Sum("count"))["sum"]
