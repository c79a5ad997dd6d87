"""Colours as #rrggbb, and how well one is read on another (WCAG 2)."""

import re

WHITE = "#ffffff"
NEAR_BLACK = "#0e1014"
ENOUGH = 4.5  # for text of any size

HEX = re.compile(r"#[0-9a-fA-F]{6}")


def is_color(text: str) -> bool:
    return HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """From 1, where they are the same, to 21, which is black on white."""
    darker, lighter = sorted([_luminance(one), _luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(color: str) -> str:
    """White or near-black, whichever is read better on it."""
    return max(WHITE, NEAR_BLACK, key=lambda text: contrast(text, color))


def mix(color: str, into: str, share: float) -> str:
    """So much of a colour in another: share 0 is only the other."""
    parts = zip(_parts(color), _parts(into), strict=True)
    mixed = (round(one * share + other * (1 - share)) for one, other in parts)
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    if part <= 0.04045:
        return part / 12.92
    return float(((part + 0.055) / 1.055) ** 2.4)


def _parts(color: str) -> list[int]:
    return [int(color[start : start + 2], 16) for start in (1, 3, 5)]
