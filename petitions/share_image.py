"""The picture that other sites show beside a link, where a petition has none.

Drawn with what Pillow brings: its font holds the letters of English alone, so accents
are drawn over them. A title in letters that it has not is left out.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from petitions.patterns import HEIGHT as PATTERN_HEIGHT
from petitions.patterns import LINE, pattern_of
from petitions.patterns import WIDTH as PATTERN_WIDTH
from petitions.pictures import SHARE_SIZE

GROUND, BELOW, INK, MUTED = "#fbfaf7", "#f3f1eb", "#1b1d22", "#545a66"
WIDTH, HEIGHT = SHARE_SIZE
MARGIN, LINE_AT = 80, 488
SIGNATURE_WIDTH, ALONE = 620, 980  # beside a title; where there is none
FINER = 3  # drawn so many times larger, for smooth edges
TITLE_SIZES = [80, 68, 58, 50]  # the first that leaves room for the signature
TITLE_HEIGHT = 300
SMALL = 30
SHADES = 24

# Accents as lines, in parts of the size of the letters, from above the letter's middle.
ACCENTS = {
    "\u0300": [[(-0.09, -0.12), (0.05, -0.01)]],
    "\u0301": [[(-0.05, -0.01), (0.09, -0.12)]],
    "\u0302": [[(-0.11, -0.01), (0, -0.11), (0.11, -0.01)]],
    "\u0303": [[(-0.13, -0.03), (-0.06, -0.09), (0.06, -0.03), (0.13, -0.09)]],
    "\u0308": [[(-0.1, -0.06), (-0.1, -0.05)], [(0.1, -0.06), (0.1, -0.05)]],
    "\u030a": [[(0, 0), (-0.06, -0.06), (0, -0.12), (0.06, -0.06), (0, 0)]],
    "\u030c": [[(-0.11, -0.11), (0, -0.01), (0.11, -0.11)]],
}
SAME_TO_THE_EYE = str.maketrans("–—‐‑\u00a0", "---- ")


def share_image(*, slug: str, title: str = "") -> bytes:
    """A PNG of 1200 × 630: the title, and the petition's signature on a line."""
    return _drawn(slug, title, settings.SITE_NAME, settings.BRAND_COLOR)


@lru_cache(maxsize=50)  # drawing takes as long as many pages; each has some 20 KB
def _drawn(slug: str, title: str, site_name: str, brand_color: str) -> bytes:
    words = _plain(title)
    has_title = bool(_bare(words).strip()) and _is_drawable(words)
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, LINE_AT, WIDTH, HEIGHT), fill=BELOW)
    draw.rectangle((0, LINE_AT - 1, WIDTH, LINE_AT + 1), fill=brand_color)
    if has_title:
        _write_title(image, words)
    _sign(image, slug, width=SIGNATURE_WIDTH if has_title else ALONE)
    if _is_drawable(name := _plain(site_name)):
        _write(image, (MARGIN, LINE_AT + 62), name, size=SMALL, color=MUTED)
    file = BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _palette() -> Image.Image:
    """The few colours that occur, and the steps between them at the edges of lines."""
    colors = bytearray()
    for ground in (GROUND, BELOW):
        for over in (settings.BRAND_COLOR, INK, MUTED):
            ramp = (Image.new("RGB", (1, 1), ground), Image.new("RGB", (1, 1), over))
            for step in range(SHADES):
                colors += Image.blend(*ramp, step / (SHADES - 1)).tobytes()
    palette = Image.new("P", (1, 1))
    palette.putpalette(bytes(colors))
    return palette


def _sign(image: Image.Image, slug: str, *, width: int) -> None:
    scale = width / PATTERN_WIDTH * FINER
    pen = max(2, round(2.4 * scale))
    mask = Image.new("L", (width * FINER, round(PATTERN_HEIGHT * scale)))
    draw = ImageDraw.Draw(mask)
    points = [(x * scale, y * scale) for x, y in pattern_of(slug).points()]
    draw.line(points, fill=255, width=pen)
    for x, y in points:  # round, where the pen turns
        draw.circle((x, y), (pen - 1) / 2, fill=255)
    mask = mask.reduce(FINER)
    place = (WIDTH - width - MARGIN // 2, LINE_AT - round(LINE * scale / FINER))
    image.paste(settings.BRAND_COLOR, place, mask)


def _write_title(image: Image.Image, words: str) -> None:
    for size in TITLE_SIZES:
        lines, step = _lines(words, size), round(size * 1.18)
        if len(lines) * step <= TITLE_HEIGHT:
            break
    most = TITLE_HEIGHT // step
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    for number, line in enumerate(lines):
        _write(image, (MARGIN, MARGIN - 8 + number * step), line, size=size, bold=True)


def _lines(words: str, size: int) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        fits = _font(size).getlength(_bare(longer)) <= WIDTH - 2 * MARGIN
        lines = [*lines[:-1], longer] if fits or not lines[-1] else [*lines, word]
    return lines


def _write(
    image: Image.Image,
    at: tuple[int, int],
    words: str,
    *,
    size: int,
    color: str = INK,
    bold: bool = False,
) -> None:
    """Write the letters in one go, then each accent over its letter."""
    font, bare, stroke = _font(size), _bare(words), 1.0 if bold else 0.0
    draw = ImageDraw.Draw(image)
    draw.text(at, bare, fill=color, font=font, stroke_width=stroke)
    place = 0
    for mark in words:
        if not unicodedata.combining(mark):
            place += 1
            continue
        letter = bare[place - 1]
        middle = at[0] + font.getlength(bare[:place]) - font.getlength(letter) / 2
        top = at[1] + font.getbbox("x" if letter in "ij" else letter)[1] - size * 0.05
        if letter in "ij":  # the accent stands where the dot was
            dot = (middle - size * 0.1, top - size * 0.3, middle + size * 0.1, top)
            draw.rectangle(dot, fill=GROUND)
        accent = _accent(mark, size)
        place_of_accent = (round(middle) - size // 2, round(top) - size // 2)
        image.paste(color, place_of_accent, accent)


def _accent(mark: str, size: int) -> Image.Image:
    """A square, as large as the letters, with the accent around its middle."""
    whole, pen = size * FINER, round(size * FINER * 0.09)
    mask = Image.new("L", (whole, whole))
    draw = ImageDraw.Draw(mask)
    for line in ACCENTS[mark]:
        points = [((0.5 + x) * whole, (0.5 + y) * whole) for x, y in line]
        draw.line(points, fill=255, width=pen)
        for point in points:
            draw.circle(point, (pen - 1) / 2, fill=255)
    return mask.reduce(FINER)


def _plain(words: str) -> str:
    """Each letter bare, followed by its accents."""
    return unicodedata.normalize("NFD", words.translate(SAME_TO_THE_EYE))


def _bare(words: str) -> str:
    return "".join(mark for mark in words if not unicodedata.combining(mark))


def _is_drawable(words: str) -> bool:
    return all(
        mark in ACCENTS if unicodedata.combining(mark) else _has_letter(mark)
        for mark in words
    )


@lru_cache(maxsize=1024)
def _has_letter(letter: str) -> bool:
    font = _font(SMALL)
    return letter == " " or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # Pillow is built with FreeType
    return font
