"""A site may send its mail at a pace: what is over it waits, and nothing is refused."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import worker
from campaigns.models import UpdateMail
from signatures.mail import answers_to_signings
from signatures.models import Bucket, LinkRequest, SignatureMail
from signatures.outbox import deliver
from signatures.pace import Minute
from tests.campaigns.sent_mail import make_asking
from tests.makers import (
    make_confirmed_signature,
    make_petition,
    make_signature,
    make_update,
)
from tests.signatures.acts import send_mail

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to("2026-03-09T12:00:00Z", tick=False)
    return time_machine


def make_signers(number: int, *, domain: str = "example.org") -> list[str]:
    petition = make_petition()
    return [
        make_signature(petition=petition, email=f"{one}@{domain}").email
        for one in range(number)
    ]


def receivers(mails: list[EmailMessage]) -> list[str]:
    return [address for mail in mails for address in mail.to]


def domains(mails: list[EmailMessage]) -> Counter[str]:
    """How many to each, whatever its letters."""
    return Counter(address.lower().split("@")[1] for address in receivers(mails))


def test_so_many_leave_in_a_minute_and_the_rest_in_the_next(
    settings, mailoutbox, noon
) -> None:
    settings.MAILS_A_MINUTE = 3
    signers = make_signers(7)

    sent = []
    for _minute in range(4):
        send_mail()
        send_mail()
        sent.append(len(mailoutbox))
        noon.shift(MINUTE)

    assert sent == [3, 6, 7, 7]
    assert receivers(mailoutbox) == signers


def test_what_waits_stays_due_and_has_not_been_tried(settings, noon) -> None:
    settings.MAILS_A_MINUTE = 1
    make_signers(3)
    due = set(SignatureMail.objects.values_list("due_at", flat=True))

    send_mail()

    waiting = SignatureMail.objects.waiting()
    assert waiting.count() == SignatureMail.objects.due().count() == 2
    assert set(waiting.values_list("due_at", "attempts")) == {(at, 0) for at in due}
    assert not SignatureMail.objects.dead().exists()


def test_answers_go_before_news(settings, mailoutbox, noon) -> None:
    settings.MAILS_A_MINUTE = 2
    petition = make_petition()
    asking = {make_asking(petition).email for _ in range(3)}
    make_update(petition, with_mail=True)
    answers = make_signers(3)

    send_mail()
    first = receivers(mailoutbox)
    noon.shift(MINUTE)
    send_mail()
    noon.shift(MINUTE)
    send_mail()

    assert first == answers[:2]
    assert receivers(mailoutbox)[2] == answers[2]
    assert set(receivers(mailoutbox)[3:]) == asking
    assert UpdateMail.objects.waiting().count() == 0


def test_news_leave_some_of_their_minute_to_answers(settings, mailoutbox) -> None:
    settings.MAILS_A_MINUTE = 8
    petition = make_petition()
    asking = {make_asking(petition).email for _ in range(8)}
    make_update(petition, with_mail=True)

    send_mail()
    news = receivers(mailoutbox)
    answers = make_signers(3)
    send_mail()

    assert (len(news), set(news) <= asking) == (6, True)
    assert receivers(mailoutbox)[6:] == answers[:2]


def test_requests_for_links_are_among_what_is_counted(
    settings, mailoutbox, noon
) -> None:
    settings.MAILS_A_MINUTE = 1
    signature = make_confirmed_signature()
    signature.mails.all().delete()
    LinkRequest.objects.create(address_key=signature.address_key, language="en")
    make_signers(1)

    send_mail()
    first = len(mailoutbox)
    noon.shift(MINUTE)
    send_mail()

    assert (first, len(mailoutbox)) == (1, 2)


def test_what_is_not_sent_takes_no_place(settings, mailoutbox) -> None:
    settings.MAILS_A_MINUTE = 3
    petition = make_petition()
    for _try in range(5):  # one mail for five tries
        make_signature(petition=petition, email="ada@example.org")
    others = make_signers(2)

    send_mail()

    assert receivers(mailoutbox) == ["ada@example.org", *others]
    assert SignatureMail.objects.waiting().count() == 0


def test_a_batch_that_is_stopped_gives_its_places_back(settings, mailoutbox) -> None:
    settings.MAILS_A_MINUTE = 3
    make_signers(3)

    deliver(SignatureMail, answers_to_signings, stopping=lambda: len(mailoutbox) == 1)
    send_mail()

    assert len(mailoutbox) == 3


def test_a_batch_ends_with_its_minute(settings, mailoutbox, noon) -> None:
    """What it has left is counted among those of the next."""
    settings.MAILS_A_MINUTE = 3
    make_signers(5)
    noon.shift(timedelta(seconds=59))

    def build_slowly(mails: list[SignatureMail]) -> Iterator[EmailMessage | None]:
        for message in answers_to_signings(mails):
            noon.shift(timedelta(milliseconds=600))
            yield message

    deliver(SignatureMail, build_slowly)
    before = len(mailoutbox)
    send_mail()

    assert (before, len(mailoutbox)) == (2, 5)


def test_without_limits_a_batch_goes_on_into_the_next_minute(mailoutbox, noon) -> None:
    make_signers(3)
    noon.move_to("2026-03-09T12:00:59Z", tick=False)

    def into_the_next_minute() -> bool:
        noon.move_to("2026-03-09T12:01:01Z", tick=False)
        return False

    deliver(SignatureMail, answers_to_signings, stopping=into_the_next_minute)

    assert len(mailoutbox) == 3


def test_one_domain_waits_and_others_go_on(settings, mailoutbox, noon) -> None:
    settings.MAILS_A_MINUTE_PER_DOMAIN = 2
    make_signers(5, domain="example.org")
    make_signers(3, domain="Example.NET")
    make_signers(1, domain="example.com")

    sent = []
    for _minute in range(4):
        send_mail()
        sent.append(domains(mailoutbox))
        noon.shift(MINUTE)

    assert sent[0] == {"example.org": 2, "example.net": 2, "example.com": 1}
    assert sent[1] == {"example.org": 4, "example.net": 3, "example.com": 1}
    assert sent[2] == sent[3] == {"example.org": 5, "example.net": 3, "example.com": 1}
    assert set(SignatureMail.objects.values_list("attempts")) == {(1,)}


def test_what_waits_for_its_domain_is_due_in_the_next_minute(settings, noon) -> None:
    settings.MAILS_A_MINUTE_PER_DOMAIN = 1
    make_signers(3)

    send_mail()

    waiting = SignatureMail.objects.waiting()
    told = waiting.values_list("due_at", "leased_until", "attempts", "last_error")
    assert list(told) == [(timezone.now() + MINUTE, None, 0, "")] * 2


def test_a_domain_of_many_holds_up_nobody_behind_it(
    settings, mailoutbox, monkeypatch
) -> None:
    settings.MAILS_A_MINUTE_PER_DOMAIN = 1
    monkeypatch.setattr("signatures.outbox.BATCH", 5)
    make_signers(25, domain="example.org")
    make_signers(1, domain="example.com")

    send_mail()

    assert domains(mailoutbox) == {"example.org": 1, "example.com": 1}
    assert SignatureMail.objects.due().count() == 0


def test_who_waited_for_a_domain_does_not_need_a_cap_again(
    settings, mailoutbox, noon
) -> None:
    settings.MAILS_A_MINUTE_PER_DOMAIN = 1
    signers = make_signers(2)

    send_mail()
    caps = Bucket.objects.count()
    noon.shift(MINUTE)
    send_mail()

    assert receivers(mailoutbox) == signers
    assert Bucket.objects.count() == caps + 1  # that of the domain's next minute


def test_both_limits_together(settings, mailoutbox, noon) -> None:
    settings.MAILS_A_MINUTE, settings.MAILS_A_MINUTE_PER_DOMAIN = 4, 3
    make_signers(6, domain="example.org")
    make_signers(4, domain="example.com")

    sent = []
    for _minute in range(4):
        before = len(mailoutbox)
        send_mail()
        minute = mailoutbox[before:]
        sent.append(len(minute))
        assert max(domains(minute).values(), default=0) <= 3
        noon.shift(MINUTE)

    assert sent == [4, 4, 2, 0]


def test_without_limits_nothing_more_is_asked(settings) -> None:
    def queries_of_one() -> int:
        make_signers(1)
        with CaptureQueriesContext(connection) as queries:
            deliver(SignatureMail, answers_to_signings)
        return len(queries)

    plain = queries_of_one()
    settings.MAILS_A_MINUTE = settings.MAILS_A_MINUTE_PER_DOMAIN = 9

    assert queries_of_one() > plain


def test_the_worker_rests_while_all_that_is_due_has_to_wait(settings) -> None:
    settings.MAILS_A_MINUTE = 1
    make_signers(3)

    handled = [worker.send_mail() for _ in range(3)]

    assert handled == [1, 0, 0]
    assert SignatureMail.objects.filter(leased_until__gt=timezone.now()).count() == 0


def test_mail_that_can_wait_leaves_some_of_the_minute(settings, noon) -> None:
    settings.MAILS_A_MINUTE = 8

    news, answers = Minute(can_wait=True).take(10), Minute().take(10)

    assert (news, answers) == (6, 2)
