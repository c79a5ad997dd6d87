"""What organizers and staff do in the admin, through its pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from campaigns import lifecycle, tally
from petitions.marks import mark
from petitions.models import Account, Petition, PetitionTranslation
from signatures.models import Signature
from tests.campaigns.admin_forms import (
    ENDS,
    act_url,
    change_url,
    decide_url,
    events,
    opening,
    petition_form,
)
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_draft,
    make_organizer,
    make_petition,
    make_staff,
    make_target,
    make_translation,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]


@pytest.mark.parametrize(
    ("act", "form", "state", "note"),
    [
        ("close", ENDS["close"], "closed", "They agreed."),
        ("win", ENDS["win"], "won", "It stays."),
    ],
)
def test_staff_end_an_open_petition(
    log_in: LogIn, act: str, form: dict, state: str, note: str
) -> None:
    petition = make_petition()

    response = log_in(make_staff()).post(act_url(petition, act), form)

    petition.refresh_from_db()
    assert response.status_code == 302
    assert petition.state == state
    assert [event[1] for event in events()] == [note]


def test_staff_open_a_petition_that_was_sent_for_review(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_draft(organizers=[make_organizer(member=rosa)])

    log_in(rosa).post(act_url(petition, "submit"))
    log_in(make_staff()).post(decide_url(petition), opening(petition))

    petition.refresh_from_db()
    assert petition.is_open
    assert [kind for kind, _note in events()] == ["submitted", "opened"]


def test_an_act_without_its_reason_says_so_and_does_nothing(log_in: LogIn) -> None:
    petition = make_petition()

    response = log_in(make_staff()).post(
        act_url(petition, "close"), {**ENDS["close"], "reason": " "}
    )

    petition.refresh_from_db()
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"reason"}
    assert petition.is_open


def test_an_act_that_is_not_possible_does_nothing(log_in: LogIn) -> None:
    petition = make_draft()

    response = log_in(make_staff()).post(act_url(petition, "close"), {"reason": "No."})

    petition.refresh_from_db()
    assert response.status_code == 302
    assert petition.state == "draft"
    assert events() == []


def test_opening_an_acts_page_changes_nothing(log_in: LogIn) -> None:
    petition = make_petition()

    response = log_in(make_staff()).get(act_url(petition, "close"))

    petition.refresh_from_db()
    assert response.status_code == 200
    assert petition.is_open


def test_edited_words_of_an_open_petition_need_a_reason(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    form = petition_form(petition, title="Another title")

    response = log_in(rosa).post(change_url(petition), form)

    petition.refresh_from_db()
    assert response.status_code == 200
    assert petition.title != "Another title"
    assert petition.versions.count() == 1


def test_edited_words_become_a_version_with_its_reason(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    signature = make_confirmed_signature(petition=petition)
    form = petition_form(petition, demands="One\nTwo", edit_reason="Two things added.")

    log_in(rosa).post(change_url(petition), form)

    petition.refresh_from_db()
    signature.refresh_from_db()
    assert petition.demands == ["One", "Two"]
    assert petition.current_version.number == 2
    assert petition.current_version.reason == "Two things added."
    assert petition.current_version.made_by == rosa
    assert signature.version.number == 1
    assert events() == [("edited", "Two things added.")]


def test_editing_a_goal_makes_no_version(log_in: LogIn, rosa: Account) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])

    log_in(rosa).post(change_url(petition), petition_form(petition, goal="500"))

    petition.refresh_from_db()
    assert petition.goal == 500
    assert petition.versions.count() == 1
    assert events() == [("edited", "goal")]


def test_saving_a_petition_does_not_turn_back_its_count(
    client: Client, log_in: LogIn, rosa: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is counted between the reading of the row and the saving."""
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    log_in(rosa)
    from petitions.admin import OwnedAdmin

    save = OwnedAdmin.save_model

    def meanwhile(*args: object, **kwargs: object) -> None:
        make_counted_signature(petition=Petition.objects.get(pk=petition.pk))
        save(*args, **kwargs)

    monkeypatch.setattr(OwnedAdmin, "save_model", meanwhile)
    client.post(change_url(petition), petition_form(petition, goal="500"))

    petition.refresh_from_db()
    assert (petition.goal, petition.signature_count) == (500, 1)


def test_an_organizer_writes_a_draft_and_stands_behind_it(
    log_in: LogIn, rosa: Account
) -> None:
    organizer = make_organizer(member=rosa)

    log_in(rosa).post("/admin/petitions/petition/add/", petition_form())

    petition = Petition.objects.get()
    assert petition.state == "draft"
    assert petition.organizer_list == [organizer]


def test_the_address_of_an_opened_petition_stays(log_in: LogIn) -> None:
    petition = make_petition(slug="as-it-was")

    log_in(make_staff()).post(
        change_url(petition), petition_form(petition, slug="another")
    )

    petition.refresh_from_db()
    assert petition.slug == "as-it-was"


def test_targets_and_translations_are_edited_on_the_petitions_page(
    log_in: LogIn,
) -> None:
    petition = make_petition()
    target = make_target()
    form = petition_form(petition) | {
        "deliveries-TOTAL_FORMS": "1",
        "deliveries-0-target": target.pk,
        "deliveries-0-position": "0",
        "translations-TOTAL_FORMS": "1",
        "translations-0-language": "es",
        "translations-0-title": "Un puente",
        "translations-0-ask": "Hazlo.",
        "translations-0-story": "Importa.",
        "translations-0-demands": "Uno\nDos",
    }

    log_in(make_staff()).post(change_url(petition), form)

    translation = PetitionTranslation.objects.get()
    petition.refresh_from_db()
    assert list(petition.targets.all()) == [target]
    assert translation.demands == ["Uno", "Dos"]
    assert translation.version == petition.current_version


def test_staff_release_and_hide_reasons(log_in: LogIn) -> None:
    signature = make_confirmed_signature(reason="I cross it daily.")
    client = log_in(make_staff())
    chosen = {"_selected_action": signature.pk}

    seen = {"seen": f"{signature.pk}:{mark(signature.reason)}"}
    release = {"action": "release_reasons", **chosen, **seen}
    client.post("/admin/signatures/signature/", release)
    released = Signature.objects.get().reason_state
    client.post("/admin/signatures/signature/", {"action": "hide_reasons"} | chosen)
    hidden = Signature.objects.get().reason_state

    assert (released, hidden) == ("shown", "hidden")
    assert [kind for kind, _note in events()] == ["reason_released", "reason_hidden"]


def test_staff_exclude_a_signature_and_count_it_again(log_in: LogIn) -> None:
    signature = make_counted_signature()
    client = log_in(make_staff())
    page = f"/admin/signatures/signature/{signature.pk}"

    client.post(f"{page}/exclude/do/", {"reason": "A machine typed it."})
    tally.fold()
    without = Petition.objects.get().signature_count
    client.post(f"{page}/count-again/do/", {"reason": "It was a person."})
    tally.fold()

    assert without == 0
    assert Petition.objects.get().signature_count == 1
    assert [kind for kind, _note in events()] == ["excluded", "counted_again"]


def test_an_edited_translation_becomes_a_version_too(log_in: LogIn) -> None:
    petition = make_petition()
    translation = make_translation(petition)
    lifecycle.revise(petition, by=make_staff(), reason="Translated.")
    form = petition_form(petition) | {
        "translations-TOTAL_FORMS": "1",
        "translations-INITIAL_FORMS": "1",
        "translations-0-id": translation.pk,
        "translations-0-petition": petition.pk,
        "translations-0-language": "es",
        "translations-0-title": translation.title,
        "translations-0-ask": "Cierren el puente.",
        "translations-0-story": translation.story,
        "translations-0-demands": "",
    }

    log_in(make_staff()).post(change_url(petition), form)

    petition.refresh_from_db()
    translation.refresh_from_db()
    before, after = petition.versions.order_by("number")[1:]
    assert (after.number, after.reason) == (3, "A translation was edited.")
    assert translation.version == petition.current_version == after
    (change,) = after.changes_since(before)
    assert change.label == "what we ask for (es)"
    assert "Mantengan" in change.parts[0].text


def test_a_mistake_far_down_the_page_is_named_at_its_top(log_in: LogIn) -> None:
    petition = make_petition()
    form = petition_form(petition, goal="-3")

    response = log_in(make_staff()).post(change_url(petition), form)

    link = Page.of(response).one("a", href="#id_goal")
    assert link.words.startswith("Goal: ")


def test_the_browsers_line_breaks_are_no_edit(log_in: LogIn) -> None:
    petition = make_petition(ask="Stop.\nNow.", story="One.\n\nTwo.")
    form = petition_form(petition, goal="500")
    sent = {name: str(value).replace("\n", "\r\n") for name, value in form.items()}

    log_in(make_staff()).post(change_url(petition), sent)

    petition.refresh_from_db()
    assert petition.goal == 500
    assert petition.story == "One.\n\nTwo."
    assert petition.versions.count() == 1


def test_what_signers_were_promised_stays_promised(
    log_in: LogIn, rosa: Account
) -> None:
    petition = make_petition(sensitive=True, organizers=[make_organizer(member=rosa)])

    log_in(rosa).post(change_url(petition), petition_form(petition, goal="50"))

    petition.refresh_from_db()
    assert (petition.goal, petition.sensitive) == (50, True)


@pytest.mark.parametrize("day", ["2001-01-01", "9999-12-31"])
def test_a_closing_day_is_still_to_come(log_in: LogIn, rosa: Account, day: str) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    form = petition_form(petition, closes_at_0=day, closes_at_1="12:00")

    response = log_in(rosa).post(change_url(petition), form)

    petition.refresh_from_db()
    assert response.context["adminform"].form.errors.keys() == {"closes_at"}
    assert petition.closes_at is None


@pytest.mark.parametrize("held", ["review", "rejected", "hidden"])
def test_an_organizer_edits_nothing_that_staff_hold(
    log_in: LogIn, rosa: Account, held: str
) -> None:
    own = {"organizers": [make_organizer(member=rosa)]}
    petition = make_petition(**own) if held == "hidden" else make_draft(**own)
    if held == "review":
        lifecycle.submit(petition, by=rosa)
    elif held == "hidden":
        lifecycle.hide(petition, by=make_staff(), reason="A complaint.")
    else:
        lifecycle.reject(petition, by=make_staff(), reason="No.")

    response = log_in(rosa).post(
        change_url(petition), petition_form(petition, title="Slander")
    )

    petition.refresh_from_db()
    assert response.status_code == 403
    assert petition.title != "Slander"


def test_a_petition_in_review_can_be_taken_back(log_in: LogIn, rosa: Account) -> None:
    petition = make_draft(organizers=[make_organizer(member=rosa)])
    lifecycle.submit(petition, by=rosa)

    log_in(rosa).post(act_url(petition, "take-back"))

    petition.refresh_from_db()
    assert petition.state == "draft"
    assert [kind for kind, _note in events()] == ["submitted", "taken_back"]


def test_a_hundred_targets_can_be_saved(log_in: LogIn) -> None:
    petition = make_petition()
    form = petition_form(petition) | {"deliveries-TOTAL_FORMS": "100"}
    for number in range(100):
        form[f"deliveries-{number}-target"] = make_target().pk
        form[f"deliveries-{number}-position"] = number

    log_in(make_staff()).post(change_url(petition), form)

    assert petition.targets.count() == 100


def test_staff_find_the_reasons_that_wait_for_review(log_in: LogIn) -> None:
    waiting = make_confirmed_signature(reason="I cross it daily.")
    make_confirmed_signature()
    make_confirmed_signature(reason="So do I.").hide_reason()

    page = log_in(make_staff()).get("/admin/signatures/signature/?which=waiting")

    assert list(page.context["cl"].result_list) == [waiting]
