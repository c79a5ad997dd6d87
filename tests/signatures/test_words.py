"""What a signature says of itself and what a search for such signatures finds agree."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import lifecycle
from petitions.models import Petition
from signatures.models import Confirmation, Signature
from tests.makers import (
    make_confirmed_signature,
    make_petition,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db


def make_excluded() -> Signature:
    signature = make_confirmed_signature(show_name=True, reason="Why not?")
    signature.release_reason()
    signature.exclude()
    signature.refresh_from_db()
    return signature


def make_shown() -> Signature:
    return make_confirmed_signature(show_name=True)


def make_with_held_reason() -> Signature:
    return make_confirmed_signature(reason="My school is there.")


def make_with_shown_reason() -> Signature:
    signature = make_with_held_reason()
    signature.release_reason()
    signature.refresh_from_db()
    return signature


def make_with_hidden_reason() -> Signature:
    signature = make_with_shown_reason()
    signature.hide_reason()
    signature.refresh_from_db()
    return signature


def make_late() -> Signature:
    signature = make_signature()
    signature.petition.close(outcome="lost", reason="Agreed.")
    return signature


def make_amid_closing() -> Signature:
    """The petition closed before it was started, by the clock of who closed it."""
    signature = make_late()
    started_at = timezone.now() + timedelta(seconds=1)
    Signature.objects.filter(pk=signature.pk).update(started_at=started_at)
    return signature


def make_days_late() -> Signature:
    signature = make_signature()
    days_ago = timezone.now() - timedelta(days=2)
    Signature.objects.filter(pk=signature.pk).update(started_at=days_ago)
    signature.petition.close(outcome="lost", reason="Agreed.", at=days_ago)
    return signature


def make_on_overdue() -> Signature:
    """Its petition is past its day, and no worker has closed it yet."""
    signature = make_signature()
    Petition.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    return signature


def make_on_hidden() -> Signature:
    signature = make_signature()
    lifecycle.hide(signature.petition, by=make_staff(), reason="It names a person.")
    return signature


def as_read(signature: Signature) -> Signature:
    """As a view gets it, with its petition as that is now."""
    return Signature.objects.select_related("petition").get(pk=signature.pk)


MAKERS = [
    *[make_signature, make_confirmed_signature, make_excluded, make_shown],
    *[make_with_held_reason, make_with_shown_reason, make_with_hidden_reason],
    *[make_late, make_amid_closing, make_days_late, make_on_overdue, make_on_hidden],
]
every_signature = pytest.mark.parametrize("make", MAKERS, ids=lambda m: m.__name__)


@every_signature
def test_is_confirmed_and_the_confirmed_signatures_agree(make) -> None:
    signature = make()

    assert signature.is_confirmed == Signature.objects.confirmed().contains(signature)


@every_signature
def test_what_is_seen_in_public_has_something_to_show(make) -> None:
    signature = make()
    shows = bool(signature.public_name or signature.public_reason)
    seen = Signature.objects.seen_in_public()

    assert seen.contains(signature) == (signature.is_confirmed and shows)


@every_signature
def test_shown_reasons_are_those_of_confirmed_signatures(make) -> None:
    signature = make()
    shown = Signature.objects.with_shown_reason()

    assert shown.contains(signature) == (
        signature.is_confirmed and bool(signature.public_reason)
    )


def test_exactly_these_may_be_confirmed() -> None:
    confirmable = [make for make in MAKERS if as_read(make()).is_confirmable]

    assert confirmable == [
        *(make_signature, make_late, make_amid_closing, make_on_overdue)
    ]


@every_signature
def test_exactly_what_may_be_confirmed_is_confirmed(make) -> None:
    signature = make()
    was_confirmable = as_read(signature).is_confirmable

    confirmation = Signature.objects.confirm(signature.key)

    assert confirmation is (Confirmation.COUNTED if was_confirmable else None)


def test_exactly_this_reason_waits_for_review() -> None:
    waiting = [
        make for make in MAKERS if Signature.objects.with_held_reason().contains(make())
    ]

    assert waiting == [make_with_held_reason]


def test_the_newest_come_first_and_paging_misses_nobody() -> None:
    petition = make_petition()
    made = [make_shown() for _ in range(2)]
    made += [make_confirmed_signature(petition=petition) for _ in range(3)]
    at = timezone.now()
    Signature.objects.filter(pk__in=[made[1].pk, made[2].pk]).update(confirmed_at=at)
    newest_first = Signature.objects.newest_first()

    read: list[Signature] = []
    while page := newest_first.after(str(read[-1].pk) if read else "")[:2]:
        read += page

    assert read == list(newest_first)
    assert len(read) == 5


@pytest.mark.parametrize("after", ["", "x", "-1", "0", "9" * 30, "²"])
def test_a_place_in_the_list_that_is_none_is_its_beginning(after: str) -> None:
    signature = make_confirmed_signature()

    assert list(Signature.objects.newest_first().after(after)) == [signature]


def test_neither_name_nor_address_stands_in_what_is_logged() -> None:
    signature = make_confirmed_signature(name="Ana Quispe", email="ana@example.org")
    mail = signature.mails.get()

    said = f"{signature} {signature!r} {mail} {mail!r} {mail.message_id}"

    assert "Ana" not in said
    assert "ana@" not in said
    assert signature.key.hex not in said
    assert str(signature.address_key) not in said
