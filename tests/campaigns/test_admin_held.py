"""Staff and moderators release held signatures, or exclude them."""

from collections.abc import Callable

import pytest
from django.test import Client

from petitions.models import Account
from signatures.models import Confirmation, Signature, SignatureMail, Trace
from tests.campaigns.admin_forms import events
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_done_exclusion,
    make_held_signature,
    make_moderator,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
LIST = "/admin/signatures/signature/"
HELD = f"{LIST}?which=held"


@pytest.fixture(params=[make_staff, make_moderator], ids=["staff", "moderator"])
def reviewer(request: pytest.FixtureRequest, log_in: LogIn) -> Client:
    return log_in(request.param())


def do(client: Client, signature: Signature, act: str, **form: str) -> int:
    url = f"{LIST}{signature.pk}/{act}/do/"
    return client.post(url, form).status_code


def test_the_list_shows_what_speaks_against_each_and_not_who_it_is(
    reviewer: Client,
) -> None:
    held = make_held_signature(name="Quiet Quentin", email="quentin@example.org")
    make_signature()
    make_confirmed_signature()
    excluded = make_held_signature(name="Bot")
    make_done_exclusion(name_pattern="Bot")

    page = reviewer.get(HELD)

    assert [row.pk for row in page.context["cl"].result_list] == [held.pk]
    words = Page.of(page).one("table", id="result_list").words
    assert "Hidden field filled in" in words
    assert "60" in words
    assert b"uentin" not in page.content
    assert excluded.exclusion_id is None  # as it was made


def test_one_whose_trace_is_gone_is_listed_all_the_same(reviewer: Client) -> None:
    held = make_held_signature()
    Trace.objects.all().delete()

    page = reviewer.get(HELD)

    assert [row.pk for row in page.context["cl"].result_list] == [held.pk]


def test_a_released_one_gets_its_mail_and_can_be_confirmed(reviewer: Client) -> None:
    held = make_held_signature()
    SignatureMail.objects.all().delete()

    assert held.confirm() is Confirmation.TOO_LATE
    assert do(reviewer, held, "release-held") == 302

    assert [mail.signature for mail in SignatureMail.objects.all()] == [held]
    assert events() == [("signature_released", f"Signature {held.pk}")]
    assert held.confirm() is Confirmation.COUNTED


def test_pressed_twice_it_is_released_once(reviewer: Client) -> None:
    held = make_held_signature()
    SignatureMail.objects.all().delete()

    for _press in range(2):
        do(reviewer, held, "release-held")

    assert SignatureMail.objects.count() == len(events()) == 1


def test_neither_an_excluded_one_nor_one_of_an_ended_petition_is_released(
    reviewer: Client,
) -> None:
    excluded, late = make_held_signature(name="Bot"), make_held_signature()
    make_done_exclusion(name_pattern="Bot")
    late.petition.close(outcome="lost", reason="Enough.")
    SignatureMail.objects.all().delete()
    form = {"action": "release_held", "_selected_action": [excluded.pk, late.pk]}

    for one in (excluded, late):
        do(reviewer, one, "release-held")
    reviewer.post(HELD, form)

    assert SignatureMail.objects.count() == 0
    assert not Signature.objects.filter(held_at=None).exists()


def test_one_that_is_held_or_pending_can_be_excluded(reviewer: Client) -> None:
    held, pending = make_held_signature(), make_signature()

    for one in (held, pending):
        do(reviewer, one, "exclude-pending", reason="Test entry.")

    assert pending.confirm() is Confirmation.TOO_LATE
    assert not Signature.objects.filter(exclusion=None).exists()
    assert [kind for kind, _note in events()] == ["excluded_in_bulk"] * 2
    assert do(reviewer, held, "release-held") == 302
    assert not Signature.objects.filter(held_at=None).exists()


def test_ticked_ones_are_released_or_excluded_together(reviewer: Client) -> None:
    held = [make_held_signature() for _one in range(4)]
    SignatureMail.objects.all().delete()

    for action, some in [("release_held", held[:2]), ("exclude_held", held[2:3])]:
        form = {"action": action, "_selected_action": [one.pk for one in some]}
        assert reviewer.post(HELD, form).status_code == 302

    assert {mail.signature for mail in SignatureMail.objects.all()} == {*held[:2]}
    assert list(Signature.objects.held()) == [held[3]]
    assert Signature.objects.get(pk=held[2].pk).exclusion is not None


def test_the_first_page_says_how_many_are_held(reviewer: Client) -> None:
    make_held_signature()

    page = Page.of(reviewer.get("/admin/"))

    (link,) = [one for one in page.all("a") if one.words == "1 signature held"]
    assert link.attributes["href"] == HELD


def test_an_organizer_sees_and_releases_none(log_in: LogIn, rosa: Account) -> None:
    held = make_held_signature()
    client = log_in(rosa)

    assert client.get(HELD).status_code == 403
    assert do(client, held, "release-held") in (403, 404)
    assert do(client, held, "exclude-pending", reason="Me.") in (403, 404)
    assert Signature.objects.held().count() == 1


def test_a_moderator_excludes_nothing_that_counts(log_in: LogIn) -> None:
    counted = make_confirmed_signature()
    client = log_in(make_moderator())

    answers = [
        do(client, counted, act, reason="Me.")
        for act in ("exclude", "count-again", "erase")
    ]

    assert answers == [403] * 3
    assert Signature.objects.get(pk=counted.pk).is_confirmed
