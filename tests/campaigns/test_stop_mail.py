"""How far the mail about a petition is; stopping it, and going on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaigns import worker
from campaigns.mail import updates_to_signers
from campaigns.models import Event, EventKind, Update, UpdateMail
from campaigns.petition_page import PetitionPage
from campaigns.retention import forget
from petitions.models import Account, Petition
from signatures.models import Signature
from signatures.outbox import deliver
from tests.campaigns.sent_mail import make_asking, receivers
from tests.html import Page
from tests.makers import (
    make_account,
    make_ending,
    make_moderator,
    make_organizer,
    make_petition,
    make_staff,
    make_update,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
LONG_AGO = timedelta(days=31)


@pytest.fixture
def petition(rosa: Account) -> Petition:
    """With four who asked for updates."""
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    for number in range(4):
        make_asking(petition, email=f"ada{number}@example.org")
    return petition


EVERYBODY = [f"ada{number}@example.org" for number in range(4)]


def send(number: int) -> None:
    while number:  # on a slow machine a batch may end before its last
        number -= deliver(UpdateMail, updates_to_signers, limit=number)


def follow(update: Update) -> Update:
    Update.objects.follow(every=timedelta(0))
    update.refresh_from_db()
    return update


def half_sent(petition: Petition) -> Update:
    update = make_update(petition, with_mail=True)
    update.queue_mails()
    send(2)
    return follow(update)


def test_numbers_are_those_that_a_worker_saw(petition: Petition) -> None:
    update = half_sent(petition)

    assert (update.mail_total, update.mail_sent, update.mails_left) == (4, 2, 2)
    assert update.mail_done_at is None

    receivers()
    update.refresh_from_db()
    assert (update.mail_total, update.mail_sent, update.mails_left) == (4, 4, 0)
    assert update.mail_done_at


def test_what_is_not_written_down_yet_is_not_done(petition: Petition) -> None:
    update = make_update(petition, with_mail=True)

    assert follow(update).mail_done_at is None
    assert receivers() == EVERYBODY


def test_writing_down_ends_when_the_worker_is_told_to(petition: Petition) -> None:
    update = make_update(petition, with_mail=True)

    assert update.queue_mails(batch=3, stopping=lambda: True) == 3

    assert list(Update.objects.unmailed()) == [update]
    assert receivers() == EVERYBODY


def test_a_look_is_taken_once_in_a_while_however_many_workers_there_are(
    petition: Petition, django_assert_num_queries: Callable[..., object]
) -> None:
    half_sent(petition)
    send(1)

    with django_assert_num_queries(1):
        Update.objects.follow()

    assert Update.objects.get().mail_sent == 2


def test_of_workers_that_come_at_once_one_looks(petition: Petition) -> None:
    half_sent(petition)
    send(1)
    Update.objects.update(mail_seen_at=None)

    def another_looks_first(execute, sql, *arguments):
        answer = execute(sql, *arguments)
        if sql.startswith("SELECT"):
            Update.objects.update(mail_seen_at=timezone.now())
        return answer

    with connection.execute_wrapper(another_looks_first):
        Update.objects.follow()

    assert Update.objects.get().mail_sent == 2


def test_stopped_mail_goes_to_nobody_else(petition: Petition, rosa: Account) -> None:
    update = half_sent(petition)

    assert update.stop_mail(by=rosa)

    assert len(receivers()) == 2
    follow(update)
    assert (update.mail_total, update.mail_sent, update.mails_left) == (4, 2, 2)
    assert not update.mails.waiting().exists()
    event = Event.objects.latest("pk")
    assert (event.kind, event.by) == (EventKind.MAIL_STOPPED, rosa)


def test_going_on_reaches_everybody_once(petition: Petition, rosa: Account) -> None:
    update = half_sent(petition)
    update.stop_mail(by=rosa)
    worker.send_all_mail()

    assert update.resume_mail(by=rosa)

    assert receivers() == EVERYBODY
    assert follow(update).mail_done_at
    assert Event.objects.latest("pk").kind == EventKind.MAIL_RESUMED


def test_stopping_before_anything_is_written_down(
    petition: Petition, rosa: Account
) -> None:
    update = make_update(petition, with_mail=True)

    update.stop_mail(by=rosa)

    assert receivers() == []
    assert not UpdateMail.objects.exists()
    update.resume_mail(by=rosa)
    assert receivers() == EVERYBODY


def test_numbers_of_what_is_stopped_at_once_are_known(
    petition: Petition, rosa: Account
) -> None:
    update = make_update(petition, with_mail=True)
    update.queue_mails()
    update.stop_mail(by=rosa)

    for _look in range(2):
        follow(update)

    assert (update.mail_sent, update.mails_left) == (0, 4)
    assert not update.mails.exists()


def test_who_writes_mails_down_ends_when_they_are_stopped(
    petition: Petition, rosa: Account
) -> None:
    update = make_update(petition, with_mail=True)
    writing = Update.objects.get(pk=update.pk)
    writing._queue_some(2, after=0)

    update.stop_mail(by=rosa)

    assert writing.queue_mails(batch=1) == 0
    update.resume_mail(by=rosa)
    assert writing.queue_mails(batch=1) == 0  # it is for who has read it since
    update.refresh_from_db()
    assert update.mail_queued_at is None
    assert receivers() == EVERYBODY


def test_what_a_worker_holds_is_left_to_it(petition: Petition, rosa: Account) -> None:
    update = make_update(petition, with_mail=True)
    update.queue_mails()
    held = UpdateMail.objects.lease(1)

    update.stop_mail(by=rosa)
    follow(update)

    assert list(UpdateMail.objects.all()) == held


def test_what_waits_is_removed_in_batches(petition: Petition, rosa: Account) -> None:
    update = make_update(petition, with_mail=True)
    update.queue_mails()
    update.stop_mail(by=rosa)
    update.refresh_from_db()

    assert [update.clear(most=3) for _ in range(3)] == [3, 1, 0]


def test_nothing_is_stopped_or_resumed_twice(petition: Petition, rosa: Account) -> None:
    update = half_sent(petition)
    events = Event.objects.count()

    answers = [
        act(update, by=rosa)
        for act in (Update.resume_mail, Update.stop_mail, Update.stop_mail)
    ]
    answers += [update.resume_mail(by=rosa), update.resume_mail(by=rosa)]

    assert answers == [False, True, False, True, False]
    assert Event.objects.count() == events + 2


def test_after_seven_days_it_is_over(petition: Petition, rosa: Account) -> None:
    update = half_sent(petition)
    update.stop_mail(by=rosa)
    Update.objects.update(mail_stopped_at=timezone.now() - timedelta(days=7))

    assert not update.resume_mail(by=rosa)

    follow(update)
    follow(update)
    assert update.mail_done_at
    assert update.resumable_until is None
    assert not update.mails.waiting().exists()


def test_sent_mails_are_kept_until_their_mailing_is_done(petition: Petition) -> None:
    update = half_sent(petition)
    UpdateMail.objects.sent().update(sent_at=timezone.now() - LONG_AGO)

    forget()
    while_running = UpdateMail.objects.sent().count()
    receivers()
    forget()

    assert while_running == 2
    assert UpdateMail.objects.count() == 2
    update.refresh_from_db()
    assert update.mail_sent == 4


def test_a_mail_that_is_tried_again_makes_its_mailing_unfinished(
    petition: Petition,
) -> None:
    update = make_update(petition, with_mail=True)
    update.queue_mails()
    UpdateMail.objects.first().mark_dead("SMTPDataError 550")
    receivers()
    update.refresh_from_db()
    was_done = update.mail_done_at

    UpdateMail.objects.dead().get().revive()
    receivers()

    assert was_done
    update.refresh_from_db()
    assert (update.mail_sent, update.mail_failed) == (4, 0)
    assert update.mail_done_at > was_done


def test_a_mail_that_is_tried_again_reaches_nobody_twice_who_got_it_long_ago(
    petition: Petition, rosa: Account
) -> None:
    update = make_update(petition, with_mail=True)
    update.queue_mails()
    UpdateMail.objects.first().mark_dead("SMTPDataError 550")
    receivers()
    Signature.objects.update(confirmed_at=timezone.now() - LONG_AGO)
    Update.objects.update(mail_due_at=timezone.now() - LONG_AGO)  # stopped till now
    UpdateMail.objects.sent().update(sent_at=timezone.now() - LONG_AGO)
    forget()

    UpdateMail.objects.dead().get().revive()
    update.stop_mail(by=rosa)
    update.resume_mail(by=rosa)

    assert receivers() == EVERYBODY


def test_how_far_it_is_leaves_the_public_page_as_it_was(petition: Petition) -> None:
    update = half_sent(petition)
    before = PetitionPage.ask(petition.slug, via="").marks

    send(1)
    follow(update)

    assert PetitionPage.ask(petition.slug, via="").marks == before


# In the admin


def page_of(update: Update) -> str:
    return f"/admin/petitions/petition/{update.petition_id}/mail/update/{update.pk}/"


def test_an_organizer_stops_it_and_goes_on(
    log_in: LogIn, petition: Petition, rosa: Account
) -> None:
    update, client = half_sent(petition), log_in(rosa)

    before = Page.of(client.get(page_of(update))).words
    client.post(page_of(update), {"stop": "1"})
    stopped = Page.of(client.get(page_of(update))).words
    sent_then = receivers()
    client.post(page_of(update), {"resume": "1"})

    assert "Sent 2 Given up 0 Left 2" in before
    assert "Stopped on" in stopped
    assert len(sent_then) == 2
    assert receivers() == EVERYBODY


@pytest.mark.parametrize("number", [1, 6])
def test_no_page_counts_mails(
    log_in: LogIn,
    petition: Petition,
    rosa: Account,
    number: int,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    update, client = half_sent(petition), log_in(rosa)
    for _ in range(number - 1):
        make_update(petition)
    client.get(page_of(update))
    pages = [page_of(update), f"/admin/petitions/petition/{petition.pk}/mail/"]
    pages += [f"/admin/campaigns/update/{update.pk}/change/"]

    for page in pages:
        with django_assert_max_num_queries(12) as asked:
            assert client.get(page).status_code == 200
        assert not [one for one in asked if "updatemail" in one["sql"].lower()]


def test_the_list_names_all_that_went_to_signers(
    log_in: LogIn, petition: Petition, rosa: Account
) -> None:
    make_update(petition, title="We meet", with_mail=True)
    make_update(petition, title="Only on the page")
    make_ending(petition)

    response = log_in(rosa).get(f"/admin/petitions/petition/{petition.pk}/mail/")

    words = Page.of(response).words
    assert "We meet" in words
    assert "Closed" in words
    assert "Only on the page" not in words


def test_an_ending_is_stopped_by_staff_alone(
    log_in: LogIn, petition: Petition, rosa: Account
) -> None:
    ending = make_ending(petition)
    page = f"/admin/petitions/petition/{petition.pk}/mail/ending/{ending.pk}/"
    client = log_in(rosa)

    assert b'name="stop"' not in client.get(page).content
    assert client.post(page, {"stop": "1"}).status_code == 403
    assert log_in(make_staff()).post(page, {"stop": "1"}).status_code == 302
    ending.refresh_from_db()
    assert ending.is_stopped


@pytest.mark.parametrize("kind", ["update", "ending", "rumour"])
def test_what_belongs_to_another_petition_is_not_there(
    log_in: LogIn, petition: Petition, rosa: Account, kind: str
) -> None:
    foreign = make_petition(organizers=[make_organizer(member=make_account())])
    update = make_update(foreign, with_mail=True)
    own = f"/admin/petitions/petition/{petition.pk}/mail/{kind}/{update.pk}/"
    client = log_in(rosa)

    for page in (own, page_of(update)):
        assert client.get(page).status_code == 404
        assert client.post(page, {"stop": "1"}).status_code == 404
    update.refresh_from_db()
    assert not update.is_stopped


def test_moderators_have_no_part_in_it(log_in: LogIn, petition: Petition) -> None:
    update = make_update(petition, with_mail=True)

    assert log_in(make_moderator()).get(page_of(update)).status_code == 403
