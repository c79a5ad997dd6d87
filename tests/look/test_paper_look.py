"""Paper by phone: sheets are printed, typed in and counted."""

import pytest
from playwright.sync_api import expect

from tests.look.conftest import Visit
from tests.look.test_admin_look import BENCH, go, log_in, mistakes, press, schemes

pytestmark = pytest.mark.browser


@schemes
def test_a_sheet_is_typed_in_by_phone(visit: Visit, scheme: str) -> None:
    tab = log_in(visit, scheme)
    press(tab, BENCH)
    go(tab, tab.get_by_role("link", name="Paper", exact=True))
    found = mistakes(tab)

    tab.get_by_label("How many sheets").fill("2")
    go(tab, tab.get_by_role("button", name="Print sheets"))
    found += mistakes(tab)
    go(tab, tab.get_by_role("link", name="Back to the sheets"))
    found += mistakes(tab)
    go(tab, tab.locator(".admin-list__name").first)
    found += mistakes(tab)
    tab.get_by_label("How many lines").fill("2")
    go(tab, tab.get_by_role("button", name="Type them in"))
    found += mistakes(tab)
    tab.locator("#id_line-1-name").fill("Ana Quispe")
    tab.keyboard.press("Tab")
    expect(tab.locator("#id_line-1-place")).to_be_focused()
    tab.locator("#id_line-2-email").fill("ana@")
    go(tab, tab.get_by_role("button", name="Save", exact=True))
    expect(tab.get_by_role("alert")).to_be_focused()
    found += mistakes(tab)
    tab.locator("#id_line-2-email").fill("")
    tab.locator("#id_line-2-name").fill("ana quispe")
    go(tab, tab.get_by_role("button", name="Save", exact=True))
    found += mistakes(tab)
    tab.locator("#id_line-2-verdict").select_option("double")
    go(tab, tab.get_by_role("button", name="Save and go on"))
    found += mistakes(tab)
    go(tab, tab.get_by_role("button", name="Count this sheet"))
    expect(tab.get_by_text("It counts now.")).to_be_visible()
    expect(tab.get_by_text("1 signature").first).to_be_visible()
    found += mistakes(tab)
    go(tab, tab.locator(".admin-list__name").first)
    found += mistakes(tab)

    assert found == []
