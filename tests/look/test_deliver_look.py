"""Taking signatures out and handing a petition over, by thumb."""

import pytest
from playwright.sync_api import expect

from tests.look.conftest import Visit
from tests.look.test_admin_look import BENCH, go, log_in, mistakes, press, schemes

pytestmark = pytest.mark.browser


@schemes
def test_an_export_asks_what_for_and_comes_as_a_file(visit: Visit, scheme: str) -> None:
    tab = log_in(visit, scheme)
    press(tab, BENCH)
    go(tab, tab.get_by_role("link", name="Export", exact=True))
    found = mistakes(tab)

    go(tab, tab.get_by_role("button", name="Download the file"))
    expect(tab.get_by_role("alert")).to_be_focused()
    found += mistakes(tab)
    tab.get_by_label("What is it for?").fill("To thank them.")
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download the file").click()

    assert download.value.suggested_filename == "signatures.csv"
    assert download.value.failure() is None
    assert found == []


@schemes
def test_a_hand_over_comes_as_a_pdf_and_is_told_of(visit: Visit, scheme: str) -> None:
    tab = log_in(visit, scheme)
    press(tab, BENCH)
    go(tab, tab.get_by_role("link", name="Hand-over", exact=True))
    found = mistakes(tab)

    with tab.expect_download() as download:
        tab.get_by_role("button", name="Make the PDF").click()
    go(tab, tab.get_by_role("button", name="Save that it was handed over"))
    expect(tab.get_by_role("alert")).to_be_focused()
    found += mistakes(tab)

    assert download.value.suggested_filename == "hand-over.pdf"
    assert found == []
