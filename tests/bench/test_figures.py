import math

import pytest

from bench.figures import (
    BEGIN,
    END,
    Row,
    Spread,
    as_json,
    as_markdown,
    as_text,
    at_least,
    at_most,
    percentile,
    put_between_markers,
    written,
)


@pytest.mark.parametrize(
    ("percent", "expected"), [(50, 50), (95, 95), (99, 99), (100, 100), (1, 1)]
)
def test_a_percentile_is_the_value_that_so_many_do_not_exceed(
    percent: float, expected: int
) -> None:
    values = [*range(100, 0, -1)]

    assert percentile(values, percent) == expected


def test_a_percentile_of_few_is_one_of_them() -> None:
    assert percentile([3.0], 99) == 3.0
    assert percentile([1.0, 2.0], 50) == 1.0
    assert percentile([1.0, 2.0], 51) == 2.0


def test_a_percentile_of_nothing_is_no_number() -> None:
    assert math.isnan(percentile([], 95))


def test_ratios_are_taken_round_by_round() -> None:
    spread = Spread.of_ratios([90, 40, 10], [100, 50, 40])

    assert spread == Spread(0.8, 0.25, 0.9, 3)


def test_a_round_without_a_yardstick_gives_no_ratio() -> None:
    assert Spread.of_ratios([90, 40], [100, 0]) == Spread(0.9, 0.9, 0.9, 1)
    assert Spread.of([]).rounds == 0


def test_rounds_that_do_not_pair_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Spread.of_ratios([1, 2], [1])


def test_a_bar_that_is_missed_says_by_how_much() -> None:
    row = Row("page", "warm", Spread(0.83, 0.8, 0.86, 5), bar=at_least(0.9))

    assert row.verdict == "bar ≥ 0.900, measured 0.830: missed"
    assert row.result == "0.830 (0.800–0.860)"


def test_a_bar_just_reached_is_met() -> None:
    assert at_least(0.9).is_met_by(0.9)
    assert at_most(3).is_met_by(3.0)
    assert not at_most(3).is_met_by(3.01)
    assert not at_least(0.9).is_met_by(math.nan)
    assert not at_most(3).is_met_by(math.nan)


def test_what_is_wrong_goes_before_any_bar() -> None:
    row = Row("x", "y", Spread.of([1.0]), bar=at_least(0.5), faults=["2 lost"])

    assert row.verdict == "WRONG: 2 lost"


def test_what_was_not_measured_says_so() -> None:
    row = Row(
        "slow", "behind nginx", note="not measured: no nginx here", bar=at_most(1)
    )

    assert (row.result, row.verdict) == ("not measured", "")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (12_345.6, "12,346"),
        (99.94, "99.9"),
        (3.14159, "3.14"),
        (0.05678, "0.0568"),
        (math.nan, "—"),
    ],
)
def test_a_number_is_written_with_three_digits(number: float, words: str) -> None:
    assert written(number) == words


ROW = Row("page", "a | b", Spread.of([0.9]), ours="1/s", yardstick="2/s", note="n")


def test_the_table_is_markdown_with_a_line_for_each_row() -> None:
    page = as_markdown([ROW, ROW], {"machine": "2 cores"}, ["growth"])

    lines = page.splitlines()
    assert (lines[0], lines[-1]) == (BEGIN, END)
    assert "- machine: 2 cores" in lines
    assert "- left out of this run: growth" in lines
    table = [line for line in lines if line.startswith("|")]
    assert table[0] == "| case | what | result | ours | yardstick | bar | note |"
    assert table[1] == "| --- | --- | --- | --- | --- | --- | --- |"
    assert table[2:] == ["| page | a \\| b | 0.900 | 1/s | 2/s |  | n |"] * 2


def test_the_table_takes_the_place_of_the_last_one_only() -> None:
    first = put_between_markers("# Performance\n", as_markdown([ROW], {}, []))
    edited = first.replace("# Performance", "# Performance\n\nWords.") + "After.\n"

    again = put_between_markers(edited, as_markdown([], {"date": "later"}, []))

    assert again.startswith("# Performance\n\nWords.\n")
    assert again.endswith(f"{END}\nAfter.\n")
    assert "date: later" in again
    assert "a \\| b" not in again
    assert (again.count(BEGIN), again.count(END)) == (1, 1)


def test_the_file_for_machines_holds_every_row_and_its_verdict() -> None:
    told = as_json([ROW], {"date": "now"}, [])

    assert told["about"] == {"date": "now"}
    assert told["rows"][0]["measured"]["median"] == 0.9
    assert told["rows"][0]["verdict"] == ""


def test_a_row_on_the_terminal_names_both_sides() -> None:
    assert "1/s vs 2/s; n" in as_text(ROW)
