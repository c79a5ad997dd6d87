"""A petition's own page in the admin, in every shape, by thumb."""

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.look.conftest import Visit
from tests.look.test_admin_look import BENCH, go, log_in, mistakes, press, schemes

pytestmark = pytest.mark.browser


def unfold(tab: Tab) -> None:
    for fold in tab.locator("summary").all():
        fold.click()


@schemes
def test_an_organizer_sees_how_it_goes_and_goes_on(visit: Visit, scheme: str) -> None:
    tab = log_in(visit, scheme)
    press(tab, BENCH)
    expect(tab.get_by_role("heading", name="What you can do")).to_be_visible()
    unfold(tab)
    found = mistakes(tab)

    go(tab, tab.get_by_role("link", name="Edit text"))
    go(tab, tab.get_by_role("link", name="Overview"))

    expect(tab.get_by_role("heading", name="What you can do")).to_be_visible()
    assert found == []


@schemes
@pytest.mark.parametrize("state", ["draft", "review", "open", "won", "hidden"])
def test_it_fits_a_phone_in_every_state(visit: Visit, scheme: str, state: str) -> None:
    tab = log_in(visit, scheme, "staff")
    tab.goto(f"/admin/petitions/petition/?state__exact={state}")
    go(tab, tab.locator("#result_list tbody a").first)
    unfold(tab)

    assert mistakes(tab) == []
