"""A target answers by a mailed link, once."""

from collections.abc import Callable

import pytest
from django.test import Client

from campaigns import answers, lifecycle
from campaigns.models import Answer, Update
from petitions.models import Account, WrongState
from signatures.tokens import NO_KEY, Purpose, make_token
from tests.campaigns.asking import (
    WORDS,
    answer_url,
    ask,
    asked_days_ago,
    kinds,
    make_asked,
)
from tests.makers import (
    make_petition,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


def test_the_link_shows_the_petition_and_one_box_and_changes_nothing() -> None:
    petition, _target = make_asked(signature_count=1234)
    answer = ask(petition)

    for method in (Client().get, Client().head):
        page = method(answer_url(answer))
        assert page.status_code == 200
        assert page["Cache-Control"] == "no-store, private"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page["Referrer-Policy"] == "no-referrer"

    words = Client().get(answer_url(answer)).content.decode()
    assert "Open the well" in words
    assert "1,234 signatures" in words
    assert words.count("<textarea") == 1
    answer.refresh_from_db()
    assert answer.answered_at is None
    assert kinds() == ["target_asked"]


def test_an_answer_is_kept_once_and_is_not_public() -> None:
    petition, target = make_asked()
    answer = ask(petition)

    first = Client().post(answer_url(answer), WORDS)
    again = Client().post(answer_url(answer), {**WORDS, "text": "Something else."})

    assert (first.status_code, first["Location"]) == (303, answer_url(answer))
    assert again.status_code == 200
    assert "Thank you for your answer" in again.content.decode()
    answer.refresh_from_db()
    assert (answer.text, answer.signed_as) == (WORDS["text"], WORDS["signed_as"])
    assert kinds() == ["target_asked", "target_answered"]
    for public in (petition.get_absolute_url(), target.get_absolute_url()):
        page = Client().get(public).content.decode()
        assert "in June" not in page
        assert "answered on" not in page
    assert not Update.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"text": "Yes.", "signed_as": ""},
        {"text": "", "signed_as": "Bo"},
        {"text": "o" * 5001, "signed_as": "Bo"},
        {"text": "Yes.", "signed_as": "o" * 201},
        {"text": "\x00", "signed_as": "\u2800"},
    ],
)
def test_what_is_missing_or_too_long_is_said_and_kept(typed: dict[str, str]) -> None:
    petition, _target = make_asked()
    answer = ask(petition)

    page = Client().post(answer_url(answer), typed)

    assert page.status_code == 400
    assert "There is a problem" in page.content.decode()
    assert not Answer.objects.filter(answered_at__isnull=False).exists()


@pytest.mark.parametrize("path", ["", "no-mail/"])
def test_a_forged_link_opens_nothing(path: str) -> None:
    petition, _target = make_asked()
    answer = ask(petition)
    other_door = make_token(answer.key, Purpose.INVITATION)

    for token in ["forged", answer.key.hex, make_token(NO_KEY, Purpose.ANSWER)]:
        for one in (token, other_door):
            for method in (Client().get, Client().post):
                assert method(f"/answer/{one}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "no-mail/"])
def test_another_site_cannot_press_the_button(path: str) -> None:
    petition, target = make_asked()
    answer = ask(petition)
    foreign = {"Sec-Fetch-Site": "cross-site"}

    page = Client().post(f"{answer_url(answer)}{path}", WORDS, headers=foreign)

    assert page.status_code == 403
    target.refresh_from_db()
    assert not target.wants_no_mail
    assert not Answer.objects.filter(answered_at__isnull=False).exists()


def test_a_hidden_petition_takes_no_answer_and_is_not_named() -> None:
    petition, _target = make_asked()
    answer = ask(petition)
    lifecycle.hide(petition, by=make_staff(), reason="It names a person.")

    for page in (
        Client().get(answer_url(answer)),
        Client().post(answer_url(answer), WORDS),
    ):
        assert page.status_code == 410
        assert "Open the well" not in page.content.decode()

    assert not answers.receive(answer, **WORDS)
    assert not Answer.objects.filter(answered_at__isnull=False).exists()


def test_a_link_is_dead_after_half_a_year() -> None:
    petition, _target = make_asked()
    answer = ask(petition)
    asked_days_ago(181)

    assert Client().post(answer_url(answer), WORDS).status_code == 410
    assert not answers.receive(answer, **WORDS)


def test_a_target_that_wants_no_mail_is_never_asked_again() -> None:
    petition, target = make_asked()
    answer, no_mail = ask(petition), "no-mail/"
    other = make_petition(targets=[target])

    page = Client().get(f"{answer_url(answer)}{no_mail}")
    target.refresh_from_db()
    assert (page.status_code, target.wants_no_mail) == (200, False)
    for _press in range(2):
        pressed = Client().post(f"{answer_url(answer)}{no_mail}")
        assert pressed.status_code == 303

    target.refresh_from_db()
    assert target.wants_no_mail
    with pytest.raises(WrongState):
        ask(other)
    assert kinds() == ["target_asked", "target_answered"]
    assert Client().get(answer_url(answer)).status_code == 200  # may still answer
