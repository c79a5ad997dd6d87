"""Mails are sent in batches; each is decided upon as if it were alone."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signatures.mail import answers_to_signings
from signatures.models import Bucket, Signature, SignatureMail, Suppression
from signatures.outbox import deliver
from tests.makers import (
    confirm_url,
    make_confirmed_signature,
    make_petition,
    make_signature,
    make_translation,
    my_signature_url,
)
from tests.signatures.acts import send_mail

pytestmark = pytest.mark.django_db

ADA = "ada@example.org"
Build = Callable[[Sequence[SignatureMail]], Iterator[EmailMessage | None]]


@pytest.fixture(autouse=True)
def midnight(time_machine):
    """Limits count by the clock: a test begins with a fresh day."""
    time_machine.move_to("2026-03-09T00:00:00Z", tick=False)
    return time_machine


def answer_batch(build: Build = answers_to_signings, **how: object) -> int:
    return deliver(SignatureMail, build, **how)


def addresses(mails: list[EmailMessage]) -> list[str]:
    return [address for mail in mails for address in mail.to]


def attempts() -> set[int]:
    return set(SignatureMail.objects.values_list("attempts", flat=True))


def test_two_tries_of_one_address_in_one_batch_make_one_mail(mailoutbox) -> None:
    petition = make_petition()
    for _try in range(2):
        make_signature(petition=petition, email=ADA)

    handled = answer_batch()

    assert handled == 2
    assert addresses(mailoutbox) == [ADA]
    assert SignatureMail.objects.count() == 1


def test_an_address_gets_five_mails_a_day_out_of_one_batch(mailoutbox) -> None:
    for _petition in range(7):
        make_signature(email=ADA)
    other = make_signature()

    answer_batch()

    assert addresses(mailoutbox) == [ADA] * 5 + [other.email]


def test_what_was_refused_a_mail_takes_no_place(mailoutbox, midnight) -> None:
    petition = make_petition()
    for _stretch in range(3):
        for _try in range(4):
            make_signature(petition=petition, email=ADA)
        answer_batch()
        midnight.shift(timedelta(minutes=10))

    assert addresses(mailoutbox) == [ADA] * 3
    assert sorted(Bucket.objects.values_list("hits", flat=True)) == [1] * 6 + [3, 3]


def test_who_wants_no_mail_gets_none_among_others_that_do(mailoutbox) -> None:
    silent, other = make_signature(), make_signature()
    Suppression.objects.create(address_key=silent.address_key)

    answer_batch()

    assert addresses(mailoutbox) == [other.email]


def test_who_withdrew_is_left_out_of_the_batch(mailoutbox) -> None:
    gone, other = make_signature(), make_signature()
    Signature.objects.filter(pk=gone.pk).delete()

    answer_batch()

    assert addresses(mailoutbox) == [other.email]


def test_who_is_held_takes_no_place_from_who_is_not(mailoutbox) -> None:
    petition = make_petition()
    held, other = [make_signature(petition=petition, email=ADA) for _ in range(2)]
    Signature.objects.filter(pk=held.pk).update(held_at=timezone.now())

    answer_batch()

    assert addresses(mailoutbox) == [ADA]
    assert confirm_url(other) in mailoutbox[0].body
    assert not held.mails.exists()


def test_a_hidden_petition_and_an_open_one_in_one_batch(mailoutbox) -> None:
    hidden, other = make_signature(), make_signature()
    hidden.petition.hide(reason="It names a private person.")

    answer_batch()

    assert addresses(mailoutbox) == [other.email]


def test_each_gets_their_own_words_and_links(mailoutbox) -> None:
    petition = make_petition(title="Keep the bridge")
    make_translation(petition, title="El puente sigue")
    english, spanish, another = [
        make_signature(petition=petition, language=language)
        for language in ["en", "es", "en"]
    ]
    counted = make_confirmed_signature(petition=petition)
    other = make_signature(petition=make_petition(title="Plant a tree"))

    answer_batch()

    mails = {mail.to[0]: mail for mail in mailoutbox}
    for signature in [english, another, spanish, other]:
        assert confirm_url(signature) in mails[signature.email].body
        assert sum(confirm_url(signature) in mail.body for mail in mailoutbox) == 1
    assert "El puente sigue" in mails[spanish.email].body
    assert "Keep the bridge" in mails[another.email].body
    assert "Plant a tree" in mails[other.email].body
    assert my_signature_url(counted) in mails[counted.email].body


def test_the_next_batch_says_what_the_petition_says_then(mailoutbox) -> None:
    petition = make_petition(title="Keep the bridge")
    make_signature(petition=petition)
    answer_batch()
    type(petition).objects.filter(pk=petition.pk).update(title="Mend the bridge")
    make_signature(petition=petition)

    answer_batch()

    assert "Keep the bridge" in mailoutbox[0].body
    assert "Mend the bridge" in mailoutbox[1].body


def test_a_mail_costs_one_statement_beside_those_for_the_batch() -> None:
    petition = make_petition()
    numbers = []
    for size in [1, 2, 12]:
        for _signer in range(size):
            make_signature(petition=petition)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer_batch()
        numbers.append(len(queries))

    assert numbers[1] == numbers[0] + 1
    assert numbers[2] == numbers[0] + 11


def cannot_build(*poison: Signature) -> Build:
    """Answers to signings, but for these."""

    def build(mails: Sequence[SignatureMail]) -> Iterator[EmailMessage | None]:
        for mail, message in zip(mails, answers_to_signings(mails), strict=True):
            if mail.signature in poison:
                raise LookupError(mail.signature.email)
            yield message

    return build


def test_a_mail_that_cannot_be_built_holds_up_no_other(mailoutbox, midnight) -> None:
    second, poison, third = [make_signature() for _ in range(3)]

    handled = [answer_batch(cannot_build(poison)) for _batch in range(3)]

    assert handled == [2, 1, 0]
    assert addresses(mailoutbox) == [second.email, third.email]
    assert attempts() == {1}
    assert poison.mails.get().last_error == "LookupError"
    midnight.shift(timedelta(minutes=2))
    answer_batch()
    assert addresses(mailoutbox)[2:] == [poison.email]


def test_a_mail_that_can_never_be_built_is_given_up(mailoutbox, midnight) -> None:
    poison = make_signature()

    for _attempt in range(9):
        answer_batch(cannot_build(poison))
        midnight.shift(timedelta(hours=8))

    mail = poison.mails.get()
    assert (mail.attempts, mail.last_error) == (8, "LookupError")
    assert mail.dead_at
    assert mailoutbox == []


def test_each_mail_that_cannot_be_built_is_told_without_its_address(
    caplog, monkeypatch
) -> None:
    monkeypatch.setattr(logging.getLogger("signatures"), "propagate", True)
    poison = [make_signature() for _ in range(2)]

    while answer_batch(cannot_build(*poison)):
        pass

    told = {line for line in caplog.messages if "cannot be made" in line}
    assert len(told) == 2
    assert all("in build" in line for line in told)
    assert "@example.org" not in caplog.text


@pytest.mark.parametrize("outage", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_no_fault_of_a_mail(outage, midnight) -> None:
    signature = make_signature()

    def build(mails: Sequence[SignatureMail]) -> Iterator[EmailMessage | None]:
        raise outage
        yield

    with pytest.raises(outage):
        answer_batch(build)

    assert signature.mails.get().last_error == ""
    assert attempts() == {0}


def test_a_batch_that_is_stopped_gives_back_the_rest(mailoutbox) -> None:
    signers = [make_signature().email for _ in range(3)]

    handled = answer_batch(stopping=lambda: len(mailoutbox) == 1)
    again = answer_batch()

    assert (handled, again) == (1, 2)
    assert addresses(mailoutbox) == signers
    assert attempts() == {1}


def test_a_batch_ends_before_what_it_knows_grows_old(mailoutbox, midnight) -> None:
    signers = [make_signature().email for _ in range(3)]

    def build_slowly(mails: Sequence[SignatureMail]) -> Iterator[EmailMessage | None]:
        for message in answers_to_signings(mails):
            midnight.shift(timedelta(seconds=2))
            yield message

    handled = answer_batch(build_slowly)
    send_mail()

    assert handled == 2
    assert addresses(mailoutbox) == signers


def test_who_was_counted_before_the_upgrade_is_not_counted_again(mailoutbox) -> None:
    signature = make_signature()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    signature.mails.update(attempts=1, due_at=an_hour_ago, allowed_at=None)

    answer_batch()

    assert addresses(mailoutbox) == [signature.email]
    assert Bucket.objects.count() == 0
