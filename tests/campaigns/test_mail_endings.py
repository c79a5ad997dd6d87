"""Who asked for updates learns by mail that the petition has closed or won."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle
from campaigns.models import Ending, EndingMail
from petitions.models import Account, Petition
from signatures.models import Signature, SignatureMail, Suppression
from tests.campaigns.admin_forms import CLOSING, act_url
from tests.campaigns.sent_mail import html_of, make_asking, receivers, send_all
from tests.makers import (
    make_ending,
    make_petition,
    make_signature,
    make_staff,
    make_update,
    sign_url,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
KINDS = ["closed", "won"]


def links_in(message: EmailMultiAlternatives) -> list[str]:
    return re.findall(r"https?://\S+", message.body)


def press(link: str) -> None:
    """Open a mailed link and press the one button there."""
    path = link.removeprefix("http://testserver")
    assert Client().get(path).status_code == 200
    assert Client().post(path).status_code == 303


@pytest.mark.slow
def test_from_signing_to_the_mail_that_it_has_closed(
    client: Client, log_in: LogIn
) -> None:
    petition = make_petition(
        title="Keep the mill",
        closing_message="You were **wonderful**.",
        next_action_label="Come to the hearing",
        next_action_url="https://council.example.org/hearing",
    )
    form = {"name": "Ada", "email": "ada@example.org", "wants_updates": "on"}
    client.post(sign_url(petition), form)
    call_command("work", "--once")
    press(links_in(mail.outbox.pop())[0])
    call_command("work", "--once")

    log_in(make_staff()).post(
        act_url(petition, "close"), {**CLOSING, "with_mail": "on"}
    )
    call_command("work", "--once")

    (message,) = mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.subject == "Petition closed: Keep the mill"
    for words in [
        "This petition closed with 1 signature (",
        "They agreed.",
        "Come to the hearing",
        "https://council.example.org/hearing",
        f"http://testserver{petition.get_absolute_url()}",
    ]:
        assert words in message.body
        assert words in html_of(message)
    assert "You were **wonderful**." in message.body
    assert "You were <strong>wonderful</strong>." in html_of(message)


@pytest.mark.parametrize("kind", KINDS)
def test_exactly_those_are_mailed_who_had_asked(kind: str) -> None:
    petition = make_petition()
    make_asking(petition, email="ada@example.org")
    make_asking(petition, email="bela@example.org")
    make_asking(petition, email="never-asked@example.org", wants_updates=False)
    make_asking(make_petition(), email="of-another@example.org")
    late = make_signature(
        petition=petition, email="late@example.org", wants_updates=True
    )
    late.mails.all().delete()

    make_ending(petition, kind=kind)
    late.confirm()

    assert receivers() == ["ada@example.org", "bela@example.org"]
    assert receivers() == ["ada@example.org", "bela@example.org"]


def test_nobody_is_mailed_unless_that_was_asked() -> None:
    petition = make_petition()
    make_asking(petition)

    make_ending(petition, with_mail=False)

    assert receivers() == []
    assert EndingMail.objects.count() == 0


def test_a_petition_that_closes_by_itself_mails_them_too() -> None:
    petition = make_petition(title="Keep the mill")
    make_asking(petition, email="ada@example.org")
    Petition.objects.filter(pk=petition.pk).update(
        closes_at=timezone.now() - timedelta(hours=1)
    )

    for _time in range(2):
        call_command("work", "--once")

    (message,) = mail.outbox
    assert message.to == ["ada@example.org"]
    assert "This petition closed with 1 signature" in message.body
    assert "The reason" not in message.body + html_of(message)


@pytest.mark.parametrize("act", [lifecycle.hide, lifecycle.reject])
def test_hiding_and_rejecting_mail_nobody(act: Callable[..., None]) -> None:
    petition = make_petition()
    make_asking(petition)
    if act == lifecycle.reject:
        Petition.objects.filter(pk=petition.pk).update(state="review")

    act(petition, by=make_staff(), reason="It names a private person.")

    assert receivers() == []
    assert Ending.objects.count() == 0


def suppress(signature: Signature) -> None:
    Suppression.objects.create(address_key=signature.address_key)


def exclude(signature: Signature) -> None:
    lifecycle.exclude(signature, by=make_staff(), reason="A robot.")


@pytest.mark.parametrize(
    "change_mind", [Signature.withdraw, Signature.stop_updates, exclude, suppress]
)
@pytest.mark.parametrize("when", ["before", "after ending", "after queueing"])
def test_who_changes_their_mind_gets_no_mail(
    change_mind: Callable[[Signature], object], when: str
) -> None:
    petition = make_petition()
    make_asking(petition, email="ada@example.org")
    gone = make_asking(petition, email="gone@example.org")

    if when == "before":
        change_mind(gone)
    ending = make_ending(petition, kind="won")
    if when == "after ending":
        change_mind(gone)
    ending.queue_mails()
    if when == "after queueing":
        change_mind(gone)

    assert receivers() == ["ada@example.org"]
    ending.refresh_from_db()
    assert (ending.mail_total, ending.mail_sent, ending.mail_failed) == (1, 1, 0)


@pytest.mark.parametrize("is_queued", [False, True])
def test_a_petition_hidden_meanwhile_sends_nothing_and_nothing_when_it_is_back(
    is_queued: bool,
) -> None:
    petition, staff = make_petition(), make_staff()
    make_asking(petition)
    ending = make_ending(petition)
    if is_queued:
        ending.queue_mails()

    lifecycle.hide(petition, by=staff, reason="It names a private person.")
    while_hidden = receivers()
    lifecycle.restore(petition, by=staff, reason="It no longer does.")

    assert while_hidden == []
    assert receivers() == []


def test_winning_hiding_and_restoring_mails_nobody_twice() -> None:
    petition, staff = make_petition(), make_staff()
    make_asking(petition, email="ada@example.org")
    make_ending(petition, kind="won")
    send_all()

    lifecycle.hide(petition, by=staff, reason="A mistake.")
    lifecycle.restore(petition, by=staff, reason="It was one.")

    assert receivers() == ["ada@example.org"]


def test_a_petition_that_wins_after_closing_mails_both_in_this_order() -> None:
    petition = make_petition(title="Keep the mill")
    make_asking(petition)

    make_ending(petition, kind="closed")
    make_ending(petition, kind="won")

    assert [message.subject for message in send_all()] == [
        *("Petition closed: Keep the mill", "We won: Keep the mill")
    ]


def test_who_confirms_after_closing_hears_of_the_victory() -> None:
    petition = make_petition()
    late = make_signature(
        petition=petition, email="late@example.org", wants_updates=True
    )
    late.mails.all().delete()
    make_ending(petition, kind="closed")
    late.confirm()

    make_ending(petition, kind="won")

    assert receivers() == ["late@example.org"]


def test_mails_are_written_down_in_small_batches_and_never_twice() -> None:
    petition = make_petition()
    for _ in range(5):
        make_asking(petition)
    ending = make_ending(petition)

    assert ending.queue_mails(batch=2) == 5
    assert ending.queue_mails(batch=2) == 0
    assert EndingMail.objects.count() == 5
    assert list(Ending.objects.unmailed()) == []


def test_writing_down_goes_on_where_it_was_stopped() -> None:
    petition = make_petition()
    signatures = [make_asking(petition) for _ in range(5)]
    ending = make_ending(petition)
    for signature in signatures[:3]:  # then the process died
        EndingMail.objects.create(ending=ending, signature=signature)

    assert list(Ending.objects.unmailed()) == [ending]
    assert ending.queue_mails(batch=2) == 2
    mailed = EndingMail.objects.order_by("signature").values_list(
        "signature", flat=True
    )
    assert list(mailed) == [signature.pk for signature in signatures]


def test_what_another_worker_drops_at_once_is_not_written_down_again() -> None:
    petition = make_petition()
    for _ in range(3):
        make_asking(petition)
    ending = make_ending(petition)
    written: list[str] = []

    def drop_at_once(execute: Callable[..., object], sql: str, *rest: object) -> object:
        answer = execute(sql, *rest)
        if sql.startswith("INSERT"):
            written.append(sql)
            assert len(written) <= 3
            EndingMail.objects.all().delete()
        return answer

    with connection.execute_wrapper(drop_at_once):
        assert ending.queue_mails(batch=1) == 3

    assert len(written) == 3
    assert list(Ending.objects.unmailed()) == []


def test_answers_to_signers_go_before_endings_and_these_before_updates() -> None:
    petition = make_petition()
    make_asking(petition, email="ada@example.org")
    make_update(petition, title="The council listens", with_mail=True)
    make_ending(petition, kind="won")
    other = make_signature(email="new@example.org")

    sent = [(*message.to, message.subject[:6]) for message in send_all()]

    assert SignatureMail.objects.get().signature == other
    assert [address for address, _subject in sent] == [
        *("new@example.org", "ada@example.org", "ada@example.org")
    ]
    assert [subject for _address, subject in sent][1:] == ["We won", "The co"]
