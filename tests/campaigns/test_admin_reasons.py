"""Reasons in the admin: looked at, released as they were read, hidden at one press."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from campaigns import lifecycle
from petitions.marks import mark
from petitions.models import Account, Petition
from signatures.models import ReasonReport, Signature
from tests.campaigns.admin_forms import change_url, events, petition_form
from tests.html import Page
from tests.makers import (
    make_confirmed_signature,
    make_moderator,
    make_organizer,
    make_petition,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
SIGNATURES = "/admin/signatures/signature/"
WITH_PHONE = "Call <b>me</b> at +1 555 123 4567!"


@pytest.fixture
def moderator(log_in: LogIn) -> Client:
    return log_in(make_moderator())


def act(signature: Signature, name: str) -> str:
    return f"{SIGNATURES}{signature.pk}/{name}/do/"


def state_of(signature: Signature) -> str:
    return Signature.objects.get(pk=signature.pk).reason_state


def bulk(*ticked: Signature) -> dict[str, object]:
    return {
        "action": "release_reasons",
        "_selected_action": [one.pk for one in ticked],
        "seen": [f"{one.pk}:{mark(one.reason)}" for one in ticked],
    }


def test_what_was_found_is_marked_in_the_list_and_on_the_page(
    moderator: Client,
) -> None:
    signature = make_confirmed_signature(reason=WITH_PHONE)

    pages = [
        moderator.get(url)
        for url in [SIGNATURES, f"{SIGNATURES}{signature.pk}/change/"]
    ]

    for response in pages:
        page = Page.of(response)
        assert page.one("mark").words == "+1 555 123 4567"
        assert page.one("strong", class_="flags").words == "Phone number"
        assert "Call <b>me</b> at" in page.words
        assert b"<b>me</b>" not in response.content


def test_releasing_a_flagged_reason_asks_whether_one_is_sure(
    moderator: Client,
) -> None:
    signature = make_confirmed_signature(reason=WITH_PHONE)

    page = Page.of(moderator.get(act(signature, "release")))
    seen = page.one("input", name="seen").attributes["value"]
    asked = state_of(signature)
    moderator.post(act(signature, "release"), {"seen": seen})

    assert "Are you sure?" in page.words
    assert page.one("mark").words == "+1 555 123 4567"
    assert (asked, state_of(signature)) == ("held", "shown")
    assert events() == [("reason_released", f"Signature {signature.pk}")]


def test_what_its_signer_has_changed_meanwhile_is_not_released(
    moderator: Client,
) -> None:
    signature = make_confirmed_signature(reason="I cross it.")
    page = Page.of(moderator.get(act(signature, "release")))
    seen = {"seen": page.one("input", name="seen").attributes["value"]}
    signature.reason = "Something vile."
    signature.change(["reason"])

    refused = Page.of(moderator.post(act(signature, "release"), seen))
    held = state_of(signature)
    seen_now = {"seen": refused.one("input", name="seen").attributes["value"]}
    moderator.post(act(signature, "release"), seen_now)

    assert "Its signer has changed it meanwhile." in refused.words
    assert "Something vile." in refused.words
    assert (held, state_of(signature)) == ("held", "shown")


def test_a_change_in_the_moment_of_releasing_is_not_released_either() -> None:
    signature = make_confirmed_signature(reason="I cross it.")
    as_read = Signature.objects.get()
    signature.reason = "Something vile."
    signature.change(["reason"])

    assert lifecycle.release_reason(as_read, by=make_staff()) is False
    assert state_of(signature) == "held"
    assert events() == []


def test_a_bulk_release_passes_over_what_has_to_be_looked_at(
    moderator: Client,
) -> None:
    petition = make_petition(blocked_words=["Ostrey"])
    plain, phone, blocked, changed = (
        make_confirmed_signature(petition=petition, reason=reason)
        for reason in ["I cross it.", WITH_PHONE, "From óstrey with love", "Before."]
    )
    form = bulk(plain, phone, blocked, changed)
    changed.reason = "After."
    changed.change(["reason"])

    page = Page.of(moderator.post(SIGNATURES, form, follow=True))

    states = [state_of(one) for one in (plain, phone, blocked, changed)]
    assert states == ["shown", "held", "held", "held"]
    assert "1 reason released." in page.words
    assert "2 wait, as something was found in them" in page.words
    assert "1 was changed by its signer meanwhile" in page.words


def test_the_list_says_what_was_read_of_each_reason(moderator: Client) -> None:
    signature = make_confirmed_signature(reason="I cross it.")

    page = Page.of(moderator.get(SIGNATURES))

    seen = page.one("input", name="seen").attributes["value"]
    assert seen == f"{signature.pk}:{mark('I cross it.')}"


@pytest.mark.parametrize("make", [make_staff, make_moderator])
def test_one_press_in_the_list_hides_a_reason(
    log_in: LogIn, make: Callable[[], Account]
) -> None:
    signature = make_confirmed_signature(reason="I cross it.")
    signature.release_reason()
    client = log_in(make())
    listed = Page.of(client.get(f"{SIGNATURES}?which=shown"))
    button = listed.one("button", name="hide")

    answer = client.post(
        f"{SIGNATURES}?which=shown", {"hide": button.attributes["value"]}
    )

    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{SIGNATURES}?which=shown",
    )
    assert state_of(signature) == "hidden"
    assert events() == [("reason_hidden", f"Signature {signature.pk}")]
    again = Page.of(client.post(SIGNATURES, {"hide": signature.pk}, follow=True))
    assert "It was hidden or taken back before." in again.words


@pytest.mark.parametrize("number", ["", "abc", "0", str(2**70), "-1", "1;2", "١"])
def test_hiding_what_is_not_there_is_answered_so(
    moderator: Client, number: str
) -> None:
    assert moderator.post(SIGNATURES, {"hide": number}).status_code == 404


def test_a_hidden_reason_is_in_no_page_kept_for_failures(
    settings, tmp_path: Path, django_capture_on_commit_callbacks
) -> None:
    settings.PAGES_DIR = tmp_path
    (tmp_path / "kept").write_text("Call me at +1 555 123 4567")
    signature = make_confirmed_signature(reason=WITH_PHONE)

    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.hide_reason(signature, by=make_staff())

    assert list(tmp_path.iterdir()) == []


def test_reported_reasons_are_listed_with_number_and_causes(moderator: Client) -> None:
    quiet, reported = (make_confirmed_signature(reason="It is ours.") for _ in "ab")
    for signature in (quiet, reported):
        signature.release_reason()
    for cause in ["threat", "other", "threat"]:
        ReasonReport.objects.create(signature=reported, cause=cause)

    listed = moderator.get(f"{SIGNATURES}?which=reported")
    index = Page.of(moderator.get("/admin/"))

    assert [row.pk for row in listed.context["cl"].result_list] == [reported.pk]
    words = "2 × It threatens or insults somebody; 1 × Something else"
    assert words in Page.of(listed).words
    assert "1 reason reported by readers" in index.words


@pytest.mark.parametrize(
    ("name", "state", "event"),
    [("hide", "hidden", "reason_hidden"), ("keep", "shown", "reason_released")],
)
def test_hiding_and_keeping_both_settle_the_reports(
    moderator: Client, name: str, state: str, event: str
) -> None:
    signature = make_confirmed_signature(reason="It is ours.")
    signature.release_reason()
    report = ReasonReport.objects.create(signature=signature, cause="other")

    moderator.post(act(signature, name))

    report.refresh_from_db()
    assert report.settled_at is not None
    assert state_of(signature) == state
    assert [kind for kind, _note in events()] == [event]
    assert list(Signature.objects.with_reported_reason()) == []
    again = moderator.post(act(signature, "keep"), follow=True)
    assert "This is not possible now" in Page.of(again).words


def test_the_list_asks_no_more_for_more_reports(moderator: Client) -> None:
    def asked() -> int:
        signature = make_confirmed_signature(reason=WITH_PHONE)
        ReasonReport.objects.create(signature=signature, cause="other")
        with CaptureQueriesContext(connection) as queries:
            moderator.get(f"{SIGNATURES}?which=reported")
        return len(queries)

    assert asked() == asked() == asked()


@override_settings(REASONS_SHOWN="at_once")
def test_shown_at_once_is_only_what_nothing_was_found_in() -> None:
    petition = make_petition()
    plain = make_signature(petition=petition, reason="I cross it.")
    phone = make_signature(petition=petition, reason=WITH_PHONE)
    guarded = make_signature(petition=make_petition(blocked_words=["x"]), reason="Ok.")

    assert [state_of(one) for one in (plain, phone, guarded)] == [
        "shown",
        "held",
        "held",
    ]


@override_settings(REASONS_SHOWN="at_once")
def test_a_changed_reason_is_looked_at_as_a_new_one() -> None:
    petition = make_petition(blocked_words=["Ostrey"])
    signature = make_confirmed_signature(petition=petition, reason="I cross it.")
    signature.release_reason()

    states = []
    for reason in ["From Ostrey", "I walk.", "I go."]:
        signature.reason = reason
        signature.change(["reason"])
        states.append(state_of(signature))
        if reason == "I walk.":
            signature.release_reason()

    assert states == ["held", "held", "shown"]


@override_settings(REASONS_SHOWN="at_once")
def test_who_was_hidden_once_is_read_before_being_shown_again() -> None:
    signature = make_confirmed_signature(reason="Something vile.")
    signature.hide_reason()

    for reason in ["Nothing.", "Something vile."]:
        signature.reason = reason
        signature.change(["reason"])
        assert state_of(signature) == "held"


def test_organizers_keep_a_list_of_words_that_nobody_else_sees(
    log_in: LogIn, client: Client, rosa: Account
) -> None:
    petition = make_petition(organizers=[make_organizer(member=rosa)])
    words = "Greta Moss\n\n  Ostrey \n"

    log_in(rosa).post(
        change_url(petition), petition_form(petition, blocked_words=words)
    )

    petition.refresh_from_db()
    assert petition.blocked_words == ["Greta Moss", "Ostrey"]
    assert petition.versions.count() == 1
    assert events() == [("edited", "blocked_words")]
    for url in ["", "count.json", "feed/", "versions/"]:
        page = Client().get(petition.get_absolute_url() + url)
        assert b"Greta" not in page.content


def test_the_list_of_words_is_neither_exported_nor_searched() -> None:
    petition = make_petition(blocked_words=["Greta Moss"])
    written = StringIO()
    Petition.objects.index()

    call_command("export_petitions", petition.slug, stdout=written)

    assert petition.slug in written.getvalue()
    assert "Greta" not in written.getvalue()
    assert list(Petition.objects.search("Greta")) == []
    assert list(Petition.objects.search(petition.title)) == [petition]


@pytest.mark.parametrize("words", ["o" * 101, "\n".join(["word"] * 201), "a\0b"])
def test_a_list_of_words_has_an_end(log_in: LogIn, words: str) -> None:
    petition = make_petition()

    answer = log_in(make_staff()).post(
        change_url(petition), petition_form(petition, blocked_words=words)
    )

    petition.refresh_from_db()
    assert answer.status_code == 200
    assert petition.blocked_words == []
