"""Who takes a name back takes everything back."""

import pytest
from django.db import IntegrityError
from django.test import Client

from campaigns.models import UpdateMail
from signatures.models import CountChange, Erasure, Signature, SignatureMail
from tests.makers import (
    make_counted_signature,
    make_petition,
    make_signature,
    make_update,
    my_signature_url,
)
from tests.signatures.acts import count_now, send_mail

pytestmark = pytest.mark.django_db


def withdraw_url(signature: Signature) -> str:
    return f"{my_signature_url(signature)}withdraw/"


def test_opening_the_page_removes_nothing(client: Client) -> None:
    signature = make_counted_signature()

    response = client.get(withdraw_url(signature))

    assert response.status_code == 200
    assert count_now(signature.petition) == 1
    assert Signature.objects.count() == 1


def test_the_way_out_of_a_sensitive_petition_stays_after_withdrawing(
    client: Client,
) -> None:
    signature = make_counted_signature(petition=make_petition(sensitive=True))

    withdrawn = client.post(withdraw_url(signature), follow=True)
    erased = client.post(f"{my_signature_url(signature)}erase/", follow=True)

    assert "Exit this page" in withdrawn.content.decode()
    assert "Exit this page" in erased.content.decode()
    assert "Exit this page" not in client.get("/signature-removed/").content.decode()


def test_withdrawing_takes_it_off_the_count_and_out_of_sight(client: Client) -> None:
    petition = make_petition()
    signature = make_counted_signature(
        petition=petition, show_name=True, wants_updates=True
    )
    others = make_counted_signature(petition=petition, show_name=True)

    response = client.post(withdraw_url(signature))

    assert response.status_code == 303
    assert response["Location"] == my_signature_url(signature)
    assert count_now(petition) == 1
    for seen in [
        Signature.objects.seen_in_public(),
        Signature.objects.wanting_updates() | Signature.objects.confirmed(),
        Signature.objects.once_confirmed(),
        Signature.objects.counted_one_by_one(),
        Signature.objects.not_withdrawn(),
    ]:
        assert list(seen) == [others]


def test_who_has_withdrawn_gets_no_mail_that_waits(mailoutbox) -> None:
    petition = make_petition()
    signature = make_counted_signature(petition=petition, wants_updates=True)
    update = make_update(petition, with_mail=True)
    update.queue_mails()
    signature.ask_for_mail_again()

    signature.withdraw()
    send_mail()

    assert mailoutbox == []
    assert not SignatureMail.objects.waiting().exists()
    assert not UpdateMail.objects.waiting().exists()


def test_what_was_confirmed_and_withdrawn_before_it_was_folded_is_nothing() -> None:
    signature = make_signature()
    signature.confirm()

    signature.withdraw()

    assert sum(change.change for change in CountChange.objects.all()) == 0
    assert count_now(signature.petition) == 0


def test_what_never_counted_takes_nothing_off(client: Client) -> None:
    petition = make_petition()
    make_counted_signature(petition=petition)
    pending = make_signature(petition=petition)
    excluded = make_counted_signature(petition=petition)
    excluded.exclude()

    client.post(withdraw_url(pending))
    client.post(withdraw_url(excluded))

    assert count_now(petition) == 1
    assert Signature.objects.count() == 1
    numbers = Erasure.objects.values_list("signature_number", flat=True)
    assert set(numbers) == {pending.pk, excluded.pk}


def test_withdrawing_twice_takes_one_off(client: Client) -> None:
    petition = make_petition()
    make_counted_signature(petition=petition)
    signature = make_counted_signature(petition=petition)
    seen_by_another = Signature.objects.get(pk=signature.pk)

    first = client.post(withdraw_url(signature))
    second = client.post(withdraw_url(signature))

    assert (first.status_code, second.status_code) == (303, 303)
    assert seen_by_another.withdraw() is False
    assert count_now(petition) == 1


def test_who_withdrew_may_sign_again() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition, email="ana@example.org").withdraw()

    make_counted_signature(petition=petition, email="ana@example.org")

    assert count_now(petition) == 1


def test_an_excluded_signature_counts_no_more_until_it_is_restored() -> None:
    signature = make_counted_signature()

    assert signature.exclude() is True
    assert count_now(signature.petition) == 0
    assert signature.restore() is True
    assert count_now(signature.petition) == 1


def test_excluding_and_restoring_happen_once() -> None:
    signature = make_counted_signature()

    results = [signature.exclude(), signature.exclude()]
    results += [signature.restore(), signature.restore()]

    assert results == [True, False, True, False]
    assert count_now(signature.petition) == 1


def test_what_is_pending_is_neither_excluded_nor_restored() -> None:
    signature = make_signature()

    assert signature.exclude() is False
    assert signature.restore() is False
    assert CountChange.objects.count() == 0


def test_an_excluded_signature_leaves_the_page() -> None:
    signature = make_counted_signature(show_name=True)

    signature.exclude()

    assert not Signature.objects.seen_in_public().exists()


def test_restoring_loses_to_a_newer_signature_of_the_address() -> None:
    petition = make_petition()
    old = make_counted_signature(petition=petition, email="ana@example.org")
    old.exclude()
    make_counted_signature(petition=petition, email="ana@example.org")

    with pytest.raises(IntegrityError):
        old.restore()

    assert count_now(petition) == 1
