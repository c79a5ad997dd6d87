"""Staff say how a petition ended: in a word, in a sentence, with what shows it."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaigns import lifecycle
from campaigns.bundle import import_bundle
from campaigns.bundle_export import export_bundle
from campaigns.bundle_format import parse
from campaigns.models import Event, Promise
from petitions.models import Account, Petition, WrongState
from tests.campaigns.admin_forms import CLOSING, ENDS, act_url
from tests.campaigns.bundles import a_bundle
from tests.html import Page
from tests.makers import (
    make_closed_petition,
    make_petition,
    make_staff,
    make_won_petition,
)

pytestmark = pytest.mark.django_db

LogIn = Callable[[Account], Client]
PROOF = "https://council.example.org/minutes/12"
IN_A_WEEK = timezone.localdate() + timedelta(days=7)
NO_PROOF = "Give a link to what shows it, or tick that there is none."
BOTH = "Give a link, or tick that there is none; not both."


def page_of(petition: Petition) -> str:
    return Page.of(Client().get(petition.get_absolute_url())).words


@pytest.mark.parametrize("act", ENDS)
def test_an_ending_is_kept_with_its_proof(log_in: LogIn, act: str) -> None:
    petition = make_petition()
    form = {**ENDS[act], "no_proof": "", "outcome": "partly", "proof_url": PROOF}

    log_in(make_staff()).post(act_url(petition, act), form)

    petition.refresh_from_db()
    assert (petition.outcome, petition.outcome_url) == ("partly", PROOF)
    assert not Promise.objects.exists()


@pytest.mark.parametrize("act", ENDS)
@pytest.mark.parametrize(
    ("typed", "field", "error"),
    [
        ({"outcome": ""}, "outcome", "Say how it ended."),
        ({"no_proof": ""}, "proof_url", NO_PROOF),
        ({"proof_url": PROOF}, "proof_url", BOTH),
        ({"no_proof": "", "proof_url": "javascript:alert(1)"}, "proof_url", None),
        ({"promise": "A boat."}, "promised_by", "Say by when it is to be kept."),
        ({"promised_by": str(IN_A_WEEK)}, "promise", "Say what was promised."),
        (
            {"promise": "A boat.", "promised_by": str(timezone.localdate())},
            "promised_by",
            "Choose a day that is still to come, within ten years.",
        ),
        ({"promise": "A boat.", "promised_by": "2999-12-31"}, "promised_by", None),
        ({"promise": "A boat.", "promised_by": "soon"}, "promised_by", None),
    ],
)
def test_half_an_ending_is_refused_at_its_field(
    log_in: LogIn, act: str, typed: dict, field: str, error: str | None
) -> None:
    petition = make_petition()

    response = log_in(make_staff()).post(act_url(petition, act), {**ENDS[act], **typed})

    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert error is None or errors[field] == [error]
    petition.refresh_from_db()
    assert (petition.state, petition.outcome) == ("open", "")


def test_who_closes_cannot_say_that_it_was_won(log_in: LogIn) -> None:
    petition = make_petition()

    response = log_in(make_staff()).post(
        act_url(petition, "close"), {**CLOSING, "outcome": "won"}
    )

    assert list(response.context["form"].errors) == ["outcome"]


@pytest.mark.parametrize("act", ENDS)
def test_a_promise_is_written_down_once(log_in: LogIn, act: str) -> None:
    petition, client = make_petition(), log_in(make_staff())
    form = {**ENDS[act], "promise": "A boat.", "promised_by": str(IN_A_WEEK)}

    for _press in range(2):
        client.post(act_url(petition, act), form)

    promise = Promise.objects.get()
    assert (promise.petition, promise.text) == (petition, "A boat.")
    assert (promise.due_on, promise.answer) == (IN_A_WEEK, "")
    assert Event.objects.count() == 1


def test_its_closing_day_ends_a_petition_out_of_time() -> None:
    petition = make_petition(closes_at=timezone.now() - timedelta(minutes=1))

    lifecycle.close_overdue()

    petition.refresh_from_db()
    assert petition.outcome == "out_of_time"
    assert "Out of time." in page_of(petition)
    assert "No proof" not in page_of(petition)


def test_a_closing_day_that_is_put_off_this_moment_ends_nothing() -> None:
    now = timezone.now()
    for _ in range(2):
        make_petition(closes_at=now - timedelta(minutes=1))

    def put_off_the_other(execute, sql, *arguments):
        answer = execute(sql, *arguments)
        if sql.startswith('INSERT INTO "campaigns_ending"'):
            later = now + timedelta(days=1)
            Petition.objects.filter(state="open").update(closes_at=later)
        return answer

    with connection.execute_wrapper(put_off_the_other):
        closed = lifecycle.close_overdue()

    assert closed == Petition.objects.open().count() == 1


def test_what_has_come_of_a_closed_one_is_told_later(log_in: LogIn) -> None:
    petition = make_petition(closes_at=timezone.now() - timedelta(minutes=1))
    lifecycle.close_overdue()
    form = {"outcome": "lost", "reason": "They sold it.", "proof_url": PROOF}
    form |= {"promise": "A boat.", "promised_by": str(IN_A_WEEK)}

    client = log_in(make_staff())
    for _press in range(2):
        client.post(act_url(petition, "outcome"), form)

    petition.refresh_from_db()
    assert (petition.state, petition.outcome) == ("closed", "lost")
    assert petition.closed_at == petition.closes_at
    assert Promise.objects.count() == 1
    for words in ("Lost. They sold it.", "council.example.org", "A boat."):
        assert words in page_of(petition)


@pytest.mark.parametrize("make", [make_petition, make_won_petition])
def test_only_of_a_closed_one_is_it_told_later(make: Callable[[], Petition]) -> None:
    petition = make()

    with pytest.raises(WrongState):
        lifecycle.tell_outcome(petition, by=make_staff(), outcome="lost", reason="No.")

    assert not Event.objects.filter(kind="edited").exists()


def test_a_victory_after_closing_is_the_outcome() -> None:
    petition = make_petition()
    petition.close(outcome="lost", reason="No.", proof_url=PROOF)

    petition.win(summary="Yes, after all.")

    assert (petition.outcome, petition.outcome_url) == ("won", "")


def test_the_page_says_how_it_ended_and_what_shows_it() -> None:
    petition = make_petition()
    petition.close(outcome="withdrawn", reason="We were wrong.", proof_url=PROOF)

    response = Client().get(petition.get_absolute_url())

    link = Page.of(response).one("a", href=PROOF)
    assert link.words == "What shows it: council.example.org"
    assert link.attributes["rel"] == "noopener noreferrer nofollow"
    assert "Withdrawn. We were wrong." in page_of(petition)


def test_the_page_says_that_there_is_no_proof() -> None:
    assert "No proof was given." in page_of(make_closed_petition())
    assert "No proof was given." in page_of(make_won_petition())


def test_the_page_says_that_it_was_won_in_part() -> None:
    petition = make_petition()
    petition.win(summary="One bridge stays.", outcome="partly", proof_url=PROOF)

    words = page_of(petition)

    assert "This petition won in part" in words
    assert "This petition won One" not in words
    assert "The petition won in part" in words
    feed = Client().get(f"{petition.get_absolute_url()}feed/").content.decode()
    assert "<title>Won in part</title>" in feed


def test_an_outcome_moves_with_the_file() -> None:
    petition = make_petition(slug="the-bridge")
    petition.close(outcome="lost", reason="No.", proof_url=PROOF)
    (part,) = export_bundle([petition])["petitions"]
    assert part["outcome"] == {
        "kind": "lost",
        "proof_url": PROOF,
        "summary": "No.",
        "story": "",
    }

    text = a_bundle(**{**part, "slug": "the-same-bridge"})
    (brought,) = import_bundle(parse(text))
    assert import_bundle(parse(text)) == []

    brought.refresh_from_db()
    assert (brought.outcome, brought.outcome_url) == ("lost", PROOF)
    assert (brought.state, brought.words_of_ending) == ("closed", "No.")


def test_an_outcome_that_is_not_known_is_not_exported() -> None:
    (part,) = export_bundle([make_petition()])["petitions"]

    assert part["outcome"] == {"summary": "", "story": ""}


@pytest.mark.parametrize(
    ("parts", "kind", "state"),
    [
        ({"state": "won", "outcome": {"summary": "It stays."}}, "won", "won"),
        ({"state": "closed", "closed_on": "2026-03"}, "", "closed"),
        (
            {
                "state": "hidden",
                "closed_on": "2026-03",
                "outcome": {"summary": "It stays."},
            },
            *("won", "won"),
        ),
        (
            {
                "state": "hidden",
                "closed_on": "2026-03",
                "outcome": {"kind": "lost", "summary": "It was near."},
            },
            *("lost", "closed"),
        ),
    ],
)
def test_what_an_imported_petition_ended_as(parts: dict, kind: str, state: str) -> None:
    (petition,) = import_bundle(parse(a_bundle(**parts)))

    assert petition.outcome == kind
    assert (petition.hidden_from or petition.state) == state
    if petition.hidden_from:
        petition.restore()
        assert petition.state == state


def test_a_link_that_is_none_breaks_no_page() -> None:
    outcome = {"kind": "lost", "proof_url": "https://["}

    (petition,) = import_bundle(parse(a_bundle(state="closed", outcome=outcome)))

    assert "What shows it: https://[" in page_of(petition)


def test_what_was_won_of_old_gets_its_outcome() -> None:
    migration = import_module("petitions.migrations.0012_outcomes_of_old")
    won, closed, hidden = (
        make_won_petition(),
        make_closed_petition(),
        make_won_petition(),
    )
    hidden.hide(reason="A complaint.")
    Petition.objects.update(outcome="")

    with connection.cursor() as cursor:
        for _again in range(2):
            cursor.execute(migration.WON)

    outcomes = dict(Petition.objects.values_list("pk", "outcome"))
    assert outcomes == {won.pk: "won", closed.pk: "", hidden.pk: "won"}
