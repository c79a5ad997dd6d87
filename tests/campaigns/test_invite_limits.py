"""An invitation is a mail to a stranger: few are sent, and they carry little."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaigns import invitations, worker
from campaigns.invitations import TooManyInvitations
from campaigns.models import Invitation
from petitions.models import Account, Petition
from signatures.models import Suppression
from tests.campaigns.sent_mail import html_of
from tests.campaigns.test_invite import invitation_url, invite, invite_url
from tests.makers import make_draft, make_organizer, make_petition, make_staff

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


def test_no_more_than_ten_wait_and_no_more_than_ten_are_sent_a_day(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    for number in range(10):
        invitation = invite(own, f"ida{number}@example.org")
        invitations.take_back(invitation, by=rosa)
    with pytest.raises(TooManyInvitations):
        invite(own)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        for number in range(10):
            invite(own, f"bo{number}@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        page = log_in(rosa).post(invite_url(own), {"email": "ida@example.org"})

    assert "10 invitations wait" in page.content.decode()
    assert Invitation.objects.count() == 20


def test_one_organizer_invites_ten_a_day_over_all_petitions(
    rosa: Account, own: Petition
) -> None:
    organizer = own.organizers.get()
    others = [make_draft(organizers=[organizer]) for _ in range(2)]
    for number in range(10):
        invite(others[number % 2], f"ida{number}@example.org")

    with pytest.raises(TooManyInvitations):
        invite(own)

    assert Invitation.objects.count() == 10


def test_staff_invite_as_many_as_they_need(own: Petition) -> None:
    staff, other = make_staff(), make_draft()
    for number in range(11):
        invitations.invite(
            [own, other][number % 2],
            kind="take_over",
            email=f"ida{number}@example.org",
            by=staff,
        )

    assert Invitation.objects.count() == 11


def test_an_address_is_invited_three_times_a_day_whoever_does_it(
    rosa: Account, own: Petition
) -> None:
    for spelt in ("ida@example.org", "IDA@example.org", "ida+x@example.org"):
        invitations.take_back(invite(own, spelt), by=rosa)

    with pytest.raises(TooManyInvitations):
        invitations.invite(own, kind="join", email="ida@example.org", by=make_staff())
    invite(own, "ben@example.org")

    assert Invitation.objects.open().count() == 1


@pytest.mark.parametrize("path", ["invite", "hand-over-to"])
def test_who_says_that_it_is_not_for_them_gets_no_more_and_nobody_is_told(
    log_in: LogIn, rosa: Account, own: Petition, path: str
) -> None:
    invite(own)
    worker.send_all_mail()
    (message,) = mail.outbox
    (link,) = re.findall(r"http://testserver(/not-me/\S+)", message.body)
    Client().get(link)
    suppressed_by_looking = Suppression.objects.exists()

    Client().post(link)
    other, email = make_petition(organizers=own.organizers.all()), "IDA+x@example.org"
    page = log_in(rosa).post(
        f"/admin/petitions/petition/{other.pk}/{path}/",
        {"email": email, "again": email},
        follow=True,
    )
    worker.send_all_mail()

    assert f'href="http://testserver{link}"' in html_of(message)
    assert not suppressed_by_looking
    assert "a mail with the invitation is on its way" in page.content.decode()
    assert email in page.content.decode()
    assert mail.outbox == [message]


def test_the_mail_says_no_word_of_a_petition_that_nobody_has_checked(
    rosa: Account,
) -> None:
    organizer = make_organizer(name="Call 0800 1234", member=rosa)
    invite(make_draft(title="Your account is locked", organizers=[organizer]))

    worker.send_all_mail()

    (message,) = mail.outbox
    for said in (message.subject, message.body, html_of(message)):
        assert "locked" not in said
        assert not re.search(r"\b0800\b", said)  # not amid a random key
        assert "staff of" not in said
    assert message.subject == "An invitation from Undersigned"
    page = Client().get(invitation_url(Invitation.objects.get())).content.decode()
    assert "Call 0800 1234 asks you" in page
