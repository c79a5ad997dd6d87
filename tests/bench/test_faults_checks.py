"""The checks of the fault run catch each kind of damage, and silence is no proof."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.faults.checks import Found, Mailed, Outcome, Told
from bench.faults.measures import Asked

ANA, BEN, EVA = "ana@example.org", "ben@example.org", "eva@example.org"
TOLD = Told({ANA: {"a"}, BEN: {"b"}, EVA: {"e"}}, {"a", "b"})
FOUND = Found(
    rows=[("a", ANA, "confirmed"), ("b", BEN, "confirmed"), ("e", EVA, "pending")],
    count=2,
    waiting_changes=0,
    waiting_mails=0,
    recounted="Every count is right.\n",
    integrity="ok",
)
SIGNED = Asked("sign", due=1.0, ended=1.1, status=303)


def mailed(*recipients: str, copies: int = 1) -> Mailed:
    """Each had as many copies of one mail."""
    found = Mailed()
    for recipient in recipients:
        found.recipients[recipient] += copies
        found.copies[f"<{recipient}>"] += copies
    return found


def problems(
    told: Told = TOLD,
    found: Found = FOUND,
    asked: Asked = SIGNED,
    mails: Mailed | None = None,
    *,
    duplicates_allowed: int = 0,
) -> list[str]:
    outcome = Outcome.of(
        told,
        mails or mailed(ANA, BEN, EVA),
        found,
        [SIGNED, asked],
        duplicates_allowed=duplicates_allowed,
    )
    return outcome.problems


def test_all_is_well_when_each_is_there_once_and_was_mailed() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda rows: rows[:2], ["1 signatures lost"]),
        (
            lambda rows: [rows[0], ("b", BEN, "pending"), rows[2]],
            ["1 confirmations lost", "the count is off by +1"],
        ),
        (
            lambda rows: [*rows, ("a2", ANA, "confirmed")],
            ["1 counted twice", "the count is off by -1"],
        ),
    ],
)
def test_what_is_lost_or_there_twice_is_caught(
    damage: Callable[..., list[tuple[str, str, str]]], words: list[str]
) -> None:
    assert problems(found=replace(FOUND, rows=damage(FOUND.rows))) == words


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"count": 3}, "the count is off by +1"),
        ({"count": 4}, "the count is off by +2"),
        ({"waiting_changes": 1}, "1 mails or changes left waiting"),
        ({"waiting_mails": 2}, "2 mails or changes left waiting"),
        ({"recounted": "Mended 1 petitions."}, "recount said: Mended 1 petitions."),
        ({"recounted": ""}, "recount said: nothing"),
        ({"integrity": "row 3 missing"}, "integrity: row 3 missing"),
        ({"integrity": ""}, "integrity: nobody looked"),
    ],
)
def test_a_wrong_count_or_a_damaged_file_is_caught(
    change: dict[str, object], word: str
) -> None:
    assert problems(found=replace(FOUND, **change)) == [word]


def test_a_plain_500_is_caught() -> None:
    assert problems(asked=replace(SIGNED, status=500)) == [
        "1 plain errors of the server"
    ]


def test_a_503_that_does_not_say_when_to_come_back_is_a_plain_error() -> None:
    away = replace(SIGNED, status=503)

    assert problems(asked=away) == ["1 plain errors of the server"]
    assert problems(asked=replace(away, says_when=True)) == []


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 200])
def test_a_refusal_that_no_signer_deserves_is_caught(status: int) -> None:
    """A form that is shown again is one too: all that was typed was right."""
    assert problems(asked=replace(SIGNED, status=status)) == [
        f"1 answers of status {status}"
    ]


def test_a_lost_mail_is_caught() -> None:
    assert problems(mails=mailed(ANA, BEN)) == ["1 signers without a mail"]


def test_more_copies_of_mails_than_allowed_are_caught() -> None:
    mails = mailed(ANA, BEN, EVA, copies=2)

    assert problems(mails=mails, duplicates_allowed=2) == ["3 mails twice, 2 allowed"]
    assert problems(mails=mails, duplicates_allowed=3) == []


def test_two_mails_to_one_who_signed_twice_are_no_copies() -> None:
    mails = mailed(ANA, BEN, EVA)
    mails.recipients[ANA] += 1
    mails.copies["<another>"] += 1

    assert mails.duplicates == 0


def test_where_nobody_signed_nothing_is_proved() -> None:
    found = replace(FOUND, rows=[], count=0)

    assert problems(told=Told(), found=found) == [
        "tried too little: 0 signed, 0 confirmed"
    ]


def test_mails_of_the_second_before_a_fall_may_be_forgotten() -> None:
    mails = Mailed(kept_at=[8.9, 9.1, 9.9, 10.0, 10.1], behaved=Counter(kept=5))

    assert mails.within_a_second_before([10.0]) == 3
    assert mails.within_a_second_before([]) == 0
