from bench.exact import Acknowledged, Found, faults

ROWS = [
    ("a", "a@example.org", "confirmed"),
    ("b", "b@example.org", "confirmed"),
    ("c", "c@example.org", "pending"),
]
TOLD = Acknowledged(signed={"a", "b", "c"}, confirmed={"a", "b"})


def test_all_is_well_when_each_is_there_once() -> None:
    assert faults(TOLD, Found(ROWS, count=2)) == []


def test_a_lost_signature_is_reported() -> None:
    assert faults(TOLD, Found(ROWS[:2], count=2)) == ["1 signatures lost"]


def test_a_double_signature_is_reported() -> None:
    twice = [*ROWS, ("d", "a@example.org", "pending")]

    found = faults(TOLD, Found(twice, count=2))

    assert found == ["1 signatures twice", "1 rows that nobody was told of"]


def test_a_lost_confirmation_is_reported() -> None:
    pending = [("a", "a@example.org", "pending"), *ROWS[1:]]

    assert faults(TOLD, Found(pending, count=1)) == ["1 confirmations lost"]


def test_a_wrong_count_is_reported() -> None:
    assert faults(TOLD, Found(ROWS, count=3)) == ["the count grew by 3, not by 2"]


def test_a_change_that_was_never_folded_is_reported() -> None:
    found = faults(TOLD, Found(ROWS, count=1, waiting_changes=1))

    assert found == ["1 changes never folded", "the count grew by 1, not by 2"]


def test_what_nobody_pressed_is_reported() -> None:
    found = faults(Acknowledged(TOLD.signed, {"a"}), Found(ROWS, count=2))

    assert found == ["1 confirmed without a press"]


def test_a_request_without_an_answer_may_have_done_its_work() -> None:
    told = Acknowledged(signed={"a", "b"}, confirmed={"a"}, unanswered=2)

    assert faults(told, Found(ROWS, count=2)) == []


def test_a_request_without_an_answer_excuses_no_loss() -> None:
    told = Acknowledged(TOLD.signed, TOLD.confirmed, unanswered=1)

    assert faults(told, Found(ROWS[1:], count=1)) == [
        "1 signatures lost",
        "1 confirmations lost",
    ]
