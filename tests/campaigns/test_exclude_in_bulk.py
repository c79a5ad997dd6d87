"""Staff exclude many signatures by a rule; a worker does it, and it can be undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import exclusions, tally
from campaigns.models import Event, EventKind
from petitions.models import Petition, WrongState
from signatures.addresses import address_key
from signatures.models import (
    Confirmation,
    CountChange,
    Exclusion,
    ExclusionCount,
    Signature,
    SignatureMail,
)
from signatures.models import exclusions as in_signatures
from signatures.models.sources import Source
from tests.campaigns.admin_forms import events
from tests.makers import (
    make_confirmed_signature,
    make_counted_signature,
    make_done_exclusion,
    make_exclusion,
    make_held_signature,
    make_petition,
    make_signature,
    make_staff,
)

pytestmark = pytest.mark.django_db


def states(petition: Petition) -> list[str]:
    signatures = Signature.objects.for_petition(petition).order_by("pk")
    return list(signatures.values_list("state", flat=True))


def count_of(petition: Petition) -> int:
    tally.fold()
    petition.refresh_from_db()
    return petition.signature_count


def numbers(exclusion: Exclusion) -> dict[int, tuple[int, int]]:
    rows = exclusion.counts.values_list("petition", "counted", "pending")
    return {petition: (counted, pending) for petition, counted, pending in rows}


def test_what_counts_is_taken_off_and_what_is_pending_cannot_count_any_more() -> None:
    petition = make_petition()
    counted = make_counted_signature(petition=petition, email="a@spam.example")
    pending = make_signature(petition=petition, email="b@spam.example")
    other = make_counted_signature(petition=petition, email="c@good.example")

    exclusion = make_done_exclusion(domain="spam.example")

    assert states(petition) == ["excluded", "pending", "confirmed"]
    assert pending.confirm() is Confirmation.TOO_LATE
    assert (exclusion.state, numbers(exclusion)) == ("done", {petition.pk: (1, 1)})
    assert count_of(petition) == 1
    assert Signature.objects.get(pk=counted.pk).exclusion == exclusion
    assert Signature.objects.get(pk=other.pk).exclusion is None
    assert tally.recount() == 0


CONDITIONS = {
    "address": {"address_key": address_key("bot@spam.example")},
    "domain": {"domain": "spam.example"},
    "all below a domain": {"domain": "*.example"},
    "network": {"network_key": "a" * 32},
    "name": {"name_pattern": "bot *"},
    "piece of a name": {"name_pattern": "*ONE*"},
    "whole name": {"name_pattern": "Bot (no. One)"},
    "since": {"since_at": timezone.now() - timedelta(days=2)},
}


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
def test_each_condition_takes_what_it_says_and_no_more(condition: dict) -> None:
    bot = make_confirmed_signature(
        email="bot@spam.example",
        name="Bot (no. One)",
        source=Source(network_key="a" * 32),
    )
    person = make_confirmed_signature(email="ana@friends.org", name="Ana Robot [x]")
    Signature.objects.filter(pk=person.pk).update(
        started_at=timezone.now() - timedelta(days=3)
    )

    make_done_exclusion(**condition)

    assert states(bot.petition) == ["excluded"]
    assert states(person.petition) == ["confirmed"]


def test_all_conditions_must_hold() -> None:
    signature = make_confirmed_signature(email="a@spam.example", name="Ana")

    make_done_exclusion(domain="spam.example", name_pattern="Bot*")
    make_done_exclusion(domain="spam.example", petition=make_petition())
    until_at = timezone.now() - timedelta(hours=1)
    make_done_exclusion(domain="spam.example", until_at=until_at)

    assert states(signature.petition) == ["confirmed"]


@pytest.mark.parametrize("pattern", ["_na%", "a.a", "[a]na", "\\w*"])
def test_only_an_asterisk_stands_for_anything(pattern: str) -> None:
    signature = make_confirmed_signature(name="Ana")

    make_done_exclusion(name_pattern=pattern)

    assert states(signature.petition) == ["confirmed"]


def test_capitals_are_alike_in_every_script() -> None:
    signature = make_confirmed_signature(name="Álvaro Ñúñez")

    make_done_exclusion(name_pattern="ÁLVARO*ñúñez")

    assert states(signature.petition) == ["excluded"]


def test_what_was_carried_over_and_what_comes_later_stays() -> None:
    petition = make_petition()
    Signature.objects.create(
        petition=petition,
        version=petition.current_version,
        name="Old",
        origin="carried",
        state="confirmed",
        confirmed_at=timezone.now(),
    )
    exclusion = make_exclusion(petition=petition)
    later = make_confirmed_signature(petition=petition)

    exclusions.work()

    assert states(petition) == ["confirmed", "confirmed"]
    assert Signature.objects.get(pk=later.pk).exclusion is None
    assert numbers(exclusion) == {}


def test_it_goes_in_batches_each_from_where_the_last_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_signatures, "MOVED_AT_ONCE", 2)
    petition = make_petition()
    for _one in range(5):
        make_counted_signature(petition=petition)
    exclusion = make_exclusion(petition=petition)

    so_far = []
    while exclusions.work():
        so_far.append(Signature.objects.excluded().count())
    exclusion.refresh_from_db()

    assert so_far == [2, 4, 5]
    assert numbers(exclusion) == {petition.pk: (5, 0)}
    assert exclusion.share_done == 100


def test_numbers_without_signatures_do_not_end_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_signatures, "NUMBERS_AT_ONCE", 1)
    first, gone, last = (make_confirmed_signature(name="Bot") for _one in range(3))
    gone.erase()

    make_done_exclusion(name_pattern="Bot")

    assert states(first.petition) == states(last.petition) == ["excluded"]


def test_stopped_in_the_middle_it_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_signatures, "MOVED_AT_ONCE", 2)
    petition, staff = make_petition(), make_staff()
    for _one in range(3):
        make_confirmed_signature(petition=petition)
    exclusion = make_exclusion(petition=petition)
    exclusions.work()

    exclusions.stop(exclusion, by=staff, reason="I am not sure.")
    worked_while_stopped = exclusions.work()
    while_stopped = states(petition)
    exclusions.go_on(exclusion, by=staff)
    while exclusions.work():
        pass

    assert worked_while_stopped == 0
    assert while_stopped == ["excluded", "excluded", "confirmed"]
    assert states(petition) == ["excluded"] * 3
    assert numbers(exclusion) == {petition.pk: (3, 0)}
    notes = [note for _kind, note in events()]
    stopped = f"Exclusion {exclusion.pk} stopped at 2 counted, 0 pending: I am not sure"
    assert f"{stopped}." in notes


@pytest.mark.parametrize("act", ["stop", "undo", "go_on"])
def test_what_is_not_possible_now_is_refused(act: str) -> None:
    make_confirmed_signature()
    done, running = make_done_exclusion(name_pattern="Bot"), make_exclusion(domain="x")
    exclusion = done if act in ("stop", "go_on") else running

    with pytest.raises(WrongState):
        getattr(exclusion, act)()


def test_undone_all_count_again_and_links_are_mailed_once_more() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition, email="a@spam.example")
    pending = make_signature(petition=petition, email="b@spam.example")
    SignatureMail.objects.all().delete()
    exclusion = make_done_exclusion(domain="spam.example")

    exclusions.undo(exclusion, by=make_staff(), reason="They were people.")
    exclusions.work()
    exclusion.refresh_from_db()

    assert (exclusion.state, numbers(exclusion)) == ("undone", {petition.pk: (0, 0)})
    assert count_of(petition) == 1
    assert [mail.signature for mail in SignatureMail.objects.all()] == [pending]
    assert pending.confirm() is Confirmation.COUNTED
    assert count_of(petition) == 2
    assert tally.recount() == 0
    assert not Signature.objects.exclude(exclusion=None).exists()


def test_who_signed_anew_is_counted_once_after_undoing() -> None:
    petition = make_petition()
    first = make_counted_signature(petition=petition, email="a@spam.example")
    make_counted_signature(petition=petition, email="b@spam.example")
    exclusion = make_done_exclusion(domain="spam.example")
    anew = make_confirmed_signature(petition=petition, email="a+x@spam.example")

    exclusions.undo(exclusion, by=make_staff(), reason="They were people.")
    exclusions.work()

    assert numbers(exclusion) == {petition.pk: (1, 0)}  # it stayed out
    assert Signature.objects.get(pk=first.pk).state == "excluded"
    assert Signature.objects.get(pk=anew.pk).state == "confirmed"
    assert count_of(petition) == 2
    assert tally.recount() == 0
    last = Event.objects.filter(kind=EventKind.EXCLUSION_UNDONE).latest("pk")
    assert last.note.endswith("undone, still out: 1 counted, 0 pending")


def test_undoing_releases_neither_who_was_held_before_nor_who_is_too_late() -> None:
    held = make_held_signature(name="Bot")
    late = make_signature(name="Bot")
    exclusion = make_done_exclusion(name_pattern="Bot")
    late.petition.close(outcome="lost", reason="Enough.")
    SignatureMail.objects.all().delete()

    exclusions.undo(exclusion, by=make_staff(), reason="They were people.")
    exclusions.work()

    assert list(Signature.objects.held()) == [held]
    assert SignatureMail.objects.count() == 0
    assert late.confirm() is Confirmation.TOO_LATE


def test_one_that_is_counted_again_by_hand_is_no_more_told_as_removed() -> None:
    petition = make_petition()
    signature = make_counted_signature(petition=petition)
    make_counted_signature(petition=petition)
    exclusion = make_done_exclusion(petition=petition)
    signature.refresh_from_db()

    signature.restore()

    assert numbers(exclusion) == {petition.pk: (1, 0)}
    assert count_of(petition) == 1


def test_a_withdrawn_one_cannot_come_back_while_its_like_is_excluded() -> None:
    petition = make_petition()
    withdrawn = make_counted_signature(petition=petition)
    withdrawn.withdraw()

    exclusion = make_done_exclusion(petition=petition)

    assert numbers(exclusion) == {}
    assert withdrawn.undo_withdrawal() is False
    exclusions.undo(exclusion, by=make_staff(), reason="It was a school.")
    exclusions.work()
    assert withdrawn.undo_withdrawal() is True
    assert (count_of(petition), tally.recount()) == (1, 0)


def test_one_that_was_withdrawn_or_excluded_before_is_passed_by() -> None:
    petition = make_petition()
    withdrawn = make_counted_signature(petition=petition)
    by_hand = make_counted_signature(petition=petition)
    withdrawn.withdraw()
    by_hand.exclude()

    exclusion = make_done_exclusion(petition=petition)

    assert numbers(exclusion) == {}
    assert count_of(petition) == 0
    assert tally.recount() == 0


def test_events_tell_the_numbers_and_the_reason_and_no_address() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition, email="bot@spam.example")

    exclusion = make_done_exclusion(
        petition=petition, address_key=address_key("bot@spam.example")
    )

    alarm = "; more than 1/100 of its signatures in a day"
    assert events() == [
        ("excluded_in_bulk", f"Exclusion {exclusion.pk} begun: Made by a machine."),
        (
            "excluded_in_bulk",
            f"Exclusion {exclusion.pk} done: 1 counted, 0 pending{alarm}",
        ),
    ]
    assert {event.petition for event in Event.objects.all()} == {petition}


def test_a_small_share_of_a_petition_raises_no_alarm() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition, name="Bot")
    Petition.objects.update(signature_count=100)

    make_done_exclusion(name_pattern="Bot")
    make_counted_signature(petition=petition, name="Bot")
    make_done_exclusion(name_pattern="Bot")

    *_before, (_kind, second) = events()
    first = events()[1][1]
    assert first.endswith("1 counted, 0 pending")
    assert second.endswith("; more than 1/100 of its signatures in a day")


def test_a_number_is_shown_before_anything_is_done() -> None:
    petition = make_petition()
    make_counted_signature(petition=petition, name="Bot")
    make_signature(petition=petition, name="Bot")
    make_counted_signature(petition=petition, name="Ana")

    preview = exclusions.preview(Exclusion(name_pattern="Bot", reason="?"))

    assert (str(preview.counted_in_all), str(preview.pending_in_all)) == ("1", "1")
    assert preview.alarming() == [petition]
    assert CountChange.objects.count() == 0


@pytest.mark.parametrize("name", ["MOST_COUNTED", "LONGEST_COUNT"])
def test_counting_ends_somewhere(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(exclusions, "NUMBERS_AT_ONCE", 1)
    monkeypatch.setattr(exclusions, name, 0)
    for _one in range(2):
        make_confirmed_signature(name="Bot")

    preview = exclusions.preview(Exclusion(name_pattern="Bot", reason="?"))

    assert str(preview.counted_in_all) == "more than 1"


def test_chosen_ones_are_excluded_together_and_can_come_back() -> None:
    held, pending = make_held_signature(), make_signature()
    counted = make_confirmed_signature()

    exclusion = exclusions.exclude_chosen(
        [held, pending, counted], by=make_staff(), reason="Test entries."
    )

    assert exclusion is not None
    assert set(numbers(exclusion).values()) == {(0, 1)}
    assert states(counted.petition) == ["confirmed"]
    assert not Signature.objects.held().exists()
    exclusions.undo(exclusion, by=make_staff(), reason="No.")
    exclusions.work()
    assert list(Signature.objects.held()) == [held]
    assert pending.confirm() is Confirmation.COUNTED


def test_what_counts_is_not_excluded_among_the_held() -> None:
    signature = make_confirmed_signature()

    chosen = exclusions.exclude_chosen([signature], by=make_staff(), reason="No.")

    assert chosen is None
    assert Exclusion.objects.count() == ExclusionCount.objects.count() == 0
