"""A plain document of words on A4, as PDF: Latin, Greek, Cyrillic, Devanagari, Arabic.

Its letters come with the site. `PDF_FONTS` names files for more scripts; what no font
has is drawn as a box, and `has_gaps` says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

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
BETWEEN = "  ·  "


class Document(FPDF):
    """Begins with a page. The same words of the same moment are the same bytes."""

    def __init__(self, *, title: str, language: str, made_at: datetime) -> None:
        super().__init__(format="A4")
        self.set_title(title)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_lang(language)
        self.set_creator(settings.SITE_NAME)
        self.set_creation_date(made_at)
        self.set_margin(MARGIN)
        self.c_margin = 0
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

    def footer(self) -> None:
        """What it is, and which page, below each."""
        self.set_y(-MARGIN)
        with self._look(size=SMALL, ink=MUTED):
            words = f"{self.running_words}{BETWEEN}{self.page_no()}"
            self._shape(words)
            self.multi_cell(0, self._line, words, align=Align.C)

    # What stands in it

    def heading(self, words: str, *, size: float = 14) -> None:
        """Larger, heavier, and in the list of contents; not alone at a page's end."""
        self._keep_together(size * 2)
        self.ln(4)
        self.start_section(words)
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
            self._shape(label)
            self.set_x(MARGIN)
            self.cell(self.epw * 0.75, self._line, label)
            self.cell(
                self.epw * 0.25,
                self._line,
                number,
                align=Align.R,
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
            )
        self.ln(1.5)

    def run_in(self, texts: Iterable[str]) -> None:
        """Many short texts, as many in a line as it holds: in little time and room."""
        with self._look(size=SMALL):
            line, width = "", 0.0
            for text in map(_composed, texts):
                more = self.get_string_width(BETWEEN + text)
                if line and width + more > self.epw:
                    self._write_line(line, width)
                    line, width = "", 0.0
                line += (BETWEEN if line else "") + text
                width += more
            self._write_line(line, width)

    @property
    def has_gaps(self) -> bool:
        """Whether a letter was in none of the fonts."""
        return any(
            isinstance(font, TTFFont) and font.missing_glyphs
            for font in self.fonts.values()
        )

    # How it is written

    @property
    def _line(self) -> float:
        return float(self.font_size) * LINE

    def _write(self, words: str, *, indent: float = 0) -> None:
        words = _composed(words)
        self._shape(words)
        self.set_x(MARGIN + indent)
        self.multi_cell(
            self.epw - indent,
            self._line,
            words,
            align=Align.R if _runs_left(words) else Align.L,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def _write_line(self, words: str, width: float) -> None:
        """One that fits; looking where to break it would take most of the time."""
        if width > self.epw:
            self._write(words)
        elif words:
            self._shape(words)
            self.cell(0, self._line, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _shape(self, words: str) -> None:
        """Join letters only where a script needs it: it takes several times as long."""
        self.set_text_shaping(JOINED.search(words) is not None)

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
    return unicodedata.normalize("NFC", words)


def _runs_left(words: str) -> bool:
    """Whether its first letter belongs to a script that runs from right to left."""
    kinds = map(unicodedata.bidirectional, words)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"
