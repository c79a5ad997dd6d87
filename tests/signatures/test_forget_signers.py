"""Who signed what has ended is forgotten on the day that was promised."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle, tally
from campaigns.bundle import import_bundle
from campaigns.bundle_format import parse
from campaigns.models import EndingMail, UpdateMail
from petitions.models import Petition
from signatures.models import (
    Erasure,
    Forgetting,
    LinkRequest,
    ReasonReport,
    Signature,
    SignatureMail,
)
from signatures.retention import forget, forget_signers
from tests.campaigns.bundles import a_bundle
from tests.makers import (
    make_counted_signature,
    make_petition,
    make_staff,
    make_update,
    my_signature_url,
)
from tests.signatures.acts import count_now, send_mail, stored

pytestmark = pytest.mark.django_db

KEPT = timedelta(days=183)
EVERYTHING = {
    "name": "Ana Quispe",
    "email": "ana@example.org",
    "place": "Cusco",
    "country": "PE",
    "reason": "My school is there.",
    "show_name": True,
    "wants_updates": True,
}
EMPTY = {
    **dict.fromkeys(["name", "email", "place", "reason", "via"], ""),
    "address_key": None,
    "show_name": False,
    "wants_updates": False,
    "name_for_delivery": False,
    "organizer_may_write": False,
    "consents_changed_at": None,
}


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    return time_machine


def make_ended(**fields: object) -> Signature:
    """One whose petition has ended at this moment."""
    signature = make_counted_signature(**{**EVERYTHING, **fields})
    signature.petition.close(outcome="lost", reason="Agreed.")
    return signature


def is_forgotten(signature: Signature) -> bool:
    (now,) = Signature.objects.filter(pk=signature.pk).values()
    assert bool(now["forgotten_at"]) == (now["name"] == "")
    return bool(now["forgotten_at"])


def test_it_is_kept_until_that_day_and_not_longer(noon) -> None:
    signature = make_ended()
    forget()

    noon.shift(KEPT - timedelta(seconds=1))
    forget()
    early = is_forgotten(signature)
    noon.shift(timedelta(seconds=1))
    forgotten = forget()

    assert (early, is_forgotten(signature)) == (False, True)
    assert forgotten["signatures of ended petitions"] == 1


def test_nothing_personal_is_left_and_the_figures_stay(noon, mailoutbox) -> None:
    petition = make_petition()
    signature = make_counted_signature(petition=petition, **EVERYTHING)
    signature.name_for_delivery = signature.organizer_may_write = True
    signature.change(["name_for_delivery", "organizer_may_write"])
    excluded = make_counted_signature(petition=petition, name="Eve")
    excluded.exclude()
    make_update(petition, with_mail=True)
    lifecycle.close(
        petition, by=make_staff(), outcome="lost", reason="Agreed.", with_mail=True
    )
    ReasonReport.objects.create(signature=signature, cause="other")
    LinkRequest.objects.create(address_key=signature.address_key, language="en")
    count_now(petition)
    send_mail()
    (before, _other) = stored()

    noon.shift(KEPT)
    call_command("forget")

    (after, _other) = stored()
    now = timezone.now()
    assert after == {**before, **EMPTY, "forgotten_at": now}
    assert all(Signature.objects.values_list("forgotten_at", flat=True))
    assert count_now(petition) == 1
    assert tally.recount() == 0
    for model in (SignatureMail, UpdateMail, EndingMail, LinkRequest, ReasonReport):
        assert not model.objects.exists(), model
    numbers = Erasure.objects.values_list("signature_number", flat=True)
    assert set(numbers) == {signature.pk, excluded.pk}


def test_staff_cannot_lengthen_it(noon, settings) -> None:
    signature = make_ended()

    settings.SIGNERS_KEPT *= 10
    noon.shift(KEPT)
    forget()

    assert is_forgotten(signature)


def test_nor_by_calling_it_no_longer_sensitive(noon) -> None:
    petition = make_petition(sensitive=True)
    signature = make_ended(petition=petition)
    Petition.objects.filter(pk=petition.pk).update(sensitive=False)

    noon.shift(timedelta(days=30))
    forget()

    assert is_forgotten(signature)


def test_nor_by_winning_later(noon) -> None:
    signature = make_ended()

    noon.shift(KEPT - timedelta(days=1))
    signature.petition.win(summary="After all.")
    noon.shift(timedelta(days=1))
    forget()

    assert is_forgotten(signature)


def test_staff_can_shorten_it(noon, settings) -> None:
    signature = make_ended()
    forget()

    settings.SIGNERS_KEPT = timedelta(days=10)
    noon.shift(timedelta(days=10))
    forget()

    assert is_forgotten(signature)


def test_each_is_kept_as_long_as_was_promised_with_it(noon, settings) -> None:
    petition = make_petition()
    settings.SIGNERS_KEPT = timedelta(days=10)
    short = make_counted_signature(petition=petition)
    settings.SIGNERS_KEPT = timedelta(days=20)
    long = make_counted_signature(petition=petition)
    petition.close(outcome="lost", reason="Agreed.")
    forget()

    noon.shift(timedelta(days=10))
    forget()
    first = is_forgotten(short), is_forgotten(long)
    noon.shift(timedelta(days=10))
    forget()

    assert first == (True, False)
    assert is_forgotten(long)


def test_what_is_hidden_is_forgotten_too(noon) -> None:
    signature = make_counted_signature(**EVERYTHING)
    petition = signature.petition
    lifecycle.hide(petition, by=make_staff(), reason="It names somebody.")
    forget()

    noon.shift(KEPT)
    forget()

    assert is_forgotten(signature)


def test_what_is_open_again_is_left_alone(noon) -> None:
    staff = make_staff()
    signature = make_counted_signature(**EVERYTHING)
    petition = signature.petition
    lifecycle.hide(petition, by=staff, reason="It names somebody.")
    forget()
    noon.shift(KEPT - timedelta(days=1))
    lifecycle.restore(petition, by=staff, reason="No more.")

    noon.shift(timedelta(days=1))
    forget()
    petition.close(outcome="lost", reason="Agreed.")
    noon.shift(KEPT - timedelta(days=1))
    forget()
    kept = not is_forgotten(signature)
    noon.shift(timedelta(days=1))
    forget()

    assert kept
    assert is_forgotten(signature)


def test_what_opened_again_while_it_was_forgotten_is_left_alone(noon) -> None:
    signature = make_ended()
    forget()
    noon.shift(KEPT)
    (forgetting,) = Forgetting.objects.due().select_related("petition")
    Petition.objects.filter(pk=signature.petition_id).update(
        state="open", closed_at=None, outcome=""
    )

    forgotten = forgetting.go_on()

    assert forgotten == 0
    assert not is_forgotten(signature)


def test_what_opened_again_and_ended_anew_counts_from_then(noon) -> None:
    """Both between two looks at it."""
    staff = make_staff()
    signature = make_counted_signature(**EVERYTHING)
    petition = signature.petition
    lifecycle.hide(petition, by=staff, reason="It names somebody.")
    forget()
    noon.shift(timedelta(days=10))
    lifecycle.restore(petition, by=staff, reason="No more.")
    petition.close(outcome="lost", reason="Agreed.")

    noon.shift(KEPT - timedelta(days=1))
    forget()
    kept = not is_forgotten(signature)
    noon.shift(timedelta(days=1))
    forget()

    assert kept
    assert is_forgotten(signature)


def test_it_can_be_stopped_and_begun_again(noon, monkeypatch) -> None:
    monkeypatch.setattr("signatures.models.forgetting.AT_ONCE", 2)
    petition = make_petition()
    for _ in range(5):
        make_counted_signature(petition=petition)
    petition.close(outcome="lost", reason="Agreed.")
    noon.shift(KEPT)
    answers = iter([False, True, True])

    first = forget_signers(lambda: next(answers))
    second = forget_signers()

    assert (first, second) == (2, 3)
    assert Signature.objects.filter(forgotten_at=None).count() == 0


def test_what_is_done_is_not_looked_at_again(noon, django_assert_num_queries) -> None:
    for _ in range(3):
        make_ended(email="")
    noon.shift(KEPT)
    forget_signers()

    with django_assert_num_queries(4):
        assert forget_signers() == 0

    assert not Forgetting.objects.filter(due_at__isnull=False).exists()


def test_what_was_withdrawn_that_day_is_gone_for_good(noon) -> None:
    signature = make_ended()
    noon.shift(KEPT - timedelta(hours=1))
    signature.withdraw()

    noon.shift(timedelta(hours=1))
    forget_signers()

    assert not Signature.objects.exists()
    assert signature.undo_withdrawal() is False


def test_what_is_pending_goes_with_the_others(noon, settings) -> None:
    settings.SIGNERS_KEPT = timedelta(days=2)
    signature = make_ended()
    noon.shift(timedelta(days=-1))
    pending = Signature.objects.filter(pk=signature.pk)
    pending.update(state="pending", confirmed_at=None)

    noon.shift(timedelta(days=3))
    forget_signers()

    assert not Signature.objects.exists()


def test_names_that_were_brought_along_are_kept_as_long_from_then(noon) -> None:
    """Though the petition had ended long before."""
    signature = {"name": "Ana", "signed_on": "2012-06", "show_name": True}
    closed = {"state": "closed", "opened_on": "2012-01", "closed_on": "2012"}
    import_bundle(parse(a_bundle(signatures=[signature], **closed)))
    forget()
    carried = Signature.objects.get()
    early = is_forgotten(carried)

    noon.shift(KEPT)
    forget()

    petition = Petition.objects.get()
    assert (early, is_forgotten(carried)) == (False, True)
    assert petition.signature_count == 1
    assert tally.recount() == 0


def test_the_page_says_what_is_left_and_takes_it_back(client: Client, noon) -> None:
    signature = make_ended()
    mine = my_signature_url(signature)
    noon.shift(KEPT)
    forget()

    page = client.get(mine).content.decode().replace(mine, "/")  # its key is random
    changed = client.post(f"{mine}change/", {"name": "Ana"})
    client.post(f"{mine}withdraw/")

    assert "What is left is a number in the count." in page
    assert "Ana" not in page
    assert changed.status_code == 303
    assert count_now(signature.petition) == 0


def test_the_page_says_until_when_it_is_kept(client: Client) -> None:
    open_one, ended = make_counted_signature(), make_ended()

    pages = [client.get(my_signature_url(one)) for one in (open_one, ended)]

    words = [page.content.decode() for page in pages]
    assert "are deleted 6 months after this petition ends" in words[0]
    assert 'are deleted by <time datetime="2026-09-08">' in words[1]
