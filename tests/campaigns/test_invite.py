"""Organizers invite others to run a petition with them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaigns import invitations, lifecycle, worker
from campaigns.invitations import InvitationOver, InvitedBefore
from campaigns.models import Event, Invitation, Notice
from petitions.models import Account, Organizer, Petition, Role
from signatures.addresses import address_key
from signatures.models import Suppression
from signatures.tokens import NO_KEY, Purpose, make_token
from tests.campaigns.sent_mail import html_of
from tests.log_in import mails_to
from tests.makers import (
    PASSWORD,
    make_account,
    make_draft,
    make_moderator,
    make_organizer,
    make_petition,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
TYPED = {"name": "Ida Brook", "kind": "person", "place": "Ostrey"}


@pytest.fixture
def own(rosa: Account) -> Petition:
    organizer = make_organizer(name="Rosa Lind", member=rosa)
    return make_petition(title="Open the well", organizers=[organizer])


def invite_url(petition: Petition) -> str:
    return f"/admin/petitions/petition/{petition.pk}/invite/"


def invite(petition: Petition, email: str = "ida@example.org") -> Invitation:
    by = Account.objects.filter(organizers__petitions=petition).first()
    return invitations.invite(petition, kind="join", email=email, by=by)


def invitation_url(invitation: Invitation) -> str:
    return f"/invitation/{make_token(invitation.key, Purpose.INVITATION)}/"


def names_behind(petition: Petition) -> list[str]:
    rows = petition.petitionorganizer_set.order_by("position", "pk")
    return [str(row.organizer) for row in rows]


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


# Inviting


def test_an_organizer_invites_and_the_invited_gets_a_link(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    client = log_in(rosa)

    client.post(invite_url(own), {"email": "Ida@Example.org"})
    worker.send_all_mail()

    invitation = Invitation.objects.get()
    (message,) = mail.outbox
    assert message.to == ["Ida@example.org"]
    assert message.subject == "Will you run the petition “Open the well” with us?"
    for said in (message.body, html_of(message)):
        assert invitation_url(invitation) in said
        assert "Rosa Lind" in said
    event = Event.objects.get()
    assert (event.kind, event.by) == ("invited", rosa)
    assert "ida" not in event.note.lower()
    page = client.get(invite_url(own)).content.decode()
    assert "Ida@example.org" in page


def test_anothers_petition_cannot_be_invited_to(log_in: LogIn, rosa: Account) -> None:
    foreign = make_draft(title="A foreign draft")
    client = log_in(rosa)

    for path in ("invite", "hand-over-to", "still-ours"):
        url = f"/admin/petitions/petition/{foreign.pk}/{path}/"
        typed = {"email": "ida@example.org", "again": "ida@example.org"}
        assert client.get(url).status_code == 404
        assert client.post(url, typed).status_code == 404

    assert not Invitation.objects.exists()


def test_a_moderator_invites_nobody(log_in: LogIn, own: Petition) -> None:
    client = log_in(make_moderator())

    for path in ("invite", "hand-over-to", "still-ours"):
        url = f"/admin/petitions/petition/{own.pk}/{path}/"
        assert client.post(url, {"email": "ida@example.org"}).status_code == 403


@pytest.mark.parametrize("email", ["", "ida@", "ída@example.org", "a" * 300])
def test_what_is_no_address_is_not_written_to(
    log_in: LogIn, rosa: Account, own: Petition, email: str
) -> None:
    page = log_in(rosa).post(invite_url(own), {"email": email})

    assert "There is a problem" in page.content.decode()
    assert not Invitation.objects.exists()


def test_one_address_is_not_invited_twice_at_a_time(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    invite(own)

    with pytest.raises(InvitedBefore):
        invite(own, "IDA@example.org")
    page = log_in(rosa).post(invite_url(own), {"email": "ida@example.org"})

    assert "invited already" in page.content.decode()
    assert Invitation.objects.count() == 1


def test_an_invitation_can_be_taken_back(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    invitation = invite(own)
    client = log_in(rosa)

    client.post(invite_url(own), {"take_back": invitation.pk})

    invitation.refresh_from_db()
    assert invitation.taken_back_at is not None
    assert invitation.email == ""
    assert "ida@" not in client.get(invite_url(own)).content.decode()
    assert Client().post(invitation_url(invitation), TYPED).status_code == 410
    worker.send_all_mail()
    assert mail.outbox == []


def test_taking_back_is_written_down_once_and_without_the_address(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    invitation, client = invite(own), log_in(rosa)

    for _press in range(2):
        client.post(invite_url(own), {"take_back": invitation.pk})

    assert kinds() == ["invited", "uninvited"]
    event = Event.objects.latest("pk")
    assert (event.petition, event.by) == (own, rosa)
    assert event.note == "To stand behind it together"


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "0"])
def test_taking_back_what_is_not_there_harms_nothing(
    log_in: LogIn, rosa: Account, own: Petition, number: str
) -> None:
    answer = log_in(rosa).post(invite_url(own), {"take_back": number})

    assert answer.status_code == 302


def test_anothers_invitation_cannot_be_taken_back(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    ben = make_account(role=Role.ORGANIZER)
    foreign = invite(make_petition(organizers=[make_organizer(member=ben)]))

    log_in(rosa).post(invite_url(own), {"take_back": foreign.pk})

    foreign.refresh_from_db()
    assert foreign.is_open


def test_who_wants_no_mail_from_here_gets_none(own: Petition) -> None:
    invite(own)
    Suppression.objects.create(address_key=address_key("ida@example.org"))

    worker.send_all_mail()

    assert mail.outbox == []


# Accepting


def test_the_link_says_what_it_means_and_changes_nothing(own: Petition) -> None:
    invitation = invite(own)

    for method in (Client().get, Client().head):
        page = method(invitation_url(invitation))
        assert page.status_code == 200
        assert page["Cache-Control"] == "no-store, private"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page["Referrer-Policy"] == "no-referrer"

    words = Client().get(invitation_url(invitation)).content.decode()
    assert "Rosa Lind asks you to run this petition together" in words
    assert "Open the well" in words
    assert "ida@" not in words
    assert names_behind(own) == ["Rosa Lind"]
    assert not Account.objects.filter(email="ida@example.org").exists()


def test_who_accepts_has_an_account_and_stands_behind_it(
    client: Client, own: Petition
) -> None:
    invitation = invite(own, "Ida@example.org")

    first = Client().post(invitation_url(invitation), TYPED)
    again = Client().post(invitation_url(invitation), {**TYPED, "name": "Other"})

    assert first.status_code == 303
    assert "You run this petition now" in again.content.decode()
    account = Account.objects.get(email="ida@example.org")
    assert account.is_organizer
    assert not account.has_usable_password()
    assert Petition.objects.run_by(account).get() == own
    assert names_behind(own) == ["Rosa Lind", "Ida Brook"]
    organizer = Organizer.objects.get(name="Ida Brook")
    assert (organizer.place, organizer.kind) == ("Ostrey", "person")
    invitation.refresh_from_db()
    assert (invitation.email, bool(invitation.accepted_at)) == ("", True)
    assert kinds() == ["invited", "joined"]
    assert Event.objects.latest("pk").by == account
    page = Client().get(own.get_absolute_url()).content.decode()
    assert "Ida Brook" in page


def test_who_has_accepted_sets_a_password_by_mail(own: Petition) -> None:
    Client().post(invitation_url(invite(own)), TYPED)

    Client().post("/accounts/password/reset/", {"email": "ida@example.org"})

    (message,) = mails_to(Account.objects.get(email="ida@example.org"), 1)
    assert "A new password" in message.subject


def test_an_account_that_is_there_keeps_all_it_has(own: Petition) -> None:
    ida = make_account(email="ida@example.org", role=Role.ORGANIZER)
    house = make_organizer(name="The Ida House", member=ida)
    stranger = make_organizer(name="Strange")
    invitation = invite(own, "Ida@example.org")

    page = Client().get(invitation_url(invitation)).content.decode()
    refused = Client().post(
        invitation_url(invitation), {**TYPED, "organizer": stranger.pk}
    )
    taken = Client().post(invitation_url(invitation), {"organizer": house.pk})

    assert "The Ida House" in page
    assert "Strange" not in page
    assert (refused.status_code, taken.status_code) == (400, 303)
    assert names_behind(own) == ["Rosa Lind", "The Ida House"]
    ida.refresh_from_db()
    assert ida.check_password(PASSWORD)
    assert ida.name.startswith("Account")


def test_an_account_that_may_not_log_in_is_told_so(own: Petition) -> None:
    ida = make_account(email="ida@example.org")
    Account.objects.filter(pk=ida.pk).update(is_active=False)

    page = Client().post(invitation_url(invite(own)), TYPED)

    assert page.status_code == 400
    assert "may not log in" in page.content.decode()
    assert names_behind(own) == ["Rosa Lind"]


def test_two_of_one_name_have_addresses_of_their_own(own: Petition) -> None:
    Client().post(invitation_url(invite(own)), TYPED)
    Client().post(invitation_url(invite(own, "other@example.org")), TYPED)
    Client().post(invitation_url(invite(own, "li@example.org")), {"name": "李"})

    slugs = Organizer.objects.filter(name__in=["Ida Brook", "李"]).order_by("pk")
    assert [one.slug for one in slugs] == ["ida-brook", "ida-brook-2", "organizer"]


@pytest.mark.parametrize(
    "typed",
    [{}, {"name": "o" * 101}, {"name": "Ida", "kind": "robot"}, {"organizer": "x"}],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    own: Petition, typed: dict[str, str]
) -> None:
    page = Client().post(invitation_url(invite(own)), typed)

    assert page.status_code == 400
    assert "There is a problem" in page.content.decode()
    assert not Account.objects.filter(email="ida@example.org").exists()


def test_a_forged_link_opens_nothing(own: Petition) -> None:
    other_door = make_token(invite(own).key, Purpose.ANSWER)

    for token in ["forged", make_token(NO_KEY, Purpose.INVITATION), other_door]:
        for method in (Client().get, Client().post):
            assert method(f"/invitation/{token}/").status_code == 404


def test_another_site_cannot_accept(own: Petition) -> None:
    invitation = invite(own)
    foreign = {"Sec-Fetch-Site": "cross-site"}

    page = Client().post(invitation_url(invitation), TYPED, headers=foreign)

    assert page.status_code == 403
    assert names_behind(own) == ["Rosa Lind"]


@pytest.mark.parametrize(
    "change",
    [
        lambda it: Invitation.objects.update(
            ends_at=timezone.now() - timedelta(seconds=1)
        ),
        lambda it: lifecycle.hide(it, by=make_staff(), reason="X."),
        lambda it: Organizer.objects.get(name="Rosa Lind").members.clear(),
        lambda it: Account.objects.get(organizers__petitions=it).groups.clear(),
        lambda it: Account.objects.filter(organizers__petitions=it).update(
            is_active=False
        ),
    ],
    ids=["run out", "hidden", "inviter has left", "has no role", "is shut out"],
)
def test_an_invitation_that_is_over_lets_nobody_in(
    own: Petition, change: Callable[[Petition], object]
) -> None:
    invitation = invite(own)
    change(own)

    worker.send_mail()
    assert not Notice.objects.filter(invitation=invitation).exists()
    assert not [one for one in mail.outbox if one.to == ["ida@example.org"]]
    for method in (Client().get, Client().post):
        page = method(invitation_url(invitation), TYPED)
        assert page.status_code == 410
        assert "Open the well" not in page.content.decode()
    with pytest.raises(InvitationOver):
        invitations.accept(invitation, name="Ida Brook")

    assert names_behind(own) == ["Rosa Lind"]


def test_the_address_is_forgotten_when_the_invitation_runs_out(own: Petition) -> None:
    invitation, other = invite(own), invite(own, "bo@example.org")
    Invitation.objects.filter(pk=invitation.pk).update(
        ends_at=timezone.now() - timedelta(seconds=1)
    )

    worker.do_daily()

    invitation.refresh_from_db()
    other.refresh_from_db()
    assert (invitation.email, other.email) == ("", "bo@example.org")
