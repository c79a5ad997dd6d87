"""Organizers post updates in the admin."""

from collections.abc import Callable

import pytest
from django.test import Client

from campaigns.models import Update
from petitions.models import Account
from tests.campaigns.admin_forms import events, update_form
from tests.makers import (
    make_confirmed_signature,
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
