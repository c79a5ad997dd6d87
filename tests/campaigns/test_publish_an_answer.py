"""Staff read what a target answers, and publish it or not."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from campaigns import answers, lifecycle, worker
from campaigns.models import Answer, Event, Notice, Update
from petitions.models import Account, WrongState
from tests.campaigns.asking import (
    answer_url,
    ask,
    asked_days_ago,
    kinds,
    make_answered,
    make_asked,
    make_asked_too,
)
from tests.campaigns.sent_mail import make_asking
from tests.html import Page
from tests.makers import (
    make_moderator,
    make_organizer,
    make_staff,
    make_update,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


def act_url(answer: Answer, act: str) -> str:
    return f"/admin/campaigns/answer/{answer.pk}/{act}/do/"


def test_answers_to_check_stand_in_a_list_of_their_own(log_in: LogIn) -> None:
    make_answered()
    unanswered = ask(make_asked_too()[0])

    page = log_in(make_staff()).get("/admin/campaigns/answer/to-check/", follow=True)

    words = page.content.decode()
    assert page.status_code == 200
    assert "Bo Vance, Mayor" in words
    assert str(unanswered.delivery.target) not in words


@pytest.mark.parametrize("make", [make_staff, make_moderator])
def test_a_published_answer_is_an_update_by_the_target(
    log_in: LogIn, make: Callable[[], Account]
) -> None:
    petition, answer = make_answered()
    client = log_in(make())
    form = {"title": "The mayor answers", "language": "en"}
    assert "in June" in client.get(act_url(answer, "publish")).content.decode()

    assert client.post(act_url(answer, "publish"), form).status_code == 302
    client.post(act_url(answer, "publish"), form)  # twice

    update = Update.objects.get()
    assert (update.kind, update.author) == ("response", "Bo Vance")
    assert update.body.startswith("Bo Vance, Mayor answers:")
    assert update.mail_due_at is None
    answer.refresh_from_db()
    delivery = petition.deliveries.get()
    assert answer.update == update
    assert delivery.answered_at == answer.answered_at
    assert kinds()[2:] == ["update_posted", "answer_published"]
    page = Client().get(petition.get_absolute_url()).content.decode()
    assert "answered on" in page
    assert (
        "We will decide<br>" in Client().get(update.get_absolute_url()).content.decode()
    )
    received = Client().get(answer_url(answer)).content.decode()
    assert update.get_absolute_url() in received


@pytest.mark.parametrize(
    "text",
    [
        "# No\n1984. We decided\n* so * and\n    thus",
        "[Read it](https://evil.example/) &copy; `x` ~~no~~ __init__\n\n> a\n---",
        "<script>alert(1)</script> ![](https://evil.example/p.png)",
    ],
)
def test_nothing_that_a_target_writes_is_taken_for_markdown(text: str) -> None:
    asked = ask(make_asked()[0])
    assert answers.receive(asked, text=text, signed_as="Bo *Vance*")

    answers.publish(asked, by=make_staff(), title="T", language="en")

    page = Page.of(Client().get(Update.objects.get().get_absolute_url()))
    shown = page.one("div", class_="prose")
    assert shown.words.replace(" ", "") == "".join(f"Bo*Vance*answers:{text}".split())
    assert {one.tag for one in shown.all()} <= {"p", "br", "a"}


def test_only_staff_mend_what_a_target_has_answered(
    log_in: LogIn, rosa: Account
) -> None:
    petition, answer = make_answered(organizers=[make_organizer(member=rosa)])
    answers.publish(answer, by=make_staff(), title="T", language="en")
    update = Update.objects.get()
    own = make_update(petition, kind="response")
    form = {"title": "T", "kind": "response", "body": "We give in.", "language": "en"}

    for one, by in ((update, rosa), (own, rosa), (update, make_staff())):
        client = log_in(by)
        url = f"/admin/campaigns/update/{one.pk}/change/"
        assert client.get(url).status_code == 200
        client.post(url, form)
        one.refresh_from_db()
        is_barred = (one, by) == (update, rosa)
        assert (one.body != "We give in.") == is_barred


def test_an_answer_can_be_mailed_to_those_who_asked_for_updates() -> None:
    petition, answer = make_answered()
    signer = make_asking(petition)
    Notice.objects.all().delete()

    answers.publish(
        answer, by=make_staff(), title="It answers", language="en", with_mail=True
    )
    worker.send_all_mail()

    assert [message.to for message in mail.outbox] == [[signer.email]]


def test_an_answer_that_is_turned_down_is_read_by_nobody(log_in: LogIn) -> None:
    petition, answer = make_answered()
    client = log_in(make_moderator())

    client.post(act_url(answer, "turn-down"), {"reason": "It is forged."})

    answer.refresh_from_db()
    assert answer.turned_down_at is not None
    with pytest.raises(WrongState):
        answers.publish(answer, by=make_staff(), title="T", language="en")
    assert petition.deliveries.get().answered_at is None
    assert Event.objects.latest("pk").note == "It is forged."
    assert not Update.objects.exists()


def test_the_first_answer_says_when_they_have_answered() -> None:
    petition, first = make_answered()
    answers.publish(first, by=make_staff(), title="T", language="en")
    asked_days_ago(15)
    second = ask(petition)
    answers.receive(second, text="We have thought again.", signed_as="Bo")
    answers.publish(second, by=make_staff(), title="T2", language="en")

    first.refresh_from_db()
    assert petition.deliveries.get().answered_at == first.answered_at
    assert Update.objects.count() == 2


def test_nothing_is_published_on_a_hidden_petition() -> None:
    petition, answer = make_answered()
    lifecycle.hide(petition, by=make_staff(), reason="It names a person.")

    with pytest.raises(WrongState):
        answers.publish(answer, by=make_staff(), title="T", language="en")

    assert not Update.objects.exists()


def test_who_has_answered_is_not_asked_before_it_is_checked() -> None:
    petition, _answer = make_answered()
    asked_days_ago(15)

    with pytest.raises(WrongState):
        ask(petition)


def test_an_organizer_meets_no_answers(log_in: LogIn, rosa: Account) -> None:
    _petition, answer = make_answered(organizers=[make_organizer(member=rosa)])
    client = log_in(rosa)

    for path in ("", "to-check/", f"{answer.pk}/change/", f"{answer.pk}/publish/do/"):
        page = client.get(f"/admin/campaigns/answer/{path}", follow=True)
        assert page.status_code in {403, 404}
