"""Staff end a petition in the admin and see how far the mail about it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import worker
from campaigns.models import Ending, EndingMail
from petitions.models import Account, Petition
from tests.campaigns.admin_forms import ENDS, act_url, change_url
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_ending,
    make_organizer,
    make_petition,
    make_promise,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
PROOF = "https://council.example.org/minutes/12"


def add_asking(petition: Petition, number: int) -> None:
    for _ in range(number):
        make_confirmed_signature(petition=petition, wants_updates=True)


@pytest.mark.parametrize("act", ENDS)
@pytest.mark.parametrize(("number", "people"), [(1, "1 person"), (2, "2 people")])
def test_the_form_has_a_ticked_box_with_the_number_of_readers(
    log_in: LogIn, act: str, number: int, people: str
) -> None:
    petition = make_petition()
    add_asking(petition, number)
    make_confirmed_signature(petition=petition, wants_updates=False)
    make_signature(petition=petition, wants_updates=True)

    page = Page.of(log_in(make_staff()).get(act_url(petition, act)))

    box = page.one("input", type="checkbox", name="with_mail")
    label = page.one("label", **{"for": box.attributes["id"]})
    assert "checked" in box.attributes
    assert label.words == f"Mail it to the {people} who asked for updates"


@pytest.mark.parametrize("act", ENDS)
def test_there_is_no_box_where_nobody_asked(log_in: LogIn, act: str) -> None:
    petition = make_petition()

    page = Page.of(log_in(make_staff()).get(act_url(petition, act)))

    assert page.all("input", name="with_mail") == []


@pytest.mark.parametrize("act", ENDS)
@pytest.mark.parametrize("is_ticked", [True, False])
def test_it_is_mailed_if_the_box_is_ticked(
    log_in: LogIn, act: str, is_ticked: bool
) -> None:
    petition = make_petition()
    add_asking(petition, 1)
    box = {"with_mail": "on"} if is_ticked else {}

    log_in(make_staff()).post(act_url(petition, act), {**ENDS[act], **box})

    ending = Ending.objects.get()
    assert (ending.mail_due_at is not None) == is_ticked
    assert ending.queue_mails() == 1 if is_ticked else not ending.mails.exists()


def test_a_form_with_an_error_keeps_the_box_as_it_was_set(log_in: LogIn) -> None:
    petition = make_petition()
    add_asking(petition, 1)

    page = Page.of(log_in(make_staff()).post(act_url(petition, "close"), {}))

    assert "checked" not in page.one("input", name="with_mail").attributes
    assert Ending.objects.count() == 0


@pytest.mark.slow
def test_the_page_of_the_petition_tells_how_far_the_mail_is(log_in: LogIn) -> None:
    petition = make_petition()
    add_asking(petition, 3)
    client = log_in(make_staff())

    def line() -> str:
        words = Page.of(client.get(change_url(petition))).words
        assert words.count("Mail about closing: ") == 1
        return words.split("Mail about closing: ")[1]

    ending = make_ending(petition)
    assert line().startswith("being prepared")

    ending.queue_mails()
    EndingMail.objects.first().mark_dead("SMTPDataError 550")
    worker.follow_mailings(every=timedelta(0))
    assert line().startswith("0 sent, 2 waiting, 1 given up")

    worker.send_all_mail()
    assert line().startswith("2 sent, 0 waiting, 1 given up")


def test_both_endings_have_a_line_also_for_the_organizer(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    make_ending(petition, kind="closed", with_mail=False)
    make_ending(petition, kind="won")

    words = Page.of(log_in(rosa).get(change_url(petition))).words

    assert "Mail about closing: not by mail Mail about winning: being prepared" in words


def test_an_open_petition_has_no_line_about_mail(log_in: LogIn) -> None:
    petition = make_petition()

    words = Page.of(log_in(make_staff()).get(change_url(petition))).words

    assert "Mail about" not in words


def test_staff_try_again_what_was_given_up(log_in: LogIn) -> None:
    petition = make_petition()
    add_asking(petition, 1)
    make_ending(petition).queue_mails()
    dead = EndingMail.objects.get()
    dead.mark_dead("SMTPDataError 550")

    response = log_in(make_staff()).post(
        "/admin/campaigns/endingmail/",
        {"action": "try_again", "_selected_action": [dead.pk]},
    )

    assert response.status_code == 302
    assert EndingMail.objects.waiting().count() == 1


def test_the_petitions_own_page_says_how_it_ended_what_shows_it_and_what_was_promised(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    petition.close(outcome="lost", reason="They sold it.")
    overview = f"/admin/petitions/petition/{petition.pk}/overview/"

    def state() -> str:
        page = Page.of(log_in(rosa).get(overview))
        return page.one("section", class_="overview__state").words

    closed = state()
    petition.win(summary="They gave it back.", outcome="partly", proof_url=PROOF)
    make_promise(petition, text="A plaque.", answer="kept", answered_at=timezone.now())
    won = state()

    for words in ("They sold it.", "Lost. No proof was given."):
        assert words in closed
    for words in ("They gave it back.", "council.example.org", "A plaque. Kept"):
        assert words in won
    assert "Won in part." in won
    assert "They sold it." not in won
