"""What organizers read in the mail when staff have decided about their petition."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from campaigns import lifecycle, moderation, worker
from campaigns.models import Notice
from petitions.models import Account, Petition
from tests.campaigns.sent_mail import html_of
from tests.makers import make_account, make_organizer, make_review, make_staff

pytestmark = pytest.mark.django_db

WORDS = "It names <Jonas>, who runs nothing."


def make_run_by(*members: Account, **fields: object) -> Petition:
    organizer = make_organizer()
    organizer.members.set(members)
    return make_review(organizers=[organizer], **fields)


def decide(petition: Petition, decision: str) -> None:
    staff = make_staff()
    if decision == "changes":
        moderation.ask_for_changes(petition, by=staff, words=WORDS)
    elif decision == "reject":
        moderation.reject(
            petition, by=staff, code="personal", reason=WORDS, in_public=False
        )
    else:
        moderation.open_petition(petition, by=staff)
    if decision in ("hide", "restore"):
        moderation.hide(petition, by=staff, reason=WORDS)
    if decision == "restore":
        lifecycle.restore(petition, by=staff, reason="The name is gone.")


def sent() -> list[EmailMultiAlternatives]:
    worker.send_all_mail()
    return mail.outbox


DECISIONS = {
    "open": (
        "Your petition is open",
        ["20 signatures in the first hour", "ten people"],
    ),
    "changes": ("Please change your petition", [WORDS, "send it for review again"]),
    "reject": (
        "Your petition was not accepted",
        [WORDS, "It names or endangers a private person", "does not show what it was"],
    ),
    "hide": ("Your petition was taken out of view", [WORDS]),
    "restore": ("Your petition can be read again", ["as it was before"]),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_each_organizer_gets_one_mail_that_says_what_was_decided(decision: str) -> None:
    anna, bo = make_account(email="anna@example.org"), make_account()
    petition = make_run_by(anna, bo, title="Open the well")
    subject, words = DECISIONS[decision]

    decide(petition, decision)

    letters = [one for one in sent() if one.subject.startswith(subject)]
    assert sorted(one.to[0] for one in letters) == sorted([anna.email, bo.email])
    letter = letters[0]
    assert letter.subject == f"{subject}: Open the well"
    for body in [
        letter.body,
        html_of(letter).replace("&lt;", "<").replace("&gt;", ">"),
    ]:
        assert [one for one in words if one not in " ".join(body.split())] == []
        assert "Open the well" in body
    assert "<Jonas>" not in html_of(letter)


@pytest.mark.parametrize("decision", DECISIONS)
def test_of_a_sensitive_one_the_subject_tells_nothing(decision: str) -> None:
    petition = make_run_by(make_account(), title="A door that locks", sensitive=True)

    decide(petition, decision)

    letters = sent()
    assert letters
    assert {one.subject for one in letters} == {
        "News about your petition on Undersigned"
    }


def test_it_is_written_in_the_language_of_the_petition() -> None:
    petition = make_run_by(make_account(), language="es", title="Abrid el pozo")

    moderation.open_petition(petition, by=make_staff())

    (letter,) = sent()
    assert f"/es{petition.get_absolute_url()}" in letter.body


@pytest.mark.parametrize(
    ("decision", "meanwhile"),
    [
        ("open", {"state": "hidden", "hidden_from": "open", "withheld_reason": "No."}),
        ("changes", {"state": "review", "changes_asked": ""}),
        ("reject", {"state": "draft"}),
        ("hide", {"state": "open", "hidden_from": ""}),
    ],
)
def test_what_is_so_no_more_is_not_mailed(decision: str, meanwhile: dict) -> None:
    petition = make_run_by(make_account())
    decide(petition, decision)
    Petition.objects.filter(pk=petition.pk).update(**meanwhile)
    subject, _words = DECISIONS[decision]

    assert [one for one in sent() if one.subject.startswith(subject)] == []
    assert not Notice.objects.waiting().exists()


def test_who_may_not_log_in_gets_no_mail() -> None:
    gone, later = make_account(), make_account()
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    petition = make_run_by(gone, later)
    decide(petition, "changes")
    Account.objects.filter(pk=later.pk).update(is_active=False)

    assert sent() == []


def test_who_runs_it_no_more_gets_no_mail() -> None:
    anna, bo = make_account(email="anna@example.org"), make_account()
    petition = make_run_by(anna, bo)
    decide(petition, "reject")
    petition.organizers.get().members.remove(bo)

    assert [one.to for one in sent()] == [["anna@example.org"]]


@pytest.mark.parametrize("decision", ["reject", "hide"])
def test_what_goes_against_them_says_whom_to_write_to(decision: str, settings) -> None:
    settings.CONTACT_EMAIL = "help@example.org"
    petition = make_run_by(make_account())

    decide(petition, decision)

    letter = sent()[-1]
    for body in [letter.body, html_of(letter)]:
        assert "If you think that this is a mistake" in body
        assert "help@example.org" in body
