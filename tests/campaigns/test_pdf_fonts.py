"""A site brings along fonts for scripts that ours do not have."""

from pathlib import Path

from django.core.checks import run_checks

from campaigns.pdf import FAMILIES, fontpkg


def complaints() -> list[str]:
    return [one.msg for one in run_checks() if "PDF_FONTS" in one.msg]


def test_a_font_that_can_be_read_is_taken(settings) -> None:
    settings.PDF_FONTS = [fontpkg.path(FAMILIES[0])]

    assert complaints() == []


def test_a_font_that_is_not_there_keeps_the_site_from_starting(
    settings, tmp_path: Path
) -> None:
    settings.PDF_FONTS = [str(tmp_path / "none.ttf")]

    assert complaints() == [f"PDF_FONTS: there is no file {tmp_path}/none.ttf."]


def test_a_file_that_is_no_font_keeps_the_site_from_starting(
    settings, tmp_path: Path
) -> None:
    (tmp_path / "words.ttf").write_text("not a font")
    settings.PDF_FONTS = [str(tmp_path / "words.ttf")]

    assert complaints() == [
        f"PDF_FONTS: {tmp_path}/words.ttf is no TrueType or OpenType font."
    ]
