"""Each petition's own signature, where it has no picture."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from campaigns.management.commands import load_demo
from petitions.patterns import HEIGHT, TINTS, WIDTH, Pattern, pattern_of

SLUGS = st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?\Z")
MOST_BYTES = 350


def drawn_anew(slug: str) -> Pattern:
    pattern_of.cache_clear()
    return pattern_of(slug)


def test_a_petition_always_signs_in_the_same_hand() -> None:
    first, again = drawn_anew("keep-the-library"), drawn_anew("keep-the-library")

    assert first.path == again.path
    assert first.path.startswith(
        "M22 63c-7 0 26-41 28-41s"
    )  # also after the next release
    assert first.tint == again.tint


def test_no_two_petitions_sign_alike() -> None:
    slugs = [f"keep-the-library-{number}" for number in range(300)]

    assert len({pattern_of(slug).path for slug in slugs}) == len(slugs)


def test_every_tint_is_used() -> None:
    tints = {pattern_of(f"petition-{number}").tint for number in range(100)}

    assert tints == set(range(1, TINTS + 1))


@given(SLUGS)
def test_any_slug_makes_a_short_path_of_whole_numbers(slug: str) -> None:
    path = pattern_of(slug).path

    assert len(path) <= MOST_BYTES
    assert re.fullmatch(r"M\d+ \d+c[-\d ]+(s[-\d ]+)+", path)


@given(SLUGS)
def test_a_signature_stays_on_its_sheet(slug: str) -> None:
    for x, y in pattern_of(slug).points():
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT


@given(SLUGS)
def test_a_signature_goes_from_the_left_to_the_right(slug: str) -> None:
    xs = [x for x, _ in pattern_of(slug).points()]

    assert xs[0] < WIDTH / 2 < max(xs)


def test_the_demo_petitions_sign_in_different_hands() -> None:
    bundle = json.loads(load_demo.BUNDLE.read_text(encoding="utf-8"))
    slugs = [petition["slug"] for petition in bundle["petitions"]]

    assert len({pattern_of(slug).path[:20] for slug in slugs}) == len(slugs)
