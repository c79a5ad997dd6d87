"""Pressing the button of a new petition many times at the same moment."""

import pytest
from django.test import Client

from campaigns.models import Draft, Event, Notice, NoticeKind
from petitions.models import Account, Organizer, Petition, Role, Target
from signatures.models import Bucket
from tests.campaigns.drafts import EMAIL, STEPS, mailed_link, post, send, write
from tests.makers import make_account
from tests.races.acts import press
from tests.races.threads import in_threads

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_one_link_pressed_50_times_at_once_makes_one_petition() -> None:
    link = send(Client())

    answers = in_threads([lambda: press(link)] * 50)

    assert answers == [303] * 50
    rows = [Petition, Account, Organizer, Target, Event]
    assert [model.objects.count() for model in rows] == [1] * 5
    assert Notice.objects.filter(kind=NoticeKind.IN_REVIEW).count() == 1


def test_petitions_alike_confirmed_at_once_for_one_address_stand_side_by_side() -> None:
    links = []
    for number in range(3):
        browser = Client()
        write(browser)
        draft = Draft.objects.latest("pk")
        draft.send(f"ada+{number}@example.org")
        browser.post("/start/check/")
        Notice.objects.all().delete()
        Notice.objects.create(kind=NoticeKind.START, draft=draft)
        links.append(mailed_link())

    answers = in_threads([lambda link=link: press(link) for link in links * 4])

    assert answers == [303] * 12
    assert Petition.objects.count() == 3
    assert Account.objects.count() == Organizer.objects.count() == 1
    assert Target.objects.count() <= 3


def test_petitions_confirmed_at_once_for_an_account_have_one_face() -> None:
    account = make_account(email=EMAIL, role=Role.ORGANIZER)
    links = []
    for _draft in range(4):
        browser = Client()
        write(browser)
        Bucket.objects.all().delete()
        browser.post("/start/check/")
        links.append(mailed_link())

    answers = in_threads([lambda link=link: press(link) for link in links])

    assert answers == [303] * 4
    assert Petition.objects.count() == 4
    assert list(Organizer.objects.get().members.all()) == [account]


def test_what_is_written_while_it_is_confirmed_brings_nothing_back() -> None:
    browser = Client()
    link = send(browser)
    cookies = browser.cookies

    def edit() -> int:
        other = Client()
        other.cookies = cookies
        return post(other, "why", **{**STEPS["why"], "ask": "Sell it."}).status_code

    answers = in_threads([lambda: press(link), edit] * 4)

    assert set(answers) <= {303, 404}
    for draft in Draft.objects.exclude(confirmed_at=None):
        assert draft.answers == {}
    assert Petition.objects.count() <= 1
