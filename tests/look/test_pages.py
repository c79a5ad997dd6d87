"""Every page in every shape, for every screen, language direction and text size."""

import pytest
from playwright.sync_api import Page as Tab

from tests.look.browser import axe, show, sideways
from tests.look.conftest import Visit
from tests.look.pages import PAGES, Page

pytestmark = pytest.mark.browser

WIDTHS = [320, 360, 1280]
IN_ONE_LANGUAGE = [page for page in PAGES if page.address.startswith(("/es", "/dev/"))]
IN_ALL_LANGUAGES = [page for page in PAGES if page not in IN_ONE_LANGUAGE]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_shuts_nobody_out(visit: Visit, page: Page) -> None:
    """Nothing for axe-core: WCAG 2.2 AA and best practice. No sideways scroll.

    Contrast takes longest: it is measured once in light and once in dark.
    """
    tab = visit().open(page)

    show(tab, width=360, scheme="light")
    found = axe(tab)
    show(tab, width=1280, scheme="dark")
    found += axe(tab)
    show(tab, width=320)
    found += axe(tab, without=("color-contrast",))
    found += sideways_at_all_widths(tab)
    show(tab, text="200%")
    found += sideways_at_all_widths(tab)

    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("page", IN_ALL_LANGUAGES, ids=str)
def test_a_page_takes_other_languages(visit: Visit, page: Page) -> None:
    """One with words almost half as long again, and one from right to left."""
    found = sideways_at_all_widths(visit(width=320).open(page, language="en-xa"))
    tab = visit(width=320).open(page, language="ar")
    assert tab.evaluate("() => document.documentElement.dir") == "rtl"
    found += sideways_at_all_widths(tab)
    found += axe(tab, without=("color-contrast",))
    show(tab, width=320, text="200%")
    found += sideways(tab)

    assert not found, "\n".join(["", *found])


def sideways_at_all_widths(tab: Tab) -> list[str]:
    found = []
    for width in WIDTHS:
        show(tab, width=width)
        found += sideways(tab)
    return found
