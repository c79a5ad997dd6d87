"""A moderator decides about petitions, by thumb."""

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.look.conftest import Visit
from tests.look.test_admin_look import go, log_in, mistakes, schemes

pytestmark = pytest.mark.browser


def choose(tab: Tab, title: str) -> None:
    """From the first page to what waits, and say that one looks at it."""
    tab.goto("/admin/")
    tab.goto("/admin/petitions/petition/queue/")
    waiting = tab.get_by_role("listitem").filter(has_text=title)
    go(tab, waiting.get_by_role("button", name="I look at this"))


@schemes
def test_a_petition_is_decided_by_phone(visit: Visit, scheme: str) -> None:
    tab = log_in(visit, scheme, "moderator")
    found = mistakes(tab)
    tab.goto("/admin/petitions/petition/queue/")
    found += mistakes(tab)
    reported = {"light": "Bench 0", "dark": "Mend the pier"}[scheme]
    choose(tab, reported)
    found += mistakes(tab)
    tab.get_by_text("Hide", exact=True).first.click()
    found += mistakes(tab)
    go(tab, tab.get_by_role("button", name="Hide"))
    expect(tab.get_by_role("alert")).to_be_focused()
    found += mistakes(tab)
    go(tab, tab.get_by_role("button", name="Keep it: reports answered"))
    expect(tab.get_by_text("Done: Keep it")).to_be_visible()

    assert found == []


def test_a_petition_opens_when_all_is_checked(visit: Visit) -> None:
    tab = log_in(visit, "light", "moderator")
    choose(tab, "Bench 4")
    go(tab, tab.get_by_role("button", name="Open"))
    expect(tab.get_by_role("alert")).to_be_focused()
    found = mistakes(tab)
    for tick in tab.get_by_role("checkbox").all():
        if tick.is_visible():
            tick.check()
    go(tab, tab.get_by_role("button", name="Open"))
    expect(tab.get_by_text("Done: Open")).to_be_visible()

    assert found == []


def test_staff_see_mail_and_jobs_on_a_phone(visit: Visit) -> None:
    tab = log_in(visit, "dark", "staff")
    expect(tab.get_by_role("heading", name="Mail and jobs")).to_be_visible()

    assert mistakes(tab) == []
