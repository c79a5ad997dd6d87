"""Organizers see what their own petitions show of reasons, and can hide it."""

from collections.abc import Callable

import pytest
from django.test import Client

from campaigns import lifecycle
from petitions.models import Account, Role
from signatures.models import Signature
from tests.campaigns.admin_forms import events
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_organizer,
    make_petition,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
REASONS = "/admin/signatures/shownreason/"


def make_shown(reason: str, **fields: object) -> Signature:
    signature = make_confirmed_signature(reason=reason, **fields)
    signature.release_reason()
    return signature


@pytest.fixture
def own(rosa: Account) -> Signature:
    """A shown reason of a signer who hides the name."""
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    return make_shown(
        "Shown to all.", petition=petition, name="Quiet Quentin", email="q@example.org"
    )


@pytest.fixture
def foreign() -> Signature:
    return make_shown("Foreign reason.", email="foreign@example.org")


@pytest.fixture
def organizer(log_in: LogIn, rosa: Account) -> Client:
    return log_in(rosa)


def state_of(signature: Signature) -> str:
    return Signature.objects.get(pk=signature.pk).reason_state


def test_organizers_see_what_everybody_can_read(
    organizer: Client, own: Signature, foreign: Signature
) -> None:
    held = make_confirmed_signature(petition=own.petition, reason="Held back.")
    hidden = make_shown("Taken down.", petition=own.petition)
    hidden.hide_reason()
    make_shown("By name.", petition=own.petition, name="Open Olga", show_name=True)

    pages = [
        organizer.get(REASONS),
        organizer.get(f"{REASONS}{own.pk}/change/"),
        organizer.get(f"{REASONS}?petition__id__exact={own.petition_id}"),
        organizer.get(f"{REASONS}?q=quentin"),
    ]

    words = b"".join(page.content for page in pages).decode()
    assert "Shown to all." in words
    assert "Open Olga" in words
    for secret in ["Quiet", "q@example", "Held back", "Taken down", "Foreign"]:
        assert secret not in words
    for row in (held, hidden, foreign):
        assert organizer.get(f"{REASONS}{row.pk}/change/").status_code == 302


def test_a_petitions_page_leads_its_organizer_there(
    organizer: Client, own: Signature
) -> None:
    page = Page.of(
        organizer.get(f"/admin/petitions/petition/{own.petition_id}/overview/")
    )

    tools = page.one("p", class_="overview__more").all("a")
    (link,) = [one for one in tools if one.words == "Shown reasons"]
    assert "Shown to all." in Page.of(organizer.get(link.attributes["href"])).words


def test_organizers_hide_a_reason_of_their_own_petition(
    organizer: Client, own: Signature
) -> None:
    button = Page.of(organizer.get(REASONS)).one("button", name="hide")

    organizer.post(REASONS, {"hide": button.attributes["value"]})

    assert state_of(own) == "hidden"
    assert events() == [("reason_hidden", f"Signature {own.pk}")]


@pytest.mark.parametrize("way", ["act", "bulk"])
def test_the_act_and_the_bulk_action_hide_too(
    organizer: Client, own: Signature, way: str
) -> None:
    if way == "act":
        answer = organizer.post(f"{REASONS}{own.pk}/hide/do/", follow=True)
    else:
        form = {"action": "hide_reasons", "_selected_action": own.pk}
        answer = organizer.post(REASONS, form, follow=True)

    assert answer.status_code == 200
    assert state_of(own) == "hidden"


def test_nobody_elses_reason_can_be_reached(
    organizer: Client, own: Signature, foreign: Signature
) -> None:
    pressed = organizer.post(REASONS, {"hide": foreign.pk})
    act = organizer.post(f"{REASONS}{foreign.pk}/hide/do/")
    form = {"action": "hide_reasons", "_selected_action": [foreign.pk, own.pk]}
    organizer.post(REASONS, form)
    listed = organizer.get(f"{REASONS}?petition__id__exact={foreign.petition_id}")

    assert (pressed.status_code, act.status_code) == (404, 404)
    assert (state_of(foreign), state_of(own)) == ("shown", "hidden")
    assert foreign.petition.title not in listed.content.decode()
    assert list(listed.context["cl"].result_list) == []


@pytest.mark.parametrize("act", ["release", "keep", "exclude", "count-again"])
def test_organizers_release_and_exclude_nothing(
    organizer: Client, own: Signature, act: str
) -> None:
    held = make_confirmed_signature(petition=own.petition, reason="Held back.")

    answers = [
        organizer.post(f"{base}{row.pk}/{act}/do/", {"reason": "I say so."}).status_code
        for base in (REASONS, "/admin/signatures/signature/")
        for row in (own, held)
    ]

    assert answers == [404] * 4
    assert (state_of(own), state_of(held)) == ("shown", "held")


def test_a_forged_bulk_action_releases_nothing(
    organizer: Client, own: Signature
) -> None:
    held = make_confirmed_signature(petition=own.petition, reason="Held back.")

    for action in ["release_reasons", "release_held", "delete_selected"]:
        form = {"action": action, "_selected_action": [held.pk, own.pk]}
        organizer.post(REASONS, form)

    assert (state_of(own), state_of(held)) == ("shown", "held")


@pytest.mark.parametrize(
    "guess",
    [
        *("email__startswith=q", "name__startswith=Q", "key__startswith=0"),
        *("address_key__isnull=0", "reason_state=held", "held_at__isnull=1"),
        *("petition__organizers__members__email__startswith=r", "version__made_by=1"),
        *("petition__blocked_words__contains=x", "reports__cause=other"),
    ],
)
def test_a_guess_at_what_is_not_shown_is_refused(
    organizer: Client, own: Signature, guess: str
) -> None:
    assert organizer.get(f"{REASONS}?{guess}").status_code == 400


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/", "{pk}/password/"])
def test_nothing_is_added_or_deleted_there(
    organizer: Client, own: Signature, page: str
) -> None:
    address = REASONS + page.format(pk=own.pk)

    answers = [organizer.get(address), organizer.post(address, {"reason": "x"})]

    assert [answer.status_code for answer in answers][:1] != [200]
    assert Signature.objects.get(pk=own.pk).reason == "Shown to all."


def test_a_posted_change_changes_nothing(organizer: Client, own: Signature) -> None:
    form = {"reason": "Mine now.", "petition": make_petition().pk, "show_name": "on"}

    organizer.post(f"{REASONS}{own.pk}/change/", form)

    row = Signature.objects.get(pk=own.pk)
    assert (row.reason, row.petition_id) == ("Shown to all.", own.petition_id)
    assert not row.show_name


def test_the_reasons_of_a_hidden_petition_are_out_of_view(
    organizer: Client, own: Signature
) -> None:
    lifecycle.hide(own.petition, by=make_staff(), reason="It names somebody.")

    assert "Shown to all." not in Page.of(organizer.get(REASONS)).words


def test_an_organizer_who_moderates_still_sees_only_their_own_here(
    log_in: LogIn, rosa: Account, own: Signature, foreign: Signature
) -> None:
    rosa.give_role(Role.MODERATOR)

    page = Page.of(log_in(rosa).get(REASONS))

    assert "Shown to all." in page.words
    assert "Foreign" not in page.words


def test_staff_have_a_list_of_their_own(log_in: LogIn, own: Signature) -> None:
    assert log_in(make_staff()).get(REASONS).status_code == 403
