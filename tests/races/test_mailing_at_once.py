"""Several workers send the same waiting mail at the same moment."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from campaigns import lifecycle
from campaigns.mail import endings_to_signers, updates_to_signers
from campaigns.models import Ending, EndingMail, Update, UpdateMail
from petitions.models import Petition
from signatures.mail import answers_to_signings
from signatures.models import Signature, SignatureMail
from signatures.outbox import deliver
from tests.makers import (
    make_confirmed_signature,
    make_petition,
    make_signature,
    make_staff,
    make_update,
    my_signature_url,
)
from tests.races.acts import press
from tests.races.threads import in_threads, in_threads_amid

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_at_one_outbox_send_each_mail_once(
    workers: int, mailoutbox: list[EmailMessage]
) -> None:
    petition = make_petition()
    with transaction.atomic():
        signers = [make_signature(petition=petition).email for _ in range(60)]

    handled = in_threads([answer_all] * workers)

    assert sum(handled) == 60
    assert addresses(mailoutbox) == Counter(signers)
    assert SignatureMail.objects.sent().count() == 60
    assert set(SignatureMail.objects.values_list("attempts")) == {(1,)}


def test_signing_while_workers_send_mails_everybody_once(
    mailoutbox: list[EmailMessage],
) -> None:
    petition = make_petition()

    def sign_some() -> int:
        return len([make_signature(petition=petition) for _ in range(10)])

    in_threads([sign_some, answer_all] * 4)
    answer_all()

    signers = Signature.objects.values_list("email", flat=True)
    assert len(signers) == 40
    assert addresses(mailoutbox) == Counter(signers)


def test_ten_tries_of_one_address_sent_by_four_workers_make_one_mail(
    mailoutbox: list[EmailMessage], time_machine
) -> None:
    time_machine.move_to("2026-03-09T12:10:00Z")  # the ten minutes have just begun
    petition = make_petition()
    with transaction.atomic():
        for _try in range(10):
            make_signature(petition=petition, email="ada@example.org")

    in_threads([partial(answer_all, limit=1)] * 4)

    assert addresses(mailoutbox) == Counter({"ada@example.org": 1})


def test_asking_20_times_at_once_for_the_mail_again_queues_one() -> None:
    signature = make_signature()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    SignatureMail.objects.update(sent_at=an_hour_ago, due_at=an_hour_ago)

    answers = in_threads([partial(press, f"/check-your-email/{signature.key}/")] * 20)

    assert answers == [200] * 20
    assert SignatureMail.objects.waiting().count() == 1


def test_asking_for_the_mail_again_while_withdrawing_goes_well() -> None:
    signatures = [make_signature() for _ in range(8)]
    SignatureMail.objects.all().delete()

    answers = in_threads(
        [
            act
            for signature in signatures
            for act in [
                partial(press, f"/check-your-email/{signature.key}/"),
                partial(press, my_signature_url(signature) + "withdraw/"),
            ]
        ]
    )

    assert answers == [200, 303] * 8
    assert SignatureMail.objects.count() == 0


def test_four_workers_write_down_one_mail_of_an_update_for_each_signer() -> None:
    petition = make_petition()
    signers = make_signers(petition, 60)
    update = make_update(petition, with_mail=True)

    in_threads([partial(Update.objects.get(pk=update.pk).queue_mails, batch=7)] * 4)

    mails = UpdateMail.objects.values_list("signature__email", flat=True)
    assert sorted(mails) == sorted(signers)
    assert not Update.objects.unmailed().exists()


def test_four_workers_queue_and_send_one_mail_of_an_update_to_each_signer(
    mailoutbox: list[EmailMessage],
) -> None:
    petition = make_petition()
    signers = make_signers(petition, 40)
    make_update(petition, with_mail=True)

    def queue_and_send() -> int:
        for update in Update.objects.unmailed():
            update.queue_mails(batch=7)
        return drain(partial(deliver, UpdateMail, updates_to_signers, limit=5))

    in_threads([queue_and_send] * 4)

    assert addresses(mailoutbox) == Counter(signers)


def test_withdrawing_while_an_update_is_written_down_disturbs_nobody(
    mailoutbox: list[EmailMessage],
) -> None:
    petition = make_petition()
    make_signers(petition, 40)
    update = make_update(petition, with_mail=True)
    leaving = list(Signature.objects.wanting_updates()[:20])

    in_threads(
        [
            *([partial(Update.objects.get(pk=update.pk).queue_mails, batch=3)] * 2),
            *(signature.withdraw for signature in leaving),
        ]
    )

    drain(partial(deliver, UpdateMail, updates_to_signers, limit=5))
    staying = Signature.objects.wanting_updates().values_list("email", flat=True)
    assert len(staying) == 20
    assert addresses(mailoutbox) == Counter(staying)


def test_a_petition_that_closes_and_wins_amid_withdrawals_mails_each_once_of_both(
    mailoutbox: list[EmailMessage],
) -> None:
    petition, staff = make_petition(), make_staff()
    make_signers(petition, 40)
    leaving = list(Signature.objects.wanting_updates()[:20])
    gone = {signature.email for signature in leaving}

    def close_and_win() -> bool:
        own = Petition.objects.get(pk=petition.pk)
        lifecycle.close(
            own, by=staff, outcome="lost", reason="It is over.", with_mail=True
        )
        words = {"summary": "It stays.", "story": ""}
        lifecycle.declare_victory(own, by=staff, with_mail=True, **words)
        return True

    in_threads_amid(
        [close_and_win, *(signature.withdraw for signature in leaving)],
        [queue_and_send_endings] * 3,
    )
    queue_and_send_endings()

    staying = Signature.objects.wanting_updates().values_list("email", flat=True)
    sent = addresses(mailoutbox)
    assert len(staying) == 20
    assert {address: sent[address] for address in staying} == dict.fromkeys(staying, 2)
    assert all(sent[address] <= 2 for address in gone)
    assert set(sent) <= {*staying, *gone}
    assert not EndingMail.objects.waiting().exists()


def test_eight_workers_that_close_an_overdue_petition_mail_it_once(
    mailoutbox: list[EmailMessage],
) -> None:
    petition = make_petition()
    signers = make_signers(petition, 10)
    Petition.objects.filter(pk=petition.pk).update(closes_at=timezone.now())

    in_threads([lifecycle.close_overdue] * 8)
    in_threads([queue_and_send_endings] * 4)

    assert addresses(mailoutbox) == Counter(signers)


def queue_and_send_endings() -> int:
    for ending in Ending.objects.unmailed():
        ending.queue_mails(batch=7)
    return drain(partial(deliver, EndingMail, endings_to_signers, limit=5))


def answer_all(*, limit: int = 7) -> int:
    return drain(partial(deliver, SignatureMail, answers_to_signings, limit=limit))


def drain(send_some: Callable[[], int]) -> int:
    """Do it until there is nothing left; say how many were handled."""
    handled = 0
    while just_now := send_some():
        handled += just_now
    return handled


def make_signers(petition: Petition, number: int) -> list[str]:
    """Addresses of so many who want updates, beside some who do not."""
    with transaction.atomic():
        for _signer in range(5):
            make_confirmed_signature(petition=petition)
        return [
            make_confirmed_signature(petition=petition, wants_updates=True).email
            for _signer in range(number)
        ]


def addresses(mails: list[EmailMessage]) -> Counter[str]:
    return Counter(address for mail in mails for address in mail.to)
