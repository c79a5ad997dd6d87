"""Scheduling an update, and following its mail, by thumb."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import expect

from tests.look.conftest import Visit
from tests.look.test_admin_look import go, log_in, mistakes, press, schemes

pytestmark = pytest.mark.browser

LIBRARY = "Keep Larkhaven Library open on Saturdays"
"""Not the bench: others post there, and the fourth mail in a week is refused."""


@schemes
def test_an_update_is_scheduled_by_phone(visit: Visit, scheme: str) -> None:
    tab = log_in(visit, scheme)

    press(tab, "Post an update")
    tab.get_by_label("Title").fill("We have a date")
    tab.get_by_label("Text").fill("The council talks about it on **Monday**.")
    day = timezone.localdate() + timedelta(days=30)
    tab.get_by_label("day").fill(day.isoformat())
    tab.get_by_label("time").fill("18:00")
    go(tab, tab.get_by_role("button", name="Preview"))
    found = mistakes(tab)
    go(tab, tab.get_by_role("button", name="Schedule"))
    words = f"It will be posted on {date_format(day, 'j F Y')}, 18:00."
    expect(tab.get_by_text(words)).to_be_visible()
    found += mistakes(tab)
    go(tab, tab.get_by_role("link", name="We have a date").first)
    found += mistakes(tab)
    go(tab, tab.get_by_role("link", name="Take it back"))
    found += mistakes(tab)
    go(tab, tab.get_by_role("button", name="Take it back"))

    assert found == []


@schemes
def test_mail_is_stopped_by_phone(visit: Visit, scheme: str) -> None:
    tab = log_in(visit, scheme)

    press(tab, "Post an update", LIBRARY)
    tab.get_by_label("Title").fill("We were heard")
    tab.get_by_label("Text").fill("On Monday.")
    go(tab, tab.get_by_role("button", name="Preview"))
    go(tab, tab.get_by_role("button", name="Post now"))
    go(tab, tab.get_by_role("link", name="See how far it is, or stop it"))
    found = mistakes(tab)
    go(tab, tab.get_by_role("button", name="Stop mail"))
    found += mistakes(tab)
    go(tab, tab.get_by_role("button", name="Go on with mail"))
    expect(tab.get_by_text("It goes on.")).to_be_visible()
    go(tab, tab.get_by_role("link", name="Mail to signers"))
    found += mistakes(tab)

    assert found == []
