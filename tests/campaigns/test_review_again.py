"""Staff who have pressed the wrong button take a rejected petition back to review."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from campaigns import lifecycle, moderation, worker
from campaigns.models import Event
from petitions.models import Account, Petition, WrongState
from tests.campaigns.admin_forms import act_url, opening
from tests.campaigns.sent_mail import html_of
from tests.html import Page
from tests.makers import (
    make_account,
    make_closed_petition,
    make_draft,
    make_hidden_petition,
    make_moderator,
    make_organizer,
    make_petition,
    make_review,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


def make_rejected(member: Account | None = None, **fields: object) -> Petition:
    petition = make_review(organizers=[make_organizer(member=member)], **fields)
    words = {"code": "personal", "reason": "It names a neighbor."}
    moderation.reject(petition, by=make_staff(), in_public=True, **words)
    return petition


def test_a_rejection_is_undone_and_decided_anew(log_in: LogIn) -> None:
    petition, client = make_rejected(title="Open the well"), log_in(make_moderator())
    moderator = Account.objects.latest("pk")
    since = petition.submitted_at
    form = {"reason": "The wrong button."}

    for _press in range(2):
        client.post(act_url(petition, "review-again"), form)

    petition.refresh_from_db()
    address = client.get(petition.get_absolute_url())
    assert (petition.state, petition.withheld_reason, petition.withheld_code) == (
        *("review", "", ""),
    )
    assert address.status_code == 404
    assert "Open the well" not in address.content.decode()
    assert [(one.petition, one.since) for one in moderation.queue()] == [
        (petition, since)
    ]
    event = Event.objects.get(kind="restored")
    assert (event.by, event.note) == (moderator, "The wrong button.")
    decide = f"/admin/petitions/petition/{petition.pk}/decide/"
    assert client.post(decide, opening(petition)).status_code == 302
    petition.refresh_from_db()
    assert petition.is_open


def undo(petition: Petition) -> None:
    worker.send_all_mail()  # what went before
    mail.outbox.clear()
    lifecycle.review_again(petition, by=make_staff(), reason="The wrong button.")


def test_its_organizers_hear_of_it() -> None:
    anna = make_account(email="anna@example.org")
    petition = make_rejected(anna, title="Open the well")

    undo(petition)
    worker.send_all_mail()

    (letter,) = mail.outbox
    overview = f"http://testserver/admin/petitions/petition/{petition.pk}/overview/"
    assert letter.to == [anna.email]
    assert letter.subject == "Your petition is in review again: Open the well"
    for words in ("It is rejected no longer", overview, "Open the well"):
        assert words in letter.body
        assert words in html_of(letter)


def test_the_subject_tells_nothing_of_a_sensitive_petition() -> None:
    undo(make_rejected(make_account(), title="A door that locks", sensitive=True))
    worker.send_all_mail()

    (letter,) = mail.outbox
    assert "door" not in letter.subject


def test_who_hears_that_it_is_open_does_not_hear_that_it_is_back() -> None:
    petition = make_rejected(make_account())

    undo(petition)
    lifecycle.open_petition(petition, by=make_staff())
    worker.send_all_mail()

    assert [one.subject for one in mail.outbox] == [
        f"Your petition is open: {petition.title}"
    ]


@pytest.mark.parametrize(
    "make", [make_draft, make_petition, make_closed_petition, make_hidden_petition]
)
def test_only_a_rejection_is_undone_so(make: Callable[[], Petition]) -> None:
    petition = make()
    events = Event.objects.count()

    with pytest.raises(WrongState):
        lifecycle.review_again(petition, by=make_staff(), reason="So.")

    assert Event.objects.count() == events


def test_the_button_stands_where_it_was_rejected(log_in: LogIn) -> None:
    petition, client = make_rejected(), log_in(make_staff())
    overview = f"/admin/petitions/petition/{petition.pk}/overview/"

    link = Page.of(client.get(overview)).one(
        "a", href=act_url(petition, "review-again")
    )

    assert link.words == "Back to review"
