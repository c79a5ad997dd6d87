"""Several people save other words of the same petition at the same moment."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client

from petitions.models import Petition
from tests.campaigns.admin_forms import change_url
from tests.campaigns.test_edit_what_was_shown import TOLD, open_form
from tests.html import Page
from tests.log_in import let_in
from tests.makers import make_draft, make_petition, make_staff
from tests.races.threads import in_threads

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("make", [make_draft, make_petition])
def test_of_four_who_save_at_once_one_does_and_the_others_are_told(
    make: Callable[[], Petition],
) -> None:
    petition = make()
    clients = [let_in(Client(), make_staff()) for _ in range(4)]
    forms = [
        {**open_form(client, petition), "title": f"Title {one}", "edit_reason": "So."}
        for one, client in enumerate(clients)
    ]

    answers = in_threads(
        [
            partial(client.post, change_url(petition), form)
            for client, form in zip(clients, forms, strict=True)
        ]
    )

    (winner,) = [one for one, it in enumerate(answers) if it.status_code == 302]
    petition.refresh_from_db()
    assert petition.title == f"Title {winner}"
    for one, answer in enumerate(answers):
        if one != winner:
            page = Page.of(answer)
            assert TOLD in page.words
            theirs = page.one("section", class_="changes-asked").words
            assert petition.title in theirs
            typed = page.one("input", name="title").attributes["value"]
            assert typed == f"Title {one}"
