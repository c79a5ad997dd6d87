"""Organizers post updates in the admin."""

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.db.models.signals import pre_save
from django.http import HttpResponse
from django.test import Client

from campaigns.models import Update
from petitions.models import Account, Petition
from signatures.mail import manage_url
from signatures.models import Signature
from tests.campaigns.admin_forms import events, update_form
from tests.campaigns.sent_mail import html_of, make_asking
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_draft,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_update,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


def test_an_update_is_previewed_with_the_number_of_its_readers(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    make_confirmed_signature(petition=petition, wants_updates=True)
    make_confirmed_signature(petition=petition, wants_updates=False)

    response = log_in(rosa).post(
        "/admin/campaigns/update/add/", update_form(petition, preview="1")
    )

    assert b"<strong>listen</strong>" in response.content
    assert b"<script>alert" not in response.content
    assert response.context["recipients"] == "It will be mailed to 1 person."
    assert Update.objects.count() == 0


@pytest.mark.parametrize("petition", ["9" * 5000, "-1", "1\0", "١", "x"])
def test_a_new_one_is_about_no_petition_that_cannot_be(
    log_in: LogIn, rosa: Account, petition: str
) -> None:
    response = log_in(rosa).get("/admin/campaigns/update/add/", {"petition": petition})

    assert response.context["form"].initial["petition"] is None


def test_an_organizer_posts_an_update(log_in: LogIn, rosa: Account) -> None:
    petition = make_petition(organizers=[make_organizer(name="Rosa", member=rosa)])

    log_in(rosa).post("/admin/campaigns/update/add/", update_form(petition, post="1"))

    update = Update.objects.get()
    assert (update.author, update.posted_by) == ("Rosa", rosa)
    assert update.mail_due_at is not None
    assert events() == [("update_posted", "Good news")]


def test_an_update_may_go_without_mail(log_in: LogIn, rosa: Account) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    form = update_form(petition, post="1")
    del form["with_mail"]

    log_in(rosa).post("/admin/campaigns/update/add/", form)

    assert Update.objects.get().mail_due_at is None


def test_an_edited_update_leaves_an_event(log_in: LogIn, rosa: Account) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    update = make_update(petition)
    form = {"kind": "update", "title": "Better", "body": "Text", "language": "en"}

    log_in(rosa).post(f"/admin/campaigns/update/{update.pk}/change/", form)

    update.refresh_from_db()
    assert update.title == "Better"
    assert events()[-1] == ("edited", "Update: Better")


def test_post_now_pressed_twice_posts_once(log_in: LogIn, rosa: Account) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    form = update_form(petition, post="1")
    client = log_in(rosa)

    answers = [client.post("/admin/campaigns/update/add/", form) for _ in range(2)]

    (update,) = Update.objects.all()
    there = f"/admin/campaigns/update/{update.pk}/change/"
    assert [answer["Location"] for answer in answers] == [there, there]


def test_an_update_cannot_be_edited_to_nothing(log_in: LogIn, rosa: Account) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    update = make_update(petition, body="It was a good day.")
    form = {"kind": "update", "title": "Good", "body": "", "language": "en"}

    log_in(rosa).post(f"/admin/campaigns/update/{update.pk}/change/", form)

    update.refresh_from_db()
    assert update.body == "It was a good day."


URL = "/admin/campaigns/update/add/"


def make_own(account: Account, *, asking: int = 0) -> Petition:
    petition = make_petition(organizers=[make_organizer(name="Rosa", member=account)])
    for number in range(asking):
        make_asking(petition, email=f"ada{number}@example.org")
    return petition


def errors_of(response: HttpResponse, form: str = "form") -> dict[str, list[str]]:
    return dict(response.context[form].errors)


def test_nobody_posts_in_a_name_that_does_not_stand_behind_the_petition(
    log_in: LogIn, rosa: Account
) -> None:
    petition, other = make_own(rosa), make_own(rosa)
    form = update_form(petition, post="1", organizer=other.organizers.get().pk)

    errors = errors_of(log_in(rosa).post(URL, form))

    assert errors == {"organizer": ["This organizer does not run the petition."]}
    assert Update.objects.count() == 0


@pytest.mark.parametrize("make", [make_draft, make_hidden_petition])
def test_nothing_is_posted_about_what_nobody_may_read(
    log_in: LogIn, rosa: Account, make: Callable[..., Petition]
) -> None:
    petition = make(organizers=[make_organizer(member=rosa)])

    errors = errors_of(log_in(rosa).post(URL, update_form(petition, post="1")))

    assert list(errors) == ["petition"]
    assert Update.objects.count() == 0


def test_news_need_a_link_and_a_source(log_in: LogIn, rosa: Account) -> None:
    form = update_form(make_own(rosa), post="1", kind="news")

    errors = errors_of(log_in(rosa).post(URL, form))

    assert errors == {
        "url": ["Give the link to where the news can be read."],
        "source": ["Say who reported it."],
    }
    assert Update.objects.count() == 0


def test_news_are_posted_without_an_excerpt(log_in: LogIn, rosa: Account) -> None:
    news = {"kind": "news", "url": "https://example.org/a", "source": "The Herald"}

    log_in(rosa).post(URL, update_form(make_own(rosa), post="1", body="", **news))

    update = Update.objects.get()
    assert (update.kind, update.source) == ("news", "The Herald")


def test_the_form_says_what_each_kind_needs(log_in: LogIn, rosa: Account) -> None:
    words = Page.of(log_in(rosa).get(URL)).words

    assert "News need it: where they can be read." in words
    assert "News need it: who reported them" in words


def test_the_preview_shows_the_mail_and_no_link_that_opens_anything(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_own(rosa, asking=1)

    response = log_in(rosa).post(URL, update_form(petition, preview="1"))

    mail = response.context["mail"]
    assert mail["subject"] == "Good news"
    assert "<strong>listen</strong>" in mail["words"]
    assert "test mail" not in mail["words"]
    assert "Stop the updates" in mail["words"]
    for forbidden in ("href", "style", "<script", "/my-signature/"):
        assert forbidden not in mail["words"]
    assert b"/my-signature/" not in response.content


def test_a_test_mail_goes_to_the_writer_alone_with_no_signers_secret(
    log_in: LogIn, rosa: Account, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    petition = make_own(rosa, asking=1)

    log_in(rosa).post(URL, update_form(petition, test="1"))

    [message] = mailoutbox
    assert message.to == [rosa.email]
    for words in (message.body, html_of(message)):
        assert "This is a test mail, to you alone." in words
    assert message.subject == "[Test] Good news"
    raw = message.message().as_bytes().decode()
    assert "List-Unsubscribe" not in raw
    signer = Signature.objects.wanting_updates().get()
    assert manage_url(signer) not in message.body
    links = re.findall(r"http://testserver(/\S+)", message.body)
    managing = [link for link in links if "/my-signature/" in link]
    assert len(managing) == 2
    for link in managing:
        assert Client().get(link).status_code == 404
        assert Client().post(link).status_code in (404, 405)
    assert Update.objects.count() == 0
    signer.refresh_from_db()
    assert signer.wants_updates


def test_only_a_few_test_mails_go_in_an_hour(
    log_in: LogIn, rosa: Account, mailoutbox: list[EmailMessage]
) -> None:
    form, client = update_form(make_own(rosa), test="1"), log_in(rosa)

    pages = [client.post(URL, form) for _ in range(6)]

    assert len(mailoutbox) == 5
    assert b"A test mail is on its way" in pages[0].content
    assert b"Wait for an hour" in pages[5].content


def test_a_mail_server_that_is_away_is_no_error_page(
    log_in: LogIn, rosa: Account, settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    response = log_in(rosa).post(URL, update_form(make_own(rosa), test="1"))

    assert response.status_code == 200
    assert b"The mail server did not take it." in response.content


def test_a_few_people_need_a_tick(log_in: LogIn, rosa: Account) -> None:
    form, client = update_form(make_own(rosa, asking=2), post="1"), log_in(rosa)

    without = client.post(URL, form)
    client.post(URL, {**form, "people-sure": "on"})

    assert errors_of(without, "people") == {"sure": ["Tick this, to be sure."]}
    assert Update.objects.count() == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "shown", "is_taken"),
    [
        ("12", "12", True),
        (" 12 ", "", True),
        ("11", "11", True),  # one has asked since the preview
        ("11", "", False),
        ("1", "1", False),
        ("", "12", False),
        ("many", "12", False),
        ("9" * 20, "9" * 30, False),
    ],
)
def test_many_people_need_their_number_typed(
    log_in: LogIn, rosa: Account, typed: str, shown: str, is_taken: bool
) -> None:
    form = update_form(make_own(rosa, asking=12), post="1")
    form |= {"people-typed": typed, "people-shown": shown}

    response = log_in(rosa).post(URL, form)

    assert Update.objects.count() == is_taken
    if not is_taken:
        wrong = "Type 12, the number of people who are to get it."
        assert errors_of(response, "people")["typed"] == [wrong]


def test_no_number_is_asked_where_nothing_is_mailed(
    log_in: LogIn, rosa: Account
) -> None:
    form = update_form(make_own(rosa, asking=12), post="1")
    del form["with_mail"]

    log_in(rosa).post(URL, form)

    assert Update.objects.count() == 1


def test_the_fourth_mail_in_a_week_is_refused_with_the_day_of_the_next(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_own(rosa)
    for _ in range(3):
        make_update(petition, with_mail=True)
    form, client = update_form(petition, post="1"), log_in(rosa)

    [error] = errors_of(client.post(URL, form))["with_mail"]
    del form["with_mail"]
    client.post(URL, form)

    assert error.startswith("At most 3 updates are mailed in any 7 days. The next may")
    assert Update.objects.count() == 4


@pytest.mark.parametrize("with_people", [0, 2])
def test_the_fourth_posted_while_others_post_is_refused_on_the_page(
    log_in: LogIn, rosa: Account, with_people: int
) -> None:
    petition = make_own(rosa, asking=with_people)
    form = {**update_form(petition, post="1"), "people-sure": "on"}

    def others_post(**_sent: object) -> None:
        pre_save.disconnect(others_post, sender=Update)
        for _ in range(3):
            make_update(petition, with_mail=True)

    pre_save.connect(others_post, sender=Update)
    response = log_in(rosa).post(URL, form)

    [error] = errors_of(response)["with_mail"]
    assert error.startswith("At most 3 updates are mailed")
    assert b'id="preview"' not in response.content


def test_posting_leaves_the_place_of_the_preview_in_no_address(
    log_in: LogIn, rosa: Account
) -> None:
    page = log_in(rosa).post(URL, update_form(make_own(rosa), preview="1"))

    assert re.search(rb'name="post" formaction="\?"', page.content)


def test_the_third_pressed_twice_is_posted_once(log_in: LogIn, rosa: Account) -> None:
    petition = make_own(rosa)
    for _ in range(2):
        make_update(petition, with_mail=True)
    form, client = update_form(petition, post="1"), log_in(rosa)

    answers = [client.post(URL, form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Update.objects.count() == 3
