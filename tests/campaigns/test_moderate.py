"""What staff decide about petitions that wait for them, and who looks at which."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns import lifecycle, moderation
from campaigns.models import Claim, Event, Notice, PetitionReport
from petitions.models import Petition, PetitionState, RejectionCode, WrongState
from tests.makers import (
    make_account,
    make_closed_petition,
    make_draft,
    make_hidden_petition,
    make_moderator,
    make_organizer,
    make_petition,
    make_rejected_petition,
    make_review,
    make_staff,
    make_target,
    make_translation,
)

pytestmark = pytest.mark.django_db


def make_report(petition: Petition, cause: str = "false") -> PetitionReport:
    return PetitionReport.objects.create(petition=petition, cause=cause)


def test_what_was_sent_for_review_knows_since_when() -> None:
    with time_machine.travel("2026-03-09T12:10:00Z", tick=False):
        petition = make_review()

        assert petition.submitted_at == timezone.now()


def test_a_claim_runs_for_15_minutes() -> None:
    petition, ana, bo = make_review(), make_staff(), make_moderator()
    with time_machine.travel("2026-03-09T12:10:00Z", tick=False) as clock:
        moderation.claim(petition, by=ana)

        clock.shift(timedelta(minutes=14, seconds=59))
        with pytest.raises(moderation.ClaimedByAnother):
            moderation.claim(petition, by=bo)
        assert Claim.objects.of(petition).by == ana

        clock.shift(timedelta(seconds=1))
        assert Claim.objects.of(petition) is None
        moderation.claim(petition, by=bo)
        assert Claim.objects.of(petition).by == bo


def test_who_goes_on_renews_their_claim() -> None:
    petition, ana, bo = make_review(), make_staff(), make_staff()
    with time_machine.travel("2026-03-09T12:10:00Z", tick=False) as clock:
        moderation.claim(petition, by=ana)
        clock.shift(timedelta(minutes=10))
        moderation.claim(petition, by=ana)
        clock.shift(timedelta(minutes=10))

        with pytest.raises(moderation.ClaimedByAnother):
            moderation.claim(petition, by=bo)


def test_what_is_let_go_is_free_at_once_and_only_its_owner_can_do_that() -> None:
    petition, ana, bo = make_review(), make_staff(), make_staff()
    moderation.claim(petition, by=ana)

    by_another = moderation.let_go(petition, by=bo)
    by_owner = moderation.let_go(petition, by=ana)
    again = moderation.let_go(petition, by=ana)

    assert (by_another, by_owner, again) == (False, True, False)
    moderation.claim(petition, by=bo)


@pytest.mark.parametrize("make", [make_rejected_petition, make_hidden_petition])
def test_what_is_decided_cannot_be_claimed(make) -> None:
    with pytest.raises(WrongState):
        moderation.claim(make(), by=make_staff())


DECISIONS = {
    "open": lambda it, by, **read: moderation.open_petition(it, by=by, **read),
    "changes": lambda it, by, **read: moderation.ask_for_changes(
        it, by=by, words="Say who.", **read
    ),
    "reject": lambda it, by, **read: moderation.reject(
        it,
        by=by,
        code=RejectionCode.UNCLEAR,
        reason="What for?",
        in_public=False,
        **read,
    ),
    "hide": lambda it, by: moderation.hide(it, by=by, reason="It names Jonas."),
    "keep": lambda it, by: moderation.settle_reports(it, by=by, last=2**62),
}
OF_REVIEW, OF_PUBLIC = ["open", "changes", "reject"], ["hide", "keep"]


def make_to_decide(decision: str) -> Petition:
    organizers = [make_organizer(member=make_account())]
    if decision in OF_REVIEW:
        return make_review(organizers=organizers)
    petition = make_petition(organizers=organizers)
    make_report(petition)
    return petition


@pytest.mark.parametrize(
    ("decision", "state", "event", "note", "notice"),
    [
        ("open", "open", "opened", "", ["opened"]),
        ("changes", "draft", "changes_asked", "Say who.", ["changes_asked"]),
        ("reject", "rejected", "rejected", "What for?", ["rejected"]),
        ("hide", "hidden", "hidden", "It names Jonas.", ["hidden"]),
        ("keep", "open", "reports_settled", "1", []),
    ],
)
def test_a_decision_moves_it_writes_one_event_and_mails_its_organizers(
    decision: str, state: str, event: str, note: str, notice: list[str]
) -> None:
    petition, staff = make_to_decide(decision), make_staff()

    DECISIONS[decision](petition, staff)

    petition.refresh_from_db()
    assert petition.state == state
    (written,) = Event.objects.filter(petition=petition)
    assert (written.kind, written.by, written.note) == (event, staff, note)
    assert list(Notice.objects.values_list("kind", flat=True)) == notice
    assert not PetitionReport.objects.unsettled().exists()
    assert not Claim.objects.exists()


@pytest.mark.parametrize("decision", DECISIONS)
def test_nothing_is_decided_while_somebody_else_looks_at_it(decision: str) -> None:
    petition, ana = make_to_decide(decision), make_staff()
    moderation.claim(petition, by=ana)
    before = Petition.objects.filter(pk=petition.pk).values().get()

    with pytest.raises(moderation.ClaimedByAnother):
        DECISIONS[decision](petition, make_staff())

    assert Petition.objects.filter(pk=petition.pk).values().get() == before
    assert not Event.objects.exists()
    assert not Notice.objects.exists()
    DECISIONS[decision](petition, ana)  # who looks at it decides


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_claim_that_has_run_out_holds_nobody_up(decision: str) -> None:
    petition = make_to_decide(decision)
    moderation.claim(petition, by=make_staff())
    Claim.objects.update(until_at=timezone.now())

    DECISIONS[decision](petition, make_staff())

    assert Event.objects.count() == 1


@pytest.mark.parametrize("decision", DECISIONS)
def test_what_was_decided_is_not_decided_again(decision: str) -> None:
    petition = make_to_decide(decision)
    DECISIONS[decision](petition, make_staff())
    if decision == "changes":
        petition.submit()
        petition.take_back()

    with pytest.raises(WrongState):
        DECISIONS[decision](petition, make_staff())

    assert Event.objects.count() == 1
    assert not Claim.objects.exists()


def test_changes_that_are_asked_for_stand_until_it_is_sent_again() -> None:
    petition = make_review()

    moderation.ask_for_changes(petition, by=make_staff(), words="Say where.\nAnd when.")
    asked = petition.changes_asked
    petition.submit()

    assert asked == "Say where.\nAnd when."
    assert petition.changes_asked == ""


def test_only_what_is_in_review_is_sent_back_for_changes() -> None:
    for petition in [make_draft(), make_petition()]:
        with pytest.raises(WrongState):
            moderation.ask_for_changes(petition, by=make_staff(), words="More.")


def test_a_rejection_keeps_its_rule_its_words_and_who_may_read_them() -> None:
    petition = make_review()

    moderation.reject(
        petition,
        by=make_staff(),
        code=RejectionCode.PERSONAL,
        reason="It names your neighbor.",
        in_public=False,
    )

    assert petition.withheld_code == "personal"
    assert petition.withheld_reason == "It names your neighbor."
    assert not petition.is_told_rejected


def as_it_stands(petition: Petition) -> str:
    return moderation.what_is_read(Petition.objects.get(pk=petition.pk))


@pytest.mark.parametrize(
    "edit",
    [
        lambda it: Petition.objects.filter(pk=it.pk).update(ask="Give me money."),
        lambda it: Petition.objects.filter(pk=it.pk).update(slug="jonas-is-a-thief"),
        lambda it: Petition.objects.filter(pk=it.pk).update(picture_credit="Buy it"),
        lambda it: it.organizers.update(name="Buy my book"),
        lambda it: it.organizers.update(about="Jonas is a thief."),
        lambda it: it.targets.update(office="Thief"),
        lambda it: it.targets.add(make_target(name="Jonas")),
        make_translation,
    ],
)
@pytest.mark.parametrize("decision", OF_REVIEW)
def test_nothing_is_decided_about_what_was_edited_since_it_was_read(
    edit: Callable[[Petition], object], decision: str
) -> None:
    petition = make_review(targets=[make_target()])
    read = as_it_stands(petition)
    edit(petition)

    with pytest.raises(moderation.ReadAnew):
        DECISIONS[decision](petition, make_staff(), read=read)

    petition.refresh_from_db()
    assert petition.state == PetitionState.REVIEW
    assert not Claim.objects.exists()
    DECISIONS[decision](petition, make_staff(), read=as_it_stands(petition))


@pytest.mark.parametrize("decision", OF_REVIEW)
def test_a_draft_is_not_decided_before_it_is_sent(decision: str) -> None:
    petition = make_draft()

    with pytest.raises(WrongState):
        DECISIONS[decision](petition, make_staff())
    with pytest.raises(WrongState):
        moderation.claim(petition, by=make_staff())

    assert not Event.objects.exists()


def test_what_was_decided_is_not_called_edited() -> None:
    petition = make_review()
    read = as_it_stands(petition)
    moderation.open_petition(petition, by=make_staff(), read=read)

    with pytest.raises(WrongState):
        moderation.open_petition(petition, by=make_staff(), read=read)


def test_a_flood_of_reports_hides_no_other_petition_from_the_queue() -> None:
    flooded, other = make_petition(), make_petition()
    PetitionReport.objects.bulk_create(
        PetitionReport(petition=flooded, cause="false") for _ in range(2100)
    )
    make_report(other, "personal")

    queue = moderation.queue()

    assert [one.petition for one in queue] == [flooded, other]
    assert [one.causes for one in queue] == [
        [("It is not true", 2100)],
        [("It names or endangers somebody", 1)],
    ]


def test_a_report_that_comes_while_others_are_read_waits_for_another_look() -> None:
    petition = make_petition()
    read = make_report(petition)
    later = make_report(petition, "hateful")
    elsewhere = make_report(make_petition())

    moderation.settle_reports(petition, by=make_staff(), last=read.pk)

    assert set(PetitionReport.objects.unsettled()) == {later, elsewhere}


def test_the_queue_is_of_review_and_reports_the_oldest_first() -> None:
    now = timezone.now()
    old, new = make_review(), make_review()
    reported, also, hidden = make_petition(), make_closed_petition(), make_petition()
    for petition in [reported, also, hidden]:
        make_report(petition)
    make_report(reported, "hateful")
    make_report(reported, "hateful")
    lifecycle.hide(hidden, by=make_staff(), reason="It names Jonas.")
    settled = make_petition()
    make_report(settled)
    PetitionReport.objects.of(settled).settle()
    make_draft()
    for petition, hours in [(old, 30), (new, 1)]:
        since = now - timedelta(hours=hours)
        Petition.objects.filter(pk=petition.pk).update(submitted_at=since)
    for petition, hours in [(reported, 4), (also, 50)]:
        since = now - timedelta(hours=hours)
        PetitionReport.objects.of(petition).update(reported_at=since)
    ana = make_staff()
    moderation.claim(new, by=ana)

    queue = moderation.queue()

    assert [one.petition for one in queue] == [also, old, reported, new]
    assert [one.age for one in queue] == [
        "2\xa0days",
        "1\xa0day",
        "4\xa0hours",
        "1\xa0hour",
    ]
    assert [one.is_reported for one in queue] == [True, False, True, False]
    assert [(str(cause), number) for cause, number in queue[2].causes] == [
        ("It insults or threatens people", 2),
        ("It is not true", 1),
    ]
    assert [one.claim.by if one.claim else None for one in queue][2:] == [None, ana]


def test_the_queue_asks_the_same_few_questions(django_assert_num_queries) -> None:
    for _ in range(3):
        make_review()
        make_report(make_petition())

    with django_assert_num_queries(4):
        assert len(moderation.queue()) == 6


def test_what_readers_wrote_is_forgotten_90_days_after_it_was_answered() -> None:
    from campaigns.retention import forget

    now = timezone.now()
    petition = make_petition()
    words = {"words": "I live there.", "cause": "other"}
    waits, old, recent = (
        PetitionReport.objects.create(petition=petition, **words) for _ in range(3)
    )
    for report, days in [(old, 91), (recent, 89)]:
        PetitionReport.objects.filter(pk=report.pk).update(
            settled_at=now - timedelta(days=days)
        )
    PetitionReport.objects.filter(pk=waits.pk).update(
        reported_at=now - timedelta(days=300)
    )

    forget()

    kept = dict(PetitionReport.objects.values_list("pk", "words"))
    assert kept == {
        waits.pk: "I live there.",
        old.pk: "",
        recent.pk: "I live there.",
    }
