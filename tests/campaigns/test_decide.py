"""What staff and organizers decide about a petition, and what is written down of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from campaigns import lifecycle, tally
from campaigns.models import Event
from petitions.models import Account, Petition, WrongState
from signatures.models import Signature
from tests.makers import (
    make_closed_petition,
    make_confirmed_signature,
    make_counted_signature,
    make_draft,
    make_hidden_petition,
    make_petition,
    make_rejected_petition,
    make_review,
    make_signature,
    make_staff,
    make_won_petition,
)

pytestmark = pytest.mark.django_db

Act = Callable[[Petition, Account], None]


def edit(petition: Petition, by: Account) -> None:
    petition.ask = "Keep both bridges open."
    lifecycle.revise(petition, by=by, reason="There are two.")


def win(petition: Petition, by: Account) -> None:
    lifecycle.declare_victory(petition, by=by, summary="Both stay.", story="Hooray.")


MAKERS = {
    "draft": make_draft,
    "review": make_review,
    "open": make_petition,
    "closed": make_closed_petition,
    "won": make_won_petition,
    "rejected": make_rejected_petition,
    "hidden": make_hidden_petition,
}
# The act; the event, its note and the state after it; the states it is for.
ACTS: dict[str, tuple[Act, str, str, str, set[str]]] = {
    "submit": (
        lambda petition, by: lifecycle.submit(petition, by=by),
        *("submitted", "", "review", {"draft"}),
    ),
    "open": (
        lambda petition, by: lifecycle.open_petition(petition, by=by),
        *("opened", "", "open", {"draft", "review"}),
    ),
    "reject": (
        lambda petition, by: lifecycle.reject(petition, by=by, reason="Spam."),
        *("rejected", "Spam.", "rejected", {"draft", "review"}),
    ),
    "close": (
        lambda petition, by: lifecycle.close(
            petition, by=by, outcome="lost", reason="They agreed."
        ),
        *("closed", "They agreed.", "closed", {"open"}),
    ),
    "win": (win, "won", "Both stay.", "won", {"open", "closed"}),
    "hide": (
        lambda petition, by: lifecycle.hide(petition, by=by, reason="Names Jonas."),
        *("hidden", "Names Jonas.", "hidden", {"open", "closed", "won"}),
    ),
    "restore": (
        lambda petition, by: lifecycle.restore(petition, by=by, reason="Name gone."),
        *("restored", "Name gone.", "open", {"hidden"}),
    ),
}
RIGHT = [(act, state) for act, parts in ACTS.items() for state in sorted(parts[-1])]
# Each wrong pair is tried on the petition itself; here one of each act will do.
WRONG = {act: state for act in ACTS for state in MAKERS if (act, state) not in RIGHT}


@pytest.mark.parametrize(("act", "state"), RIGHT)
def test_a_decision_leaves_one_event_with_who_and_why(act: str, state: str) -> None:
    do, kind, note, state_after, _states = ACTS[act]
    petition, staff = MAKERS[state](), make_staff()
    before = set(Event.objects.values_list("pk", flat=True))

    do(petition, staff)

    (event,) = Event.objects.exclude(pk__in=before)
    assert (event.kind, event.petition, event.by, event.note) == (
        *(kind, petition, staff, note),
    )
    petition.refresh_from_db()
    assert petition.state == state_after


@pytest.mark.parametrize(("act", "state"), WRONG.items())
def test_what_cannot_be_done_leaves_no_trace(act: str, state: str) -> None:
    do = ACTS[act][0]
    petition = MAKERS[state]()
    before = Petition.objects.filter(pk=petition.pk).values().get()
    events = Event.objects.count()

    with pytest.raises(WrongState):
        do(petition, make_staff())

    assert Petition.objects.filter(pk=petition.pk).values().get() == before
    assert Event.objects.count() == events
    assert petition.versions.count() == (before["current_version_id"] is not None)


def test_of_two_who_decide_at_once_the_second_is_told() -> None:
    petition = make_petition()
    one, other = (Petition.objects.get(pk=petition.pk) for _ in range(2))
    staff = make_staff()

    lifecycle.close(one, by=staff, outcome="lost", reason="The first.")
    with pytest.raises(WrongState):
        lifecycle.close(other, by=staff, outcome="lost", reason="The second.")

    petition.refresh_from_db()
    assert petition.closing_reason == "The first."
    assert [event.note for event in Event.objects.all()] == ["The first."]


def test_an_edit_makes_a_version_and_an_event() -> None:
    petition, staff = make_petition(), make_staff()

    edit(petition, staff)

    assert petition.current_version.number == 2
    event = Event.objects.get()
    assert (event.kind, event.by, event.note) == ("edited", staff, "There are two.")


@pytest.mark.parametrize("state", ["draft", "review", "rejected"])
def test_what_never_opened_has_no_versions_to_add_to(state: str) -> None:
    petition = MAKERS[state]()

    with pytest.raises(WrongState):
        edit(petition, make_staff())

    assert petition.versions.count() == Event.objects.count() == 0


@pytest.mark.parametrize("state", ["open", "closed", "won"])
def test_a_hidden_petition_goes_back_where_it_was(state: str) -> None:
    petition, staff = MAKERS[state](), make_staff()
    closed_at, won_at = petition.closed_at, petition.won_at

    lifecycle.hide(petition, by=staff, reason="Names Jonas.")
    lifecycle.restore(petition, by=staff, reason="Name gone.")

    assert (petition.state, petition.withheld_reason) == (state, "")
    assert (petition.closed_at, petition.won_at) == (closed_at, won_at)


def test_what_is_past_its_day_is_closed_as_of_then() -> None:
    now = timezone.now()
    overdue = make_petition(closes_at=now - timedelta(hours=2))
    later = make_petition(closes_at=now + timedelta(hours=2))
    endless = make_petition()
    make_won_petition(closes_at=now - timedelta(hours=2))

    assert lifecycle.close_overdue() == 1
    assert lifecycle.close_overdue() == 0
    overdue.refresh_from_db()
    assert (overdue.state, overdue.closed_at) == ("closed", overdue.closes_at)
    for petition in (later, endless):
        petition.refresh_from_db()
        assert petition.state == "open"
    event = Event.objects.get(kind="closed")
    assert (event.petition, event.by, event.note) == (overdue, None, "")


# Signatures

SignatureAct = Callable[[Signature, Account], None]


def release(signature: Signature, by: Account) -> None:
    lifecycle.release_reason(signature, by=by)


def conceal(signature: Signature, by: Account) -> None:
    lifecycle.hide_reason(signature, by=by)


def exclude(signature: Signature, by: Account) -> None:
    lifecycle.exclude(signature, by=by, reason="A robot.")


def count_again(signature: Signature, by: Account) -> None:
    lifecycle.count_again(signature, by=by, reason="No robot.")


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([release], ["reason_released"]),
        ([release, release], ["reason_released"]),
        ([conceal], ["reason_hidden"]),
        ([release, conceal], ["reason_released", "reason_hidden"]),
        ([exclude], ["excluded"]),
        ([exclude, exclude], ["excluded"]),
        ([exclude, count_again], ["excluded", "counted_again"]),
        ([count_again], []),
    ],
)
def test_each_act_on_a_signature_leaves_one_event_that_names_no_signer(
    acts: list[SignatureAct], expected: list[str]
) -> None:
    signature = make_confirmed_signature(name="Hugo Hidden", reason="Because.")
    staff = make_staff()

    for act in acts:
        act(Signature.objects.get(pk=signature.pk), staff)

    events = list(Event.objects.order_by("pk"))
    assert [event.kind for event in events] == expected
    for event in events:
        assert (event.petition, event.by) == (signature.petition, staff)
        assert event.note.startswith(f"Signature {signature.pk}")
        assert "Hugo" not in event.note
        assert "@" not in event.note


@pytest.mark.parametrize("act", [release, conceal])
def test_there_is_nothing_to_do_with_no_reason(act: SignatureAct) -> None:
    act(make_confirmed_signature(reason=""), make_staff())

    assert Event.objects.count() == 0


@pytest.mark.parametrize("act", [exclude, count_again])
def test_what_is_not_confirmed_is_not_excluded(act: SignatureAct) -> None:
    act(make_signature(), make_staff())

    assert Event.objects.count() == 0


def test_an_address_that_signed_anew_is_not_counted_twice() -> None:
    excluded = make_counted_signature(email="ada@example.org")
    exclude(excluded, make_staff())
    make_counted_signature(petition=excluded.petition, email="ada@example.org")
    events = Event.objects.count()

    with pytest.raises(IntegrityError):
        count_again(Signature.objects.get(pk=excluded.pk), make_staff())

    tally.fold()
    excluded.petition.refresh_from_db()
    assert excluded.petition.signature_count == 1
    assert Event.objects.count() == events
