"""Pages and acts about one petition: which role may have which, and nobody more."""

import re
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client

from campaigns.admin.petition_pages import PAGES
from petitions.models import Account, Petition
from tests.campaigns.admin_forms import act_url
from tests.makers import make_moderator, make_organizer, make_petition

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]

ORGANIZERS_PAGES = {
    *("petition_overview", "petition_promise", "petition_mail", "mailing"),
    *("petition_export", "petition_hand_over", "still_ours"),
    *("invite_organizer", "hand_over_to_organizer"),
    *("petition_paper_sheets", "petition_paper_print", "petition_paper_sheet"),
    *("petition_paper_lines", "petition_paper_count", "petition_paper_undo"),
}
MODERATORS_PAGES = {"petition_overview", "petition_decide", "petition_claim"}
ORGANIZERS_ACTS = {"submit", "take-back"}
MODERATORS_ACTS = {"restore", "review-again", "pause", "resume"}


def page_url(petition: Petition, name: str) -> str:
    """Of a row that need not be there: who may not have the page never gets so far."""
    rest = re.sub(r"<\w+:kind>", "update", PAGES[name].path)
    rest = re.sub(r"<\w+:\w+>", "1", rest)
    return f"/admin/petitions/petition/{petition.pk}/{rest}"


def refused(client: Client, urls: dict[str, str]) -> set[str]:
    """Those that are forbidden, to be read and to be posted to."""
    read = {name for name, url in urls.items() if client.get(url).status_code == 403}
    posted = {name for name, url in urls.items() if client.post(url).status_code == 403}
    assert posted == read
    return read


@pytest.mark.slow
def test_each_role_has_its_own_pages_and_acts(log_in: LogIn, rosa: Account) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    acts = admin.site.get_model_admin(Petition).acts
    pages = {name: page_url(petition, name) for name in PAGES}
    buttons = {name: act_url(petition, name) for name in acts}

    of_organizer = refused(log_in(rosa), pages), refused(log_in(rosa), buttons)
    moderator = log_in(make_moderator())
    of_moderator = refused(moderator, pages), refused(moderator, buttons)

    assert set(pages) - of_organizer[0] == ORGANIZERS_PAGES
    assert set(buttons) - of_organizer[1] == ORGANIZERS_ACTS
    assert set(pages) - of_moderator[0] == MODERATORS_PAGES
    assert set(buttons) - of_moderator[1] == MODERATORS_ACTS
