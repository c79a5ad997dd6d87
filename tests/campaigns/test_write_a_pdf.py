"""A document as PDF: its letters, its lines, and how long it takes."""

import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from campaigns.pdf import Document
from petitions.markdown import Block, to_blocks

ALL_VIEWS = "import config.wsgi, sys; from django.urls import get_resolver"
SCRIPTS = "Ελλάδα Київ हिन्दी العربية ñandú"


def test_scripts_of_the_site_s_fonts_can_be_written() -> None:
    document = Document(title="T", language="ar", made_at=timezone.now())

    document.paragraph(SCRIPTS)
    content = bytes(document.output())

    assert not document.has_gaps
    assert len(re.findall(rb"/FontFile2", content)) == 2


def test_what_runs_from_right_to_left_begins_on_the_right(monkeypatch) -> None:
    begun: list[str] = []
    write = Document.cell

    def noted(self, *places, align="L", **named):
        begun.append(str(getattr(align, "value", align)))
        return write(self, *places, align=align, **named)

    monkeypatch.setattr(Document, "cell", noted)
    document = Document(title="T", language="ar", made_at=timezone.now())
    document.paragraph("الجسر (the bridge)")
    document.paragraph("The bridge (الجسر)")
    document.output()

    assert begun[:2] == ["RIGHT", "LEFT"]


def glyphs_of(document: Document) -> set[str]:
    """What is drawn, by its names in the fonts."""
    fonts = document.fonts.values()
    return {name for font in fonts for name in font.subset.get_all_glyph_names()}


def test_letters_are_joined_as_their_script_joins_them() -> None:
    document = Document(title="T", language="ar", made_at=timezone.now())

    document.paragraph("عع")
    document.output()

    assert {"uni0639.init", "uni0639.fina"} <= glyphs_of(document)


def test_a_text_is_never_taken_for_the_number_of_pages() -> None:
    document = Document(title="T", language="en", made_at=timezone.now())

    document.paragraph("{nb}")
    document.output()

    assert {"braceleft", "n", "b", "braceright"} <= glyphs_of(document)


def test_each_word_is_measured_once(monkeypatch) -> None:
    """The library would measure a line anew with each letter: a minute for Arabic."""
    measured: list[str] = []
    measure = Document.get_string_width
    monkeypatch.setattr(
        Document,
        "get_string_width",
        lambda self, text: measured.append(text) or measure(self, text),
    )
    document = Document(title="T", language="ar", made_at=timezone.now())

    document.paragraph("الجسر مفتوح bridge " * 100)
    document.run_in(["Ana Quispe, Cusco", "Ana Mamani, Cusco"] * 100)
    document.output()

    assert len(measured) < 20


def test_the_longest_name_and_word_fit() -> None:
    document = Document(title="T", language="en", made_at=timezone.now())

    document.run_in(["W" * 100 + ", " + "W" * 100, "Ana"])
    document.paragraph("x" * 2000)
    document.heading("W" * 150, size=20)

    assert document.output().startswith(b"%PDF")


def test_markdown_becomes_blocks() -> None:
    text = "### A\n\nOne *two*\nthree\n\n1. a\n   - b\n\n> q\n\n    code\n\n---\n\n"
    table = "| x | y |\n|---|---|\n| 1 | 2 |\n"
    link = "\n[here](javascript:x) <https://a.example> <b>raw</b>"

    assert list(to_blocks(text + table + link)) == [
        Block("heading", "A"),
        Block("paragraph", "One two three"),
        Block("item", "a", 1, "1."),
        Block("item", "b", 2, "•"),
        Block("quote", "q"),
        Block("code", "code"),
        Block("rule", ""),
        Block("row", "x · y"),
        Block("row", "1 · 2"),
        Block("paragraph", "[here](javascript:x) https://a.example <b>raw</b>"),
    ]


@pytest.mark.slow
def test_a_process_that_writes_none_has_nothing_of_it_in_its_memory() -> None:
    ask = f"{ALL_VIEWS}; get_resolver().url_patterns; print('fpdf' in sys.modules)"

    answer = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == "False"
