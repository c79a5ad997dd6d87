"""What in a reason could harm somebody is found, and little else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.flags import Flag, flags, parts


def found(text: str, *blocked_words: str) -> list[tuple[str, str]]:
    return [
        (flag.kind.value, text[flag.start : flag.end])
        for flag in flags(text, blocked_words)
    ]


PHONES = [
    "+1 (555) 123-4567",
    "+34 612345678",
    "0049 30 123456",
    "612 345 678",
    "06 12 34 56 78",
    "555-1234",
    "5551234567",
    "٠٥٥ ١٢٣ ٤٥٦٧",
]
EMAILS = [
    "a.b+c@example.org",
    "ann@example.co.uk",
    "ann at example dot org",
    "ann [at] example [dot] org",
    "ann (at) example.com",
    "ann @ example . org",
    "ana arroba ejemplo punto es",
]
LINKS = [
    "https://example.org/x?y=1",
    "hxxp://example.org",
    "www.example.test",
    "bit.ly/abc",
    "example.com",
    "EXAMPLE.COM",
    "example dot com",
]
STREETS = [
    "12 Main Street",
    "12 main street",
    "221B Baker St",
    "1600 Pennsylvania Ave",
    "Mill Street 12",
    "Mill Street no. 12",
    "mill street 12",
    "P.O. Box 123",
    "calle Mayor, 12",
    "calle mayor 12",
    "C/ de la Paz 3",
    "Av. Siempre Viva 742",
    "avenida de los Reyes 45",
    "plaza del Sol nº 4",
    "12, calle Mayor",
]
NUMBERS = [
    "A123456789",
    "A 123 456 789",
    "A-123-456-789",
    "123-45-6789",
    "12345678Z",
    "12.345.678-Z",
    "X1234567L",
    "1234567812345678",
]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (kind, text)
        for kind, texts in [
            ("phone", PHONES),
            ("email", EMAILS),
            ("link", LINKS),
            ("street", STREETS),
            ("number", NUMBERS),
        ]
        for text in texts
    ],
)
def test_what_leads_to_a_person_is_flagged_whole(kind: str, text: str) -> None:
    assert found(text) == [(kind, text)]
    assert found(f"I know: {text}, they said") == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Her case no. 2023-CV-01234 is open", "2023-CV-01234"),
        ("el expediente 1234/2023", "1234/2023"),
        ("passport AB1234567", "AB1234567"),
        ("docket # 98765", "98765"),
    ],
)
def test_a_number_is_flagged_after_the_word_for_it(text: str, number: str) -> None:
    assert found(text) == [("number", number)]


def test_a_short_number_is_flagged_where_somebody_is_to_call() -> None:
    assert found("call me at 51234") == [("phone", "51234")]
    assert found("llámame al 12 34 56") == [("phone", "12 34 56")]


@pytest.mark.parametrize(
    "text",
    [
        "Since 2019, from 2012-2024, and in 2019 2020 2021.",
        "On 12.03.2024, 12/03/2024, 2024-03-12 or 3 March 2026 at 10.30.",
        "It was 1914-1918 and 1939-1945.",
        "1 000 000 people, 1,234,567 people, 10.000.000 euros, 300.000.000",
        "12 of us live here, 24/7, for 20 30 40 years.",
        "I waited 3 hours in the street with 300 on the square.",
        "There are 3 houses on Mill Street.",
        "En la calle hace 12 años que la plaza es de 300 vecinos.",
        "E.g. at 5 p.m. we met at noon. Then we went home.Then we slept.",
        "I am 85. It is 20 km away, 10:30-12:45.",
        "In line 12 of the case 2019 it says so.",
        "I cross the bridge every day with my 2 children!",
    ],
)
def test_years_days_and_small_numbers_are_no_flags(text: str) -> None:
    assert found(text) == []


def test_blocked_words_are_found_however_they_are_written() -> None:
    assert found("JOSÉ came", "jose") == [("blocked", "JOSÉ")]
    assert found("jose\u0301 came", "José") == [("blocked", "jose\u0301")]
    assert found("Mr O’Brien-Smith", "o'brien") == [("blocked", "O’Brien")]
    assert found("ana  maría, lópez", "Ana Maria", "x") == [("blocked", "ana  maría")]


def test_a_part_of_a_word_is_not_a_blocked_word() -> None:
    assert found("Joseph and Ana, not Maria", "jose", "ana maria b", "", "—") == []


def test_what_is_found_twice_is_named_once() -> None:
    assert found("ann@example.org") == [("email", "ann@example.org")]
    assert found("see https://example.org/5551234567") == [
        ("link", "https://example.org/5551234567")
    ]


def test_the_parts_of_a_reason_are_the_reason() -> None:
    text = "Call +1 555 123 4567 or write to ann@example.org"

    pieces = list(parts(text, flags(text)))

    assert "".join(piece for piece, _flag in pieces) == text
    assert [piece for piece, flag in pieces if flag] == [
        "+1 555 123 4567",
        "ann@example.org",
    ]


SIGNS = st.sampled_from(
    [*"aZ19 .,-/@()#+:'\n", "calle ", "street ", "at ", "dot ", "é"]
)


@given(st.lists(SIGNS, max_size=120).map("".join) | st.text(max_size=120))
def test_flags_lie_in_the_text_one_after_the_other(text: str) -> None:
    marks = flags(text, ["a a", "é", "z"])

    assert [flag for flag in marks if not 0 <= flag.start < flag.end <= len(text)] == []
    assert marks == sorted(marks, key=lambda flag: (flag.start, -flag.end))
    assert "".join(piece for piece, _flag in parts(text, marks)) == text
    assert not any(one.holds(other) for one, other in _pairs(marks))


def _pairs(marks: list[Flag]) -> list[tuple[Flag, Flag]]:
    return [(one, other) for one in marks for other in marks if one is not other]


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        *(
            "a",
            "1",
            "1 ",
            "1.",
            "(",
            "+",
            "a.",
            "a@",
            "a at ",
            " dot ",
            "calle ",
            "12 a ",
        ),
        *("street ", "Aa ", "av. ", "A1", "A 1 ", "www.", "x.com", "12 Main ", "- "),
        *("case no ", "tel. ", "calle de la ", "w" * 70 + " ", "a-a.a_", "http://"),
    ],
)
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    """Forty times what fits into a reason: a pattern that backtracks takes minutes."""
    text = (unit * 20_000)[:20_000]

    began = time.process_time()
    flags(text, ["a b", "street a"])

    assert time.process_time() - began < 3
