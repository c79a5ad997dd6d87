"""What was promised: on its day organizers are asked, and say whether it was kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaigns import promises, worker
from campaigns.models import Event, Notice, Promise, PromiseAnswer, Update
from petitions.models import Account, Petition, WrongState
from tests.campaigns.sent_mail import html_of
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_organizer,
    make_petition,
    make_promise,
    make_staff,
)
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
ANSWER = {"answer": "partly", "words": "One boat came."}


@pytest.fixture
def own(rosa: Account) -> Petition:
    organizers = [make_organizer(name="Rosa L.", member=rosa)]
    return make_closed_petition(title="Keep the ferry", organizers=organizers)


def promise_url(petition: Petition) -> str:
    return f"/admin/petitions/petition/{petition.pk}/promise/"


def ask() -> list[mail.EmailMessage]:
    promises.ask_organizers()
    worker.send_all_mail()
    return mail.outbox


def test_on_its_day_the_organizers_are_asked_once(own: Petition, rosa: Account) -> None:
    promise = make_promise(own, due_on=timezone.localdate() + timedelta(days=2))

    assert ask() == []
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        ask()
        (message,) = ask()

    assert message.to == [rosa.email]
    assert message.subject == "Was it kept? “Keep the ferry”"
    url = f"http://testserver{promise_url(own)}"
    for words in ("Two new boats.", url):
        assert words in message.body
        assert words in html_of(message)
    promise.refresh_from_db()
    assert promise.asked_at is not None


def test_the_daily_duty_asks(own: Petition) -> None:
    make_promise(own)

    worker.do_daily()

    assert Notice.objects.get().kind == "promise_due"


def test_a_hidden_petition_is_asked_when_it_is_back(own: Petition) -> None:
    make_promise(own)
    own.hide(reason="A complaint.")
    assert ask() == []

    own.restore()

    assert len(ask()) == 1


def test_who_runs_it_no_more_or_has_answered_gets_no_mail(
    own: Petition, rosa: Account
) -> None:
    promise = make_promise(own)
    promises.ask_organizers()
    answer(promise, by=make_staff())
    worker.send_all_mail()
    assert mail.outbox == []

    make_promise(own)
    promises.ask_organizers()
    Account.objects.filter(pk=rosa.pk).update(is_active=False)
    worker.send_all_mail()
    assert mail.outbox == []

    Account.objects.filter(pk=rosa.pk).update(is_active=True)
    make_promise(own)
    promises.ask_organizers()
    own.organizers.get().members.clear()
    worker.send_all_mail()

    assert mail.outbox == []


def test_the_subject_tells_nothing_of_a_sensitive_petition(rosa: Account) -> None:
    organizers = [make_organizer(member=rosa)]
    petition = make_closed_petition(
        title="Shelter for Jonas", sensitive=True, organizers=organizers
    )
    make_promise(petition)

    (message,) = ask()

    assert "Jonas" not in message.subject


def test_its_organizer_says_whether_it_was_kept(
    log_in: LogIn, own: Petition, rosa: Account
) -> None:
    promise, client = make_promise(own), log_in(rosa)
    form = {**ANSWER, "promise": promise.pk}

    assert "Two new boats." in Page.of(client.get(promise_url(own))).words
    for _press in range(2):
        assert client.post(promise_url(own), form).status_code == 302

    promise.refresh_from_db()
    assert promise.answer == "partly"
    update = Update.objects.get()
    assert (update.kind, update.author) == ("outcome", "Rosa L.")
    assert update.title == "The promise was kept in part"
    assert update.body.endswith("Two new boats.\n\nOne boat came.")
    kinds = ["update_posted", "promise_answered"]
    assert [event.kind for event in Event.objects.order_by("pk")] == kinds


def test_the_answer_stands_on_the_page_and_on_the_timeline(own: Petition) -> None:
    promise = make_promise(own)
    before = Page.of(Client().get(own.get_absolute_url())).words

    answer(promise, by=make_staff())

    page = Page.of(Client().get(own.get_absolute_url()))
    assert "Two new boats." in before
    assert "Kept in part" not in before
    assert "Two new boats. Kept in part" in page.one(class_="kept__promise").words
    timeline = page.one("ol", class_="timeline").words
    assert "The promise was kept in part" in timeline
    assert "One boat came." in timeline


def test_the_words_on_the_timeline_are_in_the_petitions_language() -> None:
    petition = make_closed_petition(language="es")

    answer(make_promise(petition), by=make_staff())

    assert Update.objects.get().language == "es"


def test_staff_speak_in_no_organizers_name(own: Petition) -> None:
    answer(make_promise(own), by=make_staff())

    update = Update.objects.get()
    assert (update.organizer, update.author) == (None, "")
    assert update.mail_due_at is None


def test_nothing_is_said_of_a_petition_that_is_out_of_view(
    log_in: LogIn, own: Petition, rosa: Account
) -> None:
    promise = make_promise(own)
    own.hide(reason="A complaint.")

    log_in(rosa).post(promise_url(own), {**ANSWER, "promise": promise.pk})

    promise.refresh_from_db()
    assert promise.answer == ""
    assert not Update.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"answer": ""}, "answer"),
        ({"words": " "}, "words"),
        ({"answer": "x"}, "answer"),
    ],
)
def test_half_an_answer_is_refused_at_its_field(
    log_in: LogIn, own: Petition, rosa: Account, typed: dict, field: str
) -> None:
    promise = make_promise(own)
    form = {**ANSWER, "promise": promise.pk, **typed}

    response = log_in(rosa).post(promise_url(own), form)

    assert list(response.context["form"].errors) == [field]
    assert not Update.objects.exists()


def test_anothers_promise_cannot_be_answered(
    log_in: LogIn, own: Petition, rosa: Account
) -> None:
    make_promise(own)
    foreign, client = make_promise(), log_in(rosa)
    form = {**ANSWER, "promise": foreign.pk}

    assert client.get(promise_url(foreign.petition)).status_code == 404
    assert client.post(promise_url(foreign.petition), form).status_code == 404
    assert client.post(promise_url(own), form).status_code == 200

    assert not Promise.objects.exclude(answer="").exists()
    assert not Update.objects.exists()


def test_the_button_is_there_while_a_promise_waits(
    log_in: LogIn, own: Petition, rosa: Account
) -> None:
    client, overview = log_in(rosa), f"/admin/petitions/petition/{own.pk}/overview/"
    tomorrow = timezone.localdate() + timedelta(days=1)
    make_promise(own, due_on=tomorrow)
    assert Page.of(client.get(overview)).all("a", href=promise_url(own)) == []
    promise = make_promise(own)
    before = Page.of(client.get(overview)).all("a", href=promise_url(own))

    answer(promise, by=rosa)

    assert [link.words for link in before] == ["Say whether the promise was kept"]
    assert Page.of(client.get(overview)).all("a", href=promise_url(own)) == []
    Promise.objects.filter(due_on=tomorrow).delete()
    assert "No promise waits" in Page.of(client.get(promise_url(own))).words


def test_a_petition_without_a_promise_shows_none() -> None:
    page = Page.of(Client().get(make_closed_petition().get_absolute_url()))

    assert page.all(class_="kept") == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_and_answer_at_once_one_does(rosa: Account) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    petition.close(outcome="partly", reason="They promised.")
    promise, staff = make_promise(petition), make_staff()

    def say() -> bool:
        try:
            answer(Promise.objects.get(pk=promise.pk), by=staff)
        except WrongState:
            return False
        return True

    asked = in_threads([promises.ask_organizers] * 6)
    said = in_threads([say] * 6)

    assert sum(asked) == Notice.objects.count() == 1
    assert sum(said) == Update.objects.count() == 1


def answer(promise: Promise, *, by: Account) -> None:
    words = ANSWER["words"]
    promises.answer(promise, by=by, answer=PromiseAnswer.PARTLY, words=words)
