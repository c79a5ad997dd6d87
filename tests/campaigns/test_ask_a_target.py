"""Staff ask a target to answer; everybody sees that, and for how long in vain."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaigns import answers, lifecycle, worker
from campaigns.models import Answer, Event, EventKind, Notice
from campaigns.petition_page import PetitionPage
from petitions.models import (
    Account,
    Petition,
    PetitionTarget,
    Target,
    WrongState,
)
from signatures.addresses import address_key
from signatures.models import Suppression
from tests.campaigns.asking import (
    WORDS,
    answer_url,
    ask,
    ask_url,
    asked_days_ago,
    kinds,
    make_answered,
    make_asked,
    make_asked_too,
)
from tests.campaigns.sent_mail import html_of
from tests.makers import (
    make_moderator,
    make_organizer,
    make_petition,
    make_staff,
    make_target,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


def test_staff_ask_and_the_target_gets_a_link(log_in: LogIn) -> None:
    petition, _target = make_asked()
    client, delivery = log_in(make_staff()), petition.deliveries.get()

    client.post(ask_url(petition), {"target": delivery.pk})
    worker.send_all_mail()

    answer = Answer.objects.get()
    (message,) = mail.outbox
    assert message.to == ["bo@example.org"]
    assert message.subject == "Your answer is wanted: Open the well"
    for said in (message.body, html_of(message)):
        assert answer_url(answer) in said
        assert f"{answer_url(answer)}no-mail/" in said
        assert petition.ask in said
    delivery.refresh_from_db()
    assert delivery.asked_at == answer.asked_at
    assert kinds() == ["target_asked"]


def test_the_page_to_ask_names_each_target_and_what_hinders_it(log_in: LogIn) -> None:
    targets = [
        make_target(name="Anna", email="anna@example.org"),
        make_target(name="Without Address"),
        make_target(name="Tired", email="tired@example.org", wants_no_mail=True),
    ]
    petition = make_petition(targets=targets)

    page = log_in(make_staff()).get(ask_url(petition)).content.decode()

    assert page.count('name="target"') == 1
    assert "no e-mail address is known" in page
    assert "wants no mail" in page


@pytest.mark.parametrize("make", [make_organizer, None])
def test_neither_organizers_nor_moderators_ask(
    log_in: LogIn, rosa: Account, make: Callable[..., object] | None
) -> None:
    petition, _target = make_asked(organizers=[make_organizer(member=rosa)])
    client = log_in(rosa if make else make_moderator())
    delivery = petition.deliveries.get()

    assert client.get(ask_url(petition)).status_code == 403
    answer = client.post(ask_url(petition), {"target": delivery.pk})

    assert answer.status_code == 403
    assert not Answer.objects.exists()


def test_another_petitions_target_does_not_exist(log_in: LogIn) -> None:
    petition, _target = make_asked()
    other, _other_target = make_asked_too()

    for wrong in [other.deliveries.get().pk, "x", "", 10**30]:
        answer = log_in(make_staff()).post(ask_url(petition), {"target": wrong})
        assert answer.status_code == 404

    assert not Answer.objects.exists()


def test_nobody_is_asked_twice_within_two_weeks(log_in: LogIn) -> None:
    petition, _target = make_asked()
    first = ask(petition)

    with pytest.raises(WrongState):
        ask(petition)
    page = log_in(make_staff()).get(ask_url(petition)).content.decode()
    assert "Can be asked again from" in page
    asked_days_ago(13)
    with pytest.raises(WrongState):
        ask(petition)
    asked_days_ago(15)
    second = ask(petition)

    assert Answer.objects.count() == 2
    delivery = petition.deliveries.get()
    assert first.pk != second.pk
    assert delivery.asked_at < second.asked_at  # the first asking stays


@pytest.mark.parametrize(
    "change",
    [
        lambda petition, target: Target.objects.update(email=""),
        lambda petition, target: Target.objects.update(wants_no_mail=True),
        lambda petition, target: lifecycle.hide(petition, by=make_staff(), reason="X."),
        lambda petition, target: Suppression.objects.create(
            address_key=address_key("bo@example.org")
        ),
    ],
)
def test_who_may_not_be_asked_is_not(change: Callable[..., object]) -> None:
    petition, target = make_asked()
    change(petition, target)

    with pytest.raises(WrongState):
        ask(petition)

    assert (Answer.objects.count(), Notice.objects.count()) == (0, 0)
    assert petition.deliveries.get().asked_at is None


@pytest.mark.parametrize(
    "change",
    [
        lambda it: Target.objects.update(wants_no_mail=True),
        lambda it: Suppression.objects.create(
            address_key=address_key("bo@example.org")
        ),
        lambda it: lifecycle.hide(it, by=make_staff(), reason="X."),
        lambda it: answers.receive(Answer.objects.get(), **WORDS),
    ],
)
def test_a_mail_that_waits_is_dropped_when_it_must_not_go(
    change: Callable[[Petition], object],
) -> None:
    petition, _target = make_asked()
    ask(petition)
    change(petition)

    worker.send_all_mail()

    assert [one.to for one in mail.outbox] == []
    assert not Notice.objects.filter(kind="answer_wanted").exists()
    has_answered = Answer.objects.filter(answered_at__isnull=False).exists()
    assert Answer.objects.exists() == has_answered
    assert bool(petition.deliveries.get().asked_at) == has_answered


def test_whom_no_mail_has_reached_is_not_said_to_have_been_asked() -> None:
    petition, _target = make_asked()
    ask(petition)
    lifecycle.hide(petition, by=make_staff(), reason="X.")
    worker.send_all_mail()
    lifecycle.restore(petition, by=make_staff(), reason="X.")

    assert "Asked on" not in words_of(petition)
    event = Event.objects.filter(kind=EventKind.TARGET_ASKED).first()
    assert (event.by, event.note) == (
        None,
        "Bo Vance, Mayor: the mail could not be delivered",
    )
    ask(petition)  # at once, if staff want to


@pytest.mark.parametrize("email", ["bo@example.org", "BO@example.org"])
def test_an_address_that_wants_no_mail_gets_none_under_another_name(
    email: str,
) -> None:
    petition, target = make_asked()
    Target.objects.filter(pk=target.pk).update(email=email)
    make_target(name="The mayor", email="Bo@example.org", wants_no_mail=True)

    with pytest.raises(WrongState):
        ask(petition)


def test_a_sensitive_petition_is_not_named_in_the_subject() -> None:
    petition, _target = make_asked(sensitive=True)
    ask(petition)

    worker.send_all_mail()

    assert "well" not in mail.outbox[0].subject


def test_an_undelivered_asking_can_be_taken_back(log_in: LogIn) -> None:
    petition, _target = make_asked()
    ask(petition)
    client, delivery = log_in(make_staff()), petition.deliveries.get()
    take_back = {"target": delivery.pk, "take_back": "1"}
    client.post(ask_url(petition), take_back)
    assert Answer.objects.exists()  # it may have reached them
    Notice.objects.update(dead_at=timezone.now())
    assert "could not be delivered" in client.get(ask_url(petition)).content.decode()

    for _press in range(2):
        client.post(ask_url(petition), take_back)

    delivery.refresh_from_db()
    assert delivery.asked_at is None
    assert not Answer.objects.exists()
    assert "Asked on" not in Client().get(petition.get_absolute_url()).content.decode()


def test_who_was_asked_in_vain_is_asked_from_the_day_a_mail_could_reach_them() -> None:
    petition, _target = make_asked()
    ask(petition)
    asked_days_ago(40)
    Notice.objects.update(dead_at=timezone.now())

    second = ask(petition)

    assert list(Answer.objects.all()) == [second]
    assert petition.deliveries.get().asked_at == second.asked_at


def test_an_earlier_asking_that_reached_them_stays() -> None:
    petition, _target = make_asked()
    first = ask(petition)
    asked_days_ago(40)
    first.refresh_from_db()
    second = ask(petition)
    Notice.objects.filter(answer=second).update(dead_at=timezone.now())
    (asking,) = answers.askings(petition)

    answers.take_back(asking, by=make_staff())

    assert list(Answer.objects.all()) == [first]
    assert petition.deliveries.get().asked_at == first.asked_at


# What all may read


def words_of(petition: Petition) -> str:
    page = Client().get(petition.get_absolute_url()).content.decode()
    return " ".join(page.split())


def test_the_petition_says_for_how_many_days_there_is_no_answer() -> None:
    petition, _target = make_asked()
    ask(petition)
    today = words_of(petition)
    asked_days_ago(1)
    yesterday = words_of(petition)
    asked_days_ago(40)

    assert "no answer for" not in today
    assert "no answer for 1 day<" in yesterday.replace("day <", "day<")
    assert "no answer for 40 days" in words_of(petition)


def test_days_are_those_of_the_sites_calendar() -> None:
    late_in_the_evening = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
    delivery = PetitionTarget(asked_at=late_in_the_evening)

    for hour, days in [(4, 0), (6, 1)]:
        with (
            timezone.override("America/New_York"),
            time_machine.travel(datetime(2026, 3, 2, hour, 45, tzinfo=UTC)),
        ):
            assert delivery.unanswered_days == days


def test_the_days_go_on_although_nothing_else_changes() -> None:
    petition, _target = make_asked()
    ask(petition)
    asked_days_ago(40)
    before = Client().get(petition.get_absolute_url())
    mark = mark_of_words(petition)

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert "no answer for 41 days" in words_of(petition)
        after = Client().get(petition.get_absolute_url())
        assert mark_of_words(petition) != mark

    assert before["ETag"] != after["ETag"]


def mark_of_words(petition: Petition) -> str:
    page = PetitionPage.ask(petition.slug, via="")
    assert page is not None
    return page.marks["words"]


def test_what_has_been_answered_is_kept_for_longer_than_a_day() -> None:
    petition, answer = make_answered()
    answers.publish(answer, by=make_staff(), title="T", language="en")
    mark = mark_of_words(petition)

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert mark_of_words(petition) == mark


def test_the_days_stop_when_the_petition_ends() -> None:
    petition, _target = make_asked()
    ask(petition)
    asked_days_ago(40)
    petition.close(outcome="lost", reason="The council said no.")

    assert "no answer for" not in words_of(petition)
    assert ", no answer" in words_of(petition)


def test_a_targets_page_tells_how_often_it_was_asked() -> None:
    _petition, answer = make_answered()
    target = answer.delivery.target
    second = make_petition(title="Mend the road", targets=[target])
    ask(second)
    hidden = make_petition(title="Hide me", targets=[target])
    ask(hidden)
    lifecycle.hide(hidden, by=make_staff(), reason="X.")
    answers.publish(answer, by=make_staff(), title="T", language="en")

    page = Client().get(target.get_absolute_url()).content.decode()

    assert "Asked about 2 petitions." in " ".join(page.split())
    assert "1 answer is published." in " ".join(page.split())
    assert "Hide me" not in page


def test_answers_turned_down_are_forgotten_after_half_a_year() -> None:
    _petition, answer = make_answered()
    answers.turn_down(answer, by=make_staff(), reason="Forged.")
    worker.do_daily()
    assert Answer.objects.exists()
    Answer.objects.update(turned_down_at=timezone.now() - timedelta(days=181))

    worker.do_daily()

    assert not Answer.objects.exists()
    assert Event.objects.filter(kind=EventKind.ANSWER_TURNED_DOWN).exists()
