"""Who took a name back may change their mind for a day, or have it gone at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client

from campaigns import worker
from signatures.models import CountChange, Erasure, Signature
from signatures.retention import erase_withdrawn
from tests.html import Page
from tests.makers import (
    confirm_url,
    make_counted_signature,
    make_petition,
    make_signature,
    my_signature_url,
    signed_url,
)
from tests.signatures.acts import count_now, stored

pytestmark = pytest.mark.django_db

DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    return time_machine


def undo(client: Client, signature: Signature):
    return client.post(f"{my_signature_url(signature)}undo/", follow=True)


def erase(client: Client, signature: Signature):
    return client.post(f"{my_signature_url(signature)}erase/")


def test_undoing_counts_it_again_as_it_was(client: Client) -> None:
    signature = make_counted_signature(
        name="Ana", show_name=True, reason="My bus goes there.", country="PE"
    )
    before = stored()
    signature.withdraw()
    between = count_now(signature.petition)

    response = undo(client, signature)

    assert (between, count_now(signature.petition)) == (0, 1)
    assert stored() == before
    assert "it is counted again" in response.content.decode()


def test_the_page_says_until_when_and_offers_both(client: Client) -> None:
    signature = make_counted_signature()
    signature.withdraw()

    page = Page.of(client.get(my_signature_url(signature)))

    forms = {form.attributes["action"] for form in page.all("form")}
    mine = my_signature_url(signature)
    assert "Until 10 March 2026" in page.words
    assert {f"{mine}undo/", f"{mine}erase/"} <= forms
    assert f"{mine}change/" not in forms


def test_undoing_twice_counts_one(client: Client) -> None:
    signature = make_counted_signature()
    signature.withdraw()

    answers = [undo(client, signature).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert count_now(signature.petition) == 1
    assert signature.undo_withdrawal() is False


def test_what_was_not_withdrawn_has_nothing_to_undo() -> None:
    pending, counted = make_signature(), make_counted_signature()
    excluded = make_counted_signature()
    excluded.exclude()
    changes = CountChange.objects.count()

    undone = [one.undo_withdrawal() for one in (pending, counted, excluded)]

    assert undone == [False, False, False]
    assert CountChange.objects.count() == changes


def test_after_a_day_it_is_too_late(client: Client, noon) -> None:
    signature = make_counted_signature()
    signature.withdraw()

    noon.shift(DAY)
    response = undo(client, signature)

    assert "It can't come back any more" in response.content.decode()
    assert count_now(signature.petition) == 0


def test_it_can_be_undone_after_the_petition_has_closed(client: Client) -> None:
    signature = make_counted_signature()
    signature.petition.close(outcome="lost", reason="Agreed.")
    signature.withdraw()

    undo(client, signature)

    assert count_now(signature.petition) == 1


def test_who_has_signed_again_since_is_told_so(client: Client) -> None:
    petition = make_petition()
    signature = make_counted_signature(petition=petition, email="ana@example.org")
    signature.withdraw()
    make_counted_signature(petition=petition, email="ana@example.org")

    response = undo(client, signature)

    assert response.status_code == 409
    assert "has signed the petition again" in response.content.decode()
    assert count_now(petition) == 1
    with pytest.raises(IntegrityError):
        signature.undo_withdrawal()


def test_a_worker_deletes_it_after_a_day_and_not_before(noon) -> None:
    signature = make_counted_signature()
    others = make_counted_signature(petition=signature.petition)
    signature.withdraw()

    noon.shift(DAY - timedelta(seconds=1))
    early = erase_withdrawn()
    noon.shift(timedelta(seconds=1))
    worker.work_once()

    assert early == 0
    assert list(Signature.objects.all()) == [others]
    assert Erasure.objects.get().signature_number == signature.pk
    assert count_now(signature.petition) == 1


def test_it_can_be_deleted_at_once(client: Client) -> None:
    signature = make_counted_signature()
    signature.withdraw()

    response = erase(client, signature)

    assert response["Location"] == "/signature-removed/"
    assert not Signature.objects.exists()
    assert Erasure.objects.get().signature_number == signature.pk
    assert count_now(signature.petition) == 0


def test_erasing_what_counts_takes_it_off_the_count() -> None:
    signature = make_counted_signature()

    erased = [signature.erase(), Signature(pk=signature.pk).erase()]

    assert erased == [True, False]
    assert count_now(signature.petition) == 0


def test_the_links_before_it_lead_to_what_was_withdrawn(client: Client) -> None:
    signature = make_counted_signature()
    signature.withdraw()

    pages = [
        client.get(confirm_url(signature), follow=True),
        client.post(confirm_url(signature), follow=True),
        client.get(signed_url(signature), follow=True),
    ]

    for page in pages:
        assert page.redirect_chain[-1][0].endswith(my_signature_url(signature))
        assert "You have removed your signature" in page.content.decode()
    assert count_now(signature.petition) == 0


def test_what_was_withdrawn_is_not_changed(client: Client) -> None:
    signature = make_counted_signature(name="Ana")
    signature.withdraw()
    before = stored()

    response = client.post(f"{my_signature_url(signature)}change/", {"name": "Eve"})

    assert response.status_code == 303
    assert stored() == before
