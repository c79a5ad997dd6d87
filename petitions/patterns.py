"""A signature for each petition, drawn from its slug: what stands for a picture.

The pen goes as in handwriting: up to a top, down to a bottom, on to the right. What
kind of tops and bottoms follows the letters of the longest word; how high, how wide
and how hurried follows a hash. So a petition always signs in the same hand, and no
two petitions sign alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2s
from itertools import pairwise
from operator import mul

TINTS = 5
MOST_LETTERS = 8
WIDTH, HEIGHT = 240, 100  # of the drawing
LINE = 66  # how far down the line is that is signed on
LONGEST = 200  # from the first stroke to the end of the tail

CUSPS, ARCHES, LOOPS, TALL, DEEP = "iuvwxz", "mnrhk", "aceos", "bdflt", "gjpqy"


@dataclass(frozen=True)
class Knot:
    """Where the pen turns, and how far its handle reaches in the way it goes."""

    x: float
    y: float
    handle: float


@dataclass(frozen=True)
class Pattern:
    knots: tuple[Knot, ...]
    tint: int

    @cached_property
    def path(self) -> str:
        """The signature as the `d` of an SVG path: short, in whole numbers."""
        path, at = "", (0, 0)
        for place, knot in enumerate(self.knots):
            to, handle = (round(knot.x), round(knot.y)), round(knot.handle)
            step = (to[0] - at[0], to[1] - at[1])
            if place == 0:
                numbers, command = [*to], "M"
                first_handle = handle
            else:
                numbers, command = [step[0] - handle, step[1], *step], "s"
            if place == 1:
                numbers, command = [first_handle, 0, *numbers], "c"
            path += command + " ".join(map(str, numbers)).replace(" -", "-")
            at = to
        return path

    def points(self, *, steps: int = 24) -> Iterator[tuple[float, float]]:
        """The same line as points close together, for who draws without SVG."""
        for a, b in pairwise(self.knots):
            for step in range(steps):
                t = step / steps
                u = 1 - t
                shares = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
                xs = (a.x, a.x + a.handle, b.x - b.handle, b.x)
                ys = (a.y, a.y, b.y, b.y)
                yield sum(map(mul, shares, xs)), sum(map(mul, shares, ys))
        yield self.knots[-1].x, self.knots[-1].y


@lru_cache(maxsize=512)
def pattern_of(slug: str) -> Pattern:
    chance = Chance(slug)
    tint = 1 + int(chance.between(0, TINTS))
    word = max(slug.split("-"), key=len)
    knots = [*_capital(chance), *_letters(word[1 : MOST_LETTERS + 1], chance)]
    return Pattern(tuple(_placed([*knots, *_tail(chance)], chance)), tint)


class Chance:
    """Numbers that look like chance and are always the same for one word."""

    def __init__(self, word: str) -> None:
        self.word, self.drawn, self.left = word, 0, b""

    def between(self, low: float, high: float) -> float:
        if not self.left:
            self.left = blake2s(f"{self.word}/{self.drawn}".encode()).digest()
            self.drawn += 1
        share, self.left = self.left[0] / 256, self.left[1:]
        return low + share * (high - low)


# The strokes: each knot's x is the way from the knot before, its y the height over
# the line in x-heights. A handle to the left at the top makes a loop, one to the
# right an arch, none a point; at the bottom it is the other way round.


def _capital(chance: Chance) -> list[Knot]:
    tall = chance.between(2.5, 3.2)
    wide = chance.between(0.85, 1.2)
    like_l = [
        *(Knot(0, 0.8, 0.4), Knot(2.2 * wide, tall, -0.9), Knot(-1.2, 0, -0.5)),
        *(Knot(0, 0.42, 0.35), Knot(1.6, 0, 0.5)),
    ]
    like_n = [
        *(Knot(0, 0.2, -0.4), Knot(1.0 * wide, tall, 0.14), Knot(0.6, 0, 0.1)),
        *(Knot(1.1 * wide, tall * 0.85, 0.25), Knot(0.5, 0, 0.45)),
    ]
    like_s = [
        *(Knot(0, 0.3, 0.5), Knot(2.0 * wide, tall, -0.7), Knot(-0.3, 1.4, 0.5)),
        *(Knot(-0.5, -0.1, -1.0), Knot(0.1, 0.7, 0.9), Knot(1.2, 0.05, 0.4)),
    ]
    like_p = [
        *(Knot(0.6, tall * 0.85, -0.1), Knot(-0.2, -0.15, -0.12)),
        *(Knot(0.9, tall, 1.2 * wide), Knot(0.5, tall * 0.42, -0.7)),
        Knot(0.9, 0, 0.5),
    ]
    like_c = [
        *(Knot(1.3 * wide, tall * 0.72, 0.3), Knot(-0.2, tall, -0.9)),
        *(Knot(-0.1, 0, 1.1 * wide), Knot(1.5, 0.8, -0.25), Knot(0.5, 0, 0.4)),
    ]
    like_t = [
        *(Knot(0, tall * 0.8, 0.3), Knot(1.4 * wide, tall, 0.8)),
        *(Knot(-0.1, 0, -0.8), Knot(-0.3, 0.7, 0.5), Knot(1.3, 0, 0.5)),
    ]
    kinds = [like_l, like_n, like_s, like_p, like_c, like_t]
    return kinds[int(chance.between(0, len(kinds)))]


def _letters(letters: str, chance: Chance) -> list[Knot]:
    knots: list[Knot] = []
    for place, letter in enumerate(letters):
        if len(knots) >= 2 * MOST_LETTERS:
            break
        hurry = 1 - 0.5 * place / MOST_LETTERS  # a signature flattens as it goes
        size, wide = chance.between(0.8, 1.15) * hurry, chance.between(0.85, 1.25)
        if letter in CUSPS:
            knots += [Knot(0.55 * wide, size, 0.02), Knot(0.35 * wide, 0, 0.32)]
        elif letter in ARCHES:
            knots += [Knot(0.6 * wide, size, 0.3), Knot(0.4 * wide, 0, 0.14)]
        elif letter in TALL:
            high = chance.between(2.0, 2.7) * (0.5 + hurry / 2)
            knots += [Knot(0.95 * wide, high, -0.3), Knot(-0.25, 0, 0.4)]
        elif letter in DEEP:
            low = chance.between(-1.3, -0.9)
            knots += [Knot(0.5 * wide, size, 0.25), Knot(0.0, low, -0.4)]
            knots += [Knot(0.7 * wide, 0.1, 0.5)]
        else:
            knots += [Knot(0.8 * wide, size, -0.3), Knot(0.15 * wide, 0, 0.42)]
    return knots


def _tail(chance: Chance) -> list[Knot]:
    out = [Knot(0.9, chance.between(0.3, 0.55), 0.4)]
    if chance.between(0, 3) < 1:  # back under the name
        back = chance.between(3.5, 6)
        under = Knot(-back, chance.between(-1.2, -0.9), -2)
        return [*out, Knot(1.7, -0.1, 0.5), Knot(-0.2, -0.75, -1.2), under]
    dip, lift = chance.between(-0.2, 0.15), chance.between(0.2, 0.8)
    return [*out, Knot(1.4, dip, 0.9), Knot(chance.between(1.8, 3.4), lift, 1.1)]


def _placed(knots: list[Knot], chance: Chance) -> list[Knot]:
    """The strokes on the line: slanted, and as wide as the hand writes."""
    slant, x_height = chance.between(0.15, 0.5), chance.between(15, 19)
    x, placed = 0.0, []
    for knot in knots:
        x += knot.x
        placed.append(Knot(x + slant * knot.y, knot.y, knot.handle))
    first = min(knot.x for knot in placed)
    length = max(knot.x for knot in placed) - first
    across = min(LONGEST / length, x_height * 1.05)
    left = (WIDTH - length * across) / 2
    return [
        Knot(
            left + (knot.x - first) * across,
            LINE - knot.y * x_height,
            knot.handle * across,
        )
        for knot in placed
    ]
