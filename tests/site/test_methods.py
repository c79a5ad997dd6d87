"""Which address takes which method."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.makers import make_confirmed_signature, make_petition
from tests.site.test_conventions import OUR_URLS

VALUES = {
    "slug": "keep-the-mill",
    "pk": 1,
    "token": "abc.def",
    "key": uuid4(),
    "digest": "0123456789ab",
    "path": "organizers/rosa.jpg",
}
TAKES_POST = {
    *("sign", "check_your_email", "confirm", "change_signature"),
    *("withdraw_signature", "undo_withdrawal", "erase_signature", "send_new_links"),
    *("unsubscribe", "find_my_signature", "not_me", "report_reason"),
    *("report_petition", "answer", "answer_no_mail", "invitation"),
    *("start", "start_step", "start_check", "start_sent", "start_confirm"),
}
TAKES_POST_ONLY = {
    *("change_signature", "undo_withdrawal", "erase_signature", "send_new_links"),
}
NAMES = sorted(url.name for url in OUR_URLS)


def address(name: str) -> str:
    (url,) = (url for url in OUR_URLS if url.name == name)
    keywords = {one: VALUES[one] for one in url.pattern.regex.groupindex}
    return reverse(name, kwargs=keywords)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PURGE"])
def test_a_method_that_nothing_takes_is_refused(method: str) -> None:
    answers = {name: Client().generic(method, address(name)) for name in NAMES}

    assert {answer.status_code for answer in answers.values()} == {405}
    assert all(answer.content for answer in answers.values())
    assert {
        name for name, answer in answers.items() if "GET" not in answer["Allow"]
    } == TAKES_POST_ONLY


@pytest.mark.django_db
def test_what_is_only_read_takes_no_post() -> None:
    refused = {
        name
        for name in NAMES
        if Client().post(address(name), {"a": "b"}).status_code == 405
    }

    assert refused == set(NAMES) - TAKES_POST


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["home", "petition", "petitions", "about", "sitemap"])
def test_a_stray_post_is_told_so_and_not_suspected(name: str) -> None:
    response = Client(enforce_csrf_checks=True).post(address(name), {"a": "b"})

    assert response.status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TAKES_POST))
def test_a_form_needs_no_cookie(name: str) -> None:
    response = Client(enforce_csrf_checks=True).post(address(name), {"a": "b"})

    assert response.status_code not in (403, 405)
    assert not response.cookies


@pytest.mark.django_db
def test_a_head_has_no_body(client: Client) -> None:
    signature = make_confirmed_signature(petition=make_petition())

    response = client.head(signature.petition.get_absolute_url())

    assert (response.status_code, response.content) == (200, b"")
