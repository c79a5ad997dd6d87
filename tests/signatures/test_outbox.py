"""Mail waits until it is due; a worker leases it, holds it, sends it or puts it off."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from signatures.mail import answers_to_signings
from signatures.models import SignatureMail
from signatures.outbox import deliver
from tests.makers import make_petition, make_signature
from tests.signatures.acts import send_mail

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    return time_machine


def make_mail() -> SignatureMail:
    return make_signature().mails.get()


def lease() -> SignatureMail:
    (mail,) = SignatureMail.objects.lease(1)
    return mail


def in_database(mail: SignatureMail) -> SignatureMail:
    return SignatureMail.objects.get(pk=mail.pk)


def wait_of(mail: SignatureMail) -> timedelta:
    return in_database(mail).due_at - timezone.now()


def test_who_leases_a_mail_has_it_alone() -> None:
    mail = make_mail()

    first = SignatureMail.objects.lease(10)
    second = SignatureMail.objects.lease(10)

    assert (first, second) == ([mail], [])


def test_the_longest_due_are_leased_first(noon) -> None:
    mails = []
    for _ in range(3):
        mails.append(make_mail())
        noon.shift(MINUTE)

    assert SignatureMail.objects.lease(2) == mails[:2]
    assert SignatureMail.objects.lease(2) == mails[2:]


def test_what_is_not_due_yet_is_left_alone() -> None:
    mail = make_mail()
    SignatureMail.objects.update(due_at=timezone.now() + MINUTE)

    assert SignatureMail.objects.lease(1) == []
    assert in_database(mail).leased_until is None


def test_a_lease_runs_out_and_another_takes_over(noon) -> None:
    mail = make_mail()
    dead_worker = lease()

    noon.shift(LEASE)
    other_worker = lease()

    assert other_worker == mail
    assert dead_worker.hold() is False
    assert other_worker.hold() is True
    other_worker.mark_sent()
    assert in_database(mail).attempts == 1


Verb = Callable[[SignatureMail], None]
SENT = SignatureMail.mark_sent


def given_up(mail: SignatureMail) -> None:
    mail.mark_dead("SMTPDataError 554")


def put_off(mail: SignatureMail) -> None:
    mail.try_later("TimeoutError")


@pytest.mark.parametrize(
    ("of_other", "too_late", "stamps"),
    [
        (SENT, SENT, ["sent"]),
        (SENT, given_up, ["sent"]),
        (SENT, put_off, ["sent"]),
        (given_up, SENT, ["sent"]),  # it has left all the same
        (given_up, put_off, ["given up"]),
        (put_off, SENT, ["sent"]),
        (put_off, given_up, []),
    ],
)
def test_who_is_slower_than_its_lease_only_counts_where_the_mail_has_left(
    noon, of_other: Verb, too_late: Verb, stamps: list[str]
) -> None:
    make_mail()
    slow = lease()
    slow.hold()
    noon.shift(LEASE)
    other = lease()
    other.hold()

    of_other(other)
    too_late(slow)

    mail = in_database(slow)
    found = {"sent": mail.sent_at, "given up": mail.dead_at}
    assert [name for name, at in found.items() if at] == stamps


def test_who_is_slower_than_its_lease_leaves_it_to_who_has_it(noon) -> None:
    make_mail()
    slow = lease()
    slow.hold()
    noon.shift(LEASE)
    other = lease()

    put_off(slow)

    assert in_database(other).leased_until == other.leased_until
    assert SignatureMail.objects.lease(1) == []


def test_what_another_has_taken_over_meanwhile_is_not_sent(noon, mailoutbox) -> None:
    make_mail()

    def build_slowly(mails: list[SignatureMail]) -> Iterator[EmailMessage | None]:
        for message in answers_to_signings(mails):
            noon.shift(LEASE)
            lease()
            yield message

    deliver(SignatureMail, build_slowly)

    assert mailoutbox == []


def test_holding_renews_the_lease(noon) -> None:
    make_mail()
    mail = lease()
    noon.shift(LEASE - timedelta(seconds=1))

    mail.hold()
    noon.shift(LEASE - timedelta(seconds=1))

    assert SignatureMail.objects.lease(1) == []


def test_a_fresh_lease_is_held_without_a_word_to_the_database(
    noon, django_assert_num_queries
) -> None:
    make_mail()
    mail = lease()

    with django_assert_num_queries(0):
        assert mail.hold()
    noon.shift(LEASE / 5)
    with django_assert_num_queries(1):
        assert mail.hold()


def test_a_mail_that_was_let_go_is_taken_at_once() -> None:
    make_mail()
    mail = lease()

    SignatureMail.objects.let_go([mail])

    assert lease() == mail
    assert in_database(mail).attempts == 0


def test_nobody_lets_go_of_what_another_holds(noon) -> None:
    make_mail()
    slow = lease()
    noon.shift(LEASE)
    other = lease()

    SignatureMail.objects.let_go([slow])

    assert in_database(other).leased_until == other.leased_until


def test_what_was_sent_or_given_up_is_not_leased() -> None:
    for end in [SignatureMail.mark_sent, lambda mail: mail.mark_dead("SMTPDataError")]:
        make_mail()
        end(lease())

    assert SignatureMail.objects.lease(10) == []
    assert SignatureMail.objects.sent().count() == 1
    assert SignatureMail.objects.dead().count() == 1


def test_each_wait_is_three_times_as_long_as_the_one_before(noon) -> None:
    mail = make_mail()
    waits = []
    for _ in range(7):
        held = lease()
        held.hold()
        held.try_later("TimeoutError")
        waits.append(wait_of(mail) / MINUTE)
        noon.move_to(in_database(mail).due_at, tick=False)

    expected = [1, 3, 9, 27, 81, 243, 360]
    for wait, minutes in zip(waits, expected, strict=True):
        assert 0.8 * minutes <= wait <= 1.2 * minutes
    assert in_database(mail).last_error == "TimeoutError"


def test_no_wait_is_longer_than_six_hours() -> None:
    mail = make_mail()
    mail.attempts = 7
    type(mail).objects.update(attempts=7)

    for _ in range(20):
        mail.try_later("TimeoutError")
        assert wait_of(mail) <= timedelta(hours=6) * 1.2


def test_the_eighth_failure_is_the_last(noon) -> None:
    mail = make_mail()
    for _ in range(8):
        held = lease()
        held.hold()
        held.try_later("TimeoutError")
        noon.shift(timedelta(hours=8))

    assert SignatureMail.objects.lease(1) == []
    dead = in_database(mail)
    assert (dead.attempts, dead.sent_at, dead.leased_until) == (8, None, None)
    assert isinstance(dead.dead_at, datetime)


def test_a_revived_mail_has_only_failed_once() -> None:
    make_mail()
    mail = lease()
    mail.attempts = 8
    mail.mark_dead("SMTPDataError 554")

    mail.revive()

    again = lease()
    assert again == mail
    assert (again.attempts, again.dead_at) == (1, None)


def test_a_revived_mail_is_sent_whatever_was_mailed_meanwhile(mailoutbox, noon) -> None:
    petition = make_petition()
    dead = make_signature(petition=petition, email="ana@example.org").mails.get()
    held = lease()
    held.hold()
    held.mark_dead("SMTPDataError 554")
    for _ in range(4):
        make_signature(petition=petition, email="ana@example.org")
        send_mail()
        noon.shift(10 * MINUTE)
    sent_meanwhile = len(mailoutbox)

    dead.revive()
    send_mail()

    assert (sent_meanwhile, len(mailoutbox)) == (3, 4)
    assert in_database(dead).sent_at


def test_only_the_dead_are_revived() -> None:
    make_mail()
    mail = lease()
    mail.mark_sent()

    mail.revive()

    assert SignatureMail.objects.lease(1) == []


def test_a_row_holds_no_address_and_no_text() -> None:
    fields = {field.name for field in SignatureMail._meta.concrete_fields}

    assert fields == {
        *("id", "signature", "due_at", "attempts"),
        *("leased_until", "allowed_at", "sent_at", "dead_at", "last_error"),
    }
