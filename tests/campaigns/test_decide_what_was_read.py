"""What staff decide about is what they have read, whoever edits it meanwhile."""

from collections.abc import Callable

import pytest
from django.forms import modelform_factory
from django.test import Client

from campaigns import lifecycle, moderation
from campaigns.admin.petition_forms import PetitionForm
from petitions.models import Account, Petition
from petitions.models.texts import FIELDS_OF_WORDS
from tests.campaigns.admin_forms import petition_form
from tests.campaigns.test_moderate_in_the_admin import (
    TICKS,
    choices,
    make_review,
    page_url,
    typed,
)
from tests.html import Page, as_sent
from tests.makers import make_draft, make_moderator, make_staff

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


def sent_again(answer: object, decision: str) -> dict:
    (form,) = [
        form
        for form in Page.of(answer).all("form")
        if [one.attributes.get("value") for one in form.all("button")] == [decision]
    ]
    return {**as_sent(form), "decide": decision}


def test_what_was_edited_meanwhile_is_to_be_read_anew(log_in: LogIn) -> None:
    petition = make_review()
    client = log_in(make_staff())
    form = typed(client, petition, "open")
    Petition.objects.filter(pk=petition.pk).update(story="Buy my book.")

    answer = client.post(page_url(petition), {**form, **TICKS})
    again = sent_again(answer, "open")

    assert answer.status_code == 409
    assert "It has been edited meanwhile" in Page.of(answer).words
    assert "Buy my book." in Page.of(answer).words
    assert TICKS.keys() & again.keys() == set()
    assert client.post(page_url(petition), {**again, **TICKS}).status_code == 302


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ("changes", {"words": "Say where."}),
        ("reject", {"code": "unclear", "reason": "What for?"}),
    ],
)
def test_who_has_to_read_anew_finds_what_they_typed(
    log_in: LogIn, decision: str, words: dict[str, str]
) -> None:
    petition = make_review()
    client = log_in(make_staff())
    form = typed(client, petition, decision, **words)
    Petition.objects.filter(pk=petition.pk).update(title="Jonas is a thief")

    answer = client.post(page_url(petition), form)
    petition.refresh_from_db()
    again = {**form, **sent_again(answer, decision)}

    assert answer.status_code == 409
    assert petition.state == "review"
    text = list(words.values())[-1]
    assert text in again.values()
    assert client.post(page_url(petition), again).status_code == 302


def test_what_was_typed_stays_when_somebody_else_has_taken_it(log_in: LogIn) -> None:
    petition = make_review()
    client = log_in(make_moderator())
    form = typed(client, petition, "changes", words="Say in the title where.")
    moderation.claim(petition, by=make_staff())

    page = Page.of(client.post(page_url(petition), form))

    assert choices(page) == ["Ask for changes"]
    assert "Say in the title where." in page.one("textarea").words


@pytest.mark.parametrize("meanwhile", [lifecycle.submit, lifecycle.open_petition])
@pytest.mark.parametrize("words", [{"title": "Jonas is a thief"}, {}])
def test_a_form_that_was_opened_before_edits_nothing_that_staff_read_or_opened(
    meanwhile: Callable[..., None], words: dict[str, str]
) -> None:
    draft = make_draft()
    found = Petition.objects.get(pk=draft.pk)
    meanwhile(draft, by=make_staff())
    edited = petition_form(found, edit_reason="So.", **words)

    words_form = modelform_factory(Petition, PetitionForm, FIELDS_OF_WORDS)
    form = words_form(edited, instance=found)

    assert form.non_field_errors() == ["Somebody else has changed the words meanwhile."]
