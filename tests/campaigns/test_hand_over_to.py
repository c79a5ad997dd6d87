"""A petition goes from one organizer to another, and is never without."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from campaigns import invitations, worker
from campaigns.models import Event, Invitation, Update
from petitions.models import Account, Petition
from tests.campaigns.test_invite import TYPED, invitation_url, names_behind
from tests.makers import (
    make_account,
    make_organizer,
    make_petition,
    make_scheduled_update,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


@pytest.fixture
def own(rosa: Account) -> Petition:
    organizers = [
        make_organizer(name="Anna Ferro"),
        make_organizer(name="Rosa Lind", member=rosa),
        make_organizer(name="Bo Vance"),
    ]
    return make_petition(title="Open the well", organizers=organizers)


def hand_over_url(petition: Petition) -> str:
    return f"/admin/petitions/petition/{petition.pk}/hand-over-to/"


def offer(petition: Petition, by: Account) -> Invitation:
    return invitations.invite(
        petition, kind="take_over", email="ida@example.org", by=by
    )


def test_the_address_is_typed_twice(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    client, email = log_in(rosa), "ida@example.org"

    for again in ("", "ada@example.org"):
        page = client.post(hand_over_url(own), {"email": email, "again": again})
        assert "There is a problem" in page.content.decode()
    assert not Invitation.objects.exists()
    client.post(hand_over_url(own), {"email": email, "again": "IDA@example.org"})
    worker.send_all_mail()

    assert Invitation.objects.get().kind == "take_over"
    assert mail.outbox[0].subject == "Will you take over the petition “Open the well”?"
    assert names_behind(own) == ["Anna Ferro", "Rosa Lind", "Bo Vance"]


def test_the_page_says_who_leaves(log_in: LogIn, rosa: Account, own: Petition) -> None:
    page = log_in(rosa).get(hand_over_url(own)).content.decode()
    offered = Client().get(invitation_url(offer(own, rosa))).content.decode()

    assert "<strong>Rosa Lind</strong>" in page
    assert "It is no longer run by: Rosa Lind." in offered


def test_who_takes_over_stands_in_the_place_of_whoever_leaves(
    rosa: Account, own: Petition
) -> None:
    invitation = offer(own, rosa)

    answer = Client().post(invitation_url(invitation), TYPED)

    assert answer.status_code == 303
    assert names_behind(own) == ["Anna Ferro", "Ida Brook", "Bo Vance"]
    ida = Account.objects.get(email="ida@example.org")
    assert Petition.objects.run_by(ida).contains(own)
    assert not Petition.objects.run_by(rosa).exists()
    event = Event.objects.latest("pk")
    assert (event.kind, event.by, event.note) == ("handed_over", ida, "Ida Brook")


def test_who_ran_it_is_told_by_mail_that_it_was_taken_over(
    rosa: Account, own: Petition
) -> None:
    """Whoever has her session could hand it over unseen."""
    invitation = offer(own, rosa)
    worker.send_all_mail()
    mail.outbox.clear()

    Client().post(invitation_url(invitation), TYPED)
    worker.send_all_mail()

    (letter,) = mail.outbox
    assert letter.to == [rosa.email]
    assert letter.subject == "Somebody else runs your petition: Open the well"
    assert "Ida Brook has taken over this petition from you." in letter.body
    assert "choose a new password at once" in letter.body


@pytest.mark.parametrize("is_sensitive", [True, False])
def test_who_runs_it_is_told_by_mail_who_has_joined(
    rosa: Account, own: Petition, is_sensitive: bool
) -> None:
    Petition.objects.update(sensitive=is_sensitive)
    invitation = invitations.invite(own, kind="join", email="ida@example.org", by=rosa)
    worker.send_all_mail()
    mail.outbox.clear()

    Client().post(invitation_url(invitation), TYPED)
    worker.send_all_mail()

    (letter,) = mail.outbox
    assert letter.to == [rosa.email]
    assert ("Open the well" in letter.subject) is not is_sensitive
    assert "Ida Brook runs this petition with you now." in letter.body


def test_staff_hand_over_the_whole_petition(own: Petition) -> None:
    invitation = offer(own, make_staff())

    page = Client().get(invitation_url(invitation)).content.decode()
    Client().post(invitation_url(invitation), TYPED)

    assert "It is no longer run by: Anna Ferro, Rosa Lind, Bo Vance." in page
    assert names_behind(own) == ["Ida Brook"]


def test_where_nobody_runs_it_nobody_is_said_to_leave(log_in: LogIn) -> None:
    petition, staff = make_petition(), make_staff()
    petition.petitionorganizer_set.all().delete()
    invitation = offer(petition, staff)

    page = log_in(staff).get(hand_over_url(petition)).content.decode()
    offered = Client().get(invitation_url(invitation)).content.decode()
    Client().post(invitation_url(invitation), TYPED)

    assert "these leave" not in page
    assert "no longer run by" not in offered
    assert names_behind(petition) == ["Ida Brook"]


def test_what_whoever_left_has_begun_leads_nowhere(
    log_in: LogIn, rosa: Account, own: Petition
) -> None:
    client = log_in(rosa)
    invitation = offer(own, rosa)
    friend = invitations.invite(own, kind="join", email="ben@example.org", by=rosa)
    late = make_scheduled_update(own, by=rosa)
    Client().post(invitation_url(invitation), TYPED)

    for page in ("overview", "invite", "hand-over-to", "export", "change"):
        url = f"/admin/petitions/petition/{own.pk}/{page}/"
        assert client.get(url, follow=True).status_code in {404, 200}
        assert "Open the well" not in client.get(url, follow=True).content.decode()
        client.post(url, {"email": "li@example.org", "again": "li@example.org"})
    assert Client().post(invitation_url(friend), {"name": "Ben"}).status_code == 410
    late.post()

    assert Invitation.objects.count() == 2
    assert not Update.objects.exists()
    assert names_behind(own) == ["Anna Ferro", "Ida Brook", "Bo Vance"]


def test_who_hands_over_to_themselves_stays(rosa: Account) -> None:
    organizer = make_organizer(name="Rosa Lind", member=rosa)
    petition = make_petition(organizers=[organizer])
    invitation = invitations.invite(
        petition, kind="take_over", email=rosa.email, by=rosa
    )

    Client().post(invitation_url(invitation), {"organizer": organizer.pk})

    assert names_behind(petition) == ["Rosa Lind"]


def test_who_stands_behind_it_already_takes_the_place_over(
    rosa: Account, own: Petition
) -> None:
    bo = own.organizers.get(name="Bo Vance")
    bo.members.add(make_account(email="ida@example.org"))

    Client().post(invitation_url(offer(own, rosa)), {"organizer": bo.pk})

    assert names_behind(own) == ["Anna Ferro", "Bo Vance"]


def test_a_second_offer_hands_over_nothing_once_the_first_is_accepted(
    rosa: Account, own: Petition
) -> None:
    offer(own, rosa)
    second = invitations.invite(own, kind="take_over", email="ben@example.org", by=rosa)

    Client().post(
        invitation_url(Invitation.objects.get(email="ida@example.org")), TYPED
    )
    late = Client().post(invitation_url(second), {"name": "Ben"})

    assert late.status_code == 410
    assert names_behind(own) == ["Anna Ferro", "Ida Brook", "Bo Vance"]


def test_a_petition_that_was_handed_over_is_found_by_the_new_name(
    rosa: Account, own: Petition
) -> None:
    while Petition.objects.index():
        pass
    Client().post(invitation_url(offer(own, rosa)), TYPED)
    while Petition.objects.index():
        pass

    found = Client().get("/petitions/?q=Brook").content.decode()
    gone = Client().get("/petitions/?q=Lind").content.decode()

    assert "Open the well" in found
    assert "Open the well" not in gone
