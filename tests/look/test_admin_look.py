"""An organizer's way through the admin, by thumb."""

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from campaigns.management.commands.load_demo import PASSWORD
from tests.journey.conftest import go
from tests.look.browser import HEIGHT, axe, sideways
from tests.look.conftest import Visit

pytestmark = pytest.mark.browser

BENCH = "A bench at every bus stop in Larkhaven"
schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


def log_in(visit: Visit, scheme: str, who: str = "rosa") -> Tab:
    tab = visit(width=360, scheme=scheme).open("/admin/")
    tab.get_by_label("E-mail").fill(f"{who}@example.org")
    tab.get_by_label("Password").fill(PASSWORD)
    go(tab, tab.get_by_role("button", name="Log in", exact=True))
    return tab


def press(tab: Tab, words: str, petition: str = BENCH) -> None:
    """One of the links of a petition, on the first page."""
    own = tab.get_by_role("listitem").filter(has_text=petition)
    go(tab, own.get_by_role("link", name=words))


def mistakes(tab: Tab) -> list[str]:
    """On a screen as high as the page: nothing lies under the bar of buttons then."""
    height = tab.evaluate("() => document.documentElement.scrollHeight")
    tab.set_viewport_size({"width": 360, "height": height})
    found = [f"{tab.title()}: {one}" for one in axe(tab) + sideways(tab)]
    tab.set_viewport_size({"width": 360, "height": HEIGHT})
    return found


@schemes
def test_an_update_is_posted_by_phone(visit: Visit, scheme: str) -> None:
    tab = visit(width=360, scheme=scheme).open("/admin/")
    found = mistakes(tab)
    tab = log_in(visit, scheme)
    found += mistakes(tab)

    press(tab, "Post an update")
    found += mistakes(tab)
    go(tab, tab.get_by_role("button", name="Preview"))
    expect(tab.get_by_role("alert")).to_be_focused()
    found += mistakes(tab)
    tab.get_by_label("Title").fill("We have a date")
    tab.get_by_label("Text").fill("The council talks about it on **Monday**.")
    go(tab, tab.get_by_role("button", name="Preview"))
    looks = tab.get_by_role("heading", name="This is how it will look")
    expect(looks).to_be_in_viewport()
    found += mistakes(tab)
    go(tab, tab.get_by_role("button", name="Post now"))
    expect(tab.get_by_text("Posted. It is on the page now.")).to_be_visible()
    found += mistakes(tab)

    assert found == []
    tab.goto("/petitions/a-bench-at-every-bus-stop/")
    expect(tab.get_by_text("We have a date").first).to_be_visible()


@schemes
def test_the_rest_of_the_admin_fits_a_phone(visit: Visit, scheme: str) -> None:
    tab = log_in(visit, scheme)
    press(tab, BENCH)
    go(tab, tab.get_by_role("link", name="Edit text"))
    found = mistakes(tab)
    expect(tab.get_by_role("button", name="Save", exact=True)).to_be_in_viewport()

    for address in [
        *("petitions/petition/", "petitions/petition/add/", "petitions/organizer/"),
        *("campaigns/update/", "password_change/"),
    ]:
        tab.goto(f"/admin/{address}")
        found += mistakes(tab)

    assert found == []


@schemes
def test_a_petition_ends_and_a_promise_is_answered_by_phone(
    visit: Visit, scheme: str
) -> None:
    tab = log_in(visit, scheme, "staff")
    tab.goto("/admin/petitions/petition/?q=a-bench-at-every-bus-stop")
    go(tab, tab.get_by_role("link", name=BENCH))
    go(tab, tab.get_by_role("link", name="Close", exact=True))
    found = mistakes(tab)
    go(tab, tab.get_by_role("button", name="Close"))
    expect(tab.get_by_role("alert")).to_be_focused()
    found += mistakes(tab)

    tab = log_in(visit, scheme)
    tab.goto("/admin/petitions/petition/?q=elms")
    go(tab, tab.get_by_role("link", name="Leave the elms"))
    go(tab, tab.get_by_role("link", name="Say whether the promise was kept"))
    found += mistakes(tab)
    go(tab, tab.get_by_role("button", name="Say so"))
    found += mistakes(tab)

    assert found == []
