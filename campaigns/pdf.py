"""A plain document of words on A4, as PDF: Latin, Greek, Cyrillic, Devanagari, Arabic.

Its letters come with the site. `PDF_FONTS` names files for more scripts; in the place
of what no font has stands `GAP`, and `has_gaps` says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import Any

import fontpkg
from django.conf import settings
from fpdf import FPDF, ViewerPreferences
from fpdf.enums import Align, TextMode, XPos, YPos
from fpdf.fonts import TTFFont

MARGIN, BODY, SMALL, LINE = 20, 10.5, 9, 1.45
INK, MUTED, RULE = 27, 90, 200
FAMILIES = ["Noto Sans", "Noto Sans Arabic"]
# Scripts whose letters change beside one another, or run from right to left.
JOINED = re.compile(r"[\u0590-\u1fff\ufb1d-\ufefc]")
GAP = "\ufffd"
# Signs that nobody sees; some turn the direction of all that follows.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
BETWEEN = "  ·  "


class Document(FPDF):
    """Begins with a page. The same words of the same moment are the same bytes."""

    def __init__(self, *, title: str, language: str, made_at: datetime) -> None:
        super().__init__(format="A4")
        self.set_title(_composed(title))
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_lang(language)
        self.set_creator(settings.SITE_NAME)
        self.set_creation_date(made_at)
        self.set_margin(MARGIN)
        self.c_margin = 0
        self.alias_nb_pages("")  # else "{nb}" in a text becomes the number of pages
        self._widths: dict[tuple[str, float], float] = {}
        self.has_gaps = False
        self.set_auto_page_break(auto=True, margin=MARGIN + 5)
        self._take_fonts()
        self.running_words = ""
        self.add_page()

    def _take_fonts(self) -> None:
        files = [fontpkg.path(name) for name in FAMILIES] + settings.PDF_FONTS
        for number, file in enumerate(files):
            self.add_font(f"font{number}", fname=file)
        self.set_fallback_fonts(
            [f"font{number}" for number in range(1, len(files))], exact_match=False
        )
        self.set_font("font0", size=BODY)
        fonts = [font for font in self.fonts.values() if isinstance(font, TTFFont)]
        self._letters = {ord("\n"), *chain(*(font.cmap for font in fonts))}

    def footer(self) -> None:
        """What it is, and which page, below each."""
        self.set_y(-MARGIN)
        with self._look(size=SMALL, ink=MUTED):
            words = self._printed(f"{self.running_words}{BETWEEN}{self.page_no()}")
            self._shape(words)
            self.cell(0, self._line, words, align=Align.C)

    # What stands in it

    def heading(self, words: str, *, size: float = 14) -> None:
        """Larger, heavier, and in the list of contents; not alone at a page's end."""
        self._keep_together(size * 2)
        self.ln(4)
        self.start_section(_composed(words))
        with self._look(size=size, is_heavy=True):
            self._write(words)
        self.ln(1.5)

    def paragraph(
        self,
        words: str,
        *,
        indent: float = 0,
        mark: str = "",
        is_heavy: bool = False,
        size: float = BODY,
        ink: int = INK,
    ) -> None:
        """`mark` stands before it: a number, or a sign of a list."""
        with self._look(size=size, ink=ink, is_heavy=is_heavy):
            if mark:
                self._shape(mark)
                self.set_x(MARGIN + indent - 6)
                self.cell(6, self._line, mark)
            self._write(words, indent=indent)
        self.ln(1.5)

    def rule(self) -> None:
        self.ln(2)
        self.set_draw_color(RULE)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.ln(3)

    def figures(self, rows: Iterable[tuple[str, str]]) -> None:
        """A number in each line, behind what it counts."""
        for label, number in rows:
            self._keep_together(self._line * 2)
            self._shape(number)
            self.cell(0, self._line, number, align=Align.R, new_x=XPos.LMARGIN)
            self._write(label, room=self.epw * 0.75)
        self.ln(1.5)

    def run_in(self, texts: Iterable[str]) -> None:
        """Many short texts, as many in a line as it holds."""
        with self._look(size=SMALL):
            lines = (" ".join(self._printed(text).split()) for text in texts)
            self._fill(lines, BETWEEN, room=self.epw)

    # How it is written

    @property
    def _line(self) -> float:
        return float(self.font_size) * LINE

    def _printed(self, words: str) -> str:
        """What no font has would not be seen to be missing."""
        composed = _composed(words)
        missing = set(map(ord, composed)) - self._letters
        self.has_gaps = self.has_gaps or bool(missing)
        return composed.translate(dict.fromkeys(missing, GAP))

    def _write(self, words: str, *, indent: float = 0, room: float = 0) -> None:
        words = self._printed(words)
        direction = "rtl" if _runs_left(words) else "ltr"
        room = room or self.epw - indent
        for line in words.split("\n"):
            self.set_x(MARGIN + indent)
            self._fill(line.split(" "), " ", room=room, direction=direction)

    def _fill(
        self, texts: Iterable[str], between: str, *, room: float, direction: str = ""
    ) -> None:
        """As many in a line as it holds, each measured once.

        The library's own way measures a line anew with each letter.
        """
        begin, used = self.x, 0.0
        line: list[str] = []
        for text in texts:
            width = self._width(between + text)
            if line and used + width > room:
                self._write_line(between.join(line), used, room, direction)
                self.set_x(begin)
                line, used = [], 0.0
            line.append(text)
            used += width
        self._write_line(between.join(line), used, room, direction)

    def _width(self, text: str) -> float:
        words = text.split(" ")
        return sum(map(self._word_width, [*words, *" " * (len(words) - 1)]))

    def _word_width(self, word: str) -> float:
        key = word, self.font_size_pt
        if key not in self._widths:
            self._shape(word)
            self._widths[key] = self.get_string_width(word)
        return self._widths[key]

    def _write_line(
        self, words: str, width: float, room: float, direction: str
    ) -> None:
        """One that fits, or one word that has to be broken."""
        self._shape(words, direction)
        align = Align.R if direction == "rtl" else Align.L
        below: dict[str, Any] = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
        if width > room:
            self.multi_cell(room, self._line, words, align=align, **below)
        else:
            self.cell(room, self._line, words, align=align, **below)

    def _shape(self, words: str, direction: str = "") -> None:
        """Join letters only where a script needs it: it takes several times as long."""
        is_joined = JOINED.search(words) is not None
        self.set_text_shaping(is_joined, direction=direction or None)

    def _keep_together(self, height: float) -> None:
        if self.will_page_break(height):
            self.add_page()

    @contextmanager
    def _look(
        self, *, size: float, ink: int = INK, is_heavy: bool = False
    ) -> Iterator[None]:
        """Heavy is drawn with an outline: a second font would be read for seconds."""
        before = self.font_size_pt
        self.set_font_size(size)
        self.set_text_color(ink)
        self.set_draw_color(ink)
        self.set_line_width(size * 0.015)
        self.text_mode = TextMode.FILL_STROKE if is_heavy else TextMode.FILL
        yield
        self.text_mode = TextMode.FILL
        self.set_line_width(0.2)
        self.set_text_color(INK)
        self.set_font_size(before)


def _composed(words: str) -> str:
    """An accent is part of its letter: alone it would stand beside it."""
    return UNSEEN.sub("", unicodedata.normalize("NFC", words)).expandtabs(4)


def _runs_left(words: str) -> bool:
    """Whether its first letter belongs to a script that runs from right to left."""
    kinds = map(unicodedata.bidirectional, words)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"
