"""What the one script adds. Without it everything works, only less conveniently."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.look.conftest import Visit

pytestmark = pytest.mark.browser

LIBRARY = "/petitions/keep-the-library-open-on-saturdays/"
EXIT = "https://www.bbc.co.uk/weather"


@pytest.fixture
def weather(visit: Visit) -> Tab:
    """A sensitive petition, in a browser for which the way out is near."""
    visitor = visit()
    there = "<!doctype html><title>Weather</title>"
    visitor.context.route(EXIT, lambda route: route.fulfill(body=there))
    tab = visitor.open(LIBRARY)
    tab.goto(visitor.site.address("{sensitive}"))
    yield tab
    visitor.complaints[:] = [one for one in visitor.complaints if EXIT not in one]


def stop_clock(tab: Tab) -> None:
    """Let no time pass on the page, however long the machine takes."""
    tab.clock.install()
    tab.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))


def test_the_way_out_leaves_nothing_to_come_back_to(weather: Tab) -> None:
    sensitive = weather.url

    weather.get_by_role("link", name="Exit this page").click()

    expect(weather).to_have_url(EXIT)
    weather.go_back()
    assert weather.url != sensitive
    assert weather.url.endswith(LIBRARY)


def test_the_way_out_empties_the_page_before_the_other_one_comes(
    weather: Tab,
) -> None:
    left = weather.evaluate(
        """() => {
          document.querySelector("[data-quick-exit]").click();
          return [document.title, document.body.innerText];
        }"""
    )

    assert left == ["\u200b", ""]
    expect(weather).to_have_url(EXIT)


@pytest.mark.parametrize("field", [None, "Full name", "Why are you signing?"])
def test_shift_three_times_is_the_way_out(weather: Tab, field: str | None) -> None:
    if field:
        weather.locator("details:has([name=reason])").evaluate("one => one.open = true")
        weather.get_by_label(field).focus()

    stop_clock(weather)
    for _press in range(3):
        weather.keyboard.press("Shift")

    expect(weather).to_have_url(EXIT)


def test_writing_and_moving_with_shift_is_no_way_out(weather: Tab) -> None:
    sensitive = weather.url
    weather.get_by_label("Full name").focus()

    for letter in "ANA":
        weather.keyboard.press(f"Shift+{letter}")
    for _field in range(4):
        weather.keyboard.press("Shift+Tab")
    for key in ["Shift", "Shift", "a", "Shift"]:
        weather.keyboard.press(key)

    assert weather.url == sensitive


def test_the_way_out_is_the_first_thing_that_tab_reaches(weather: Tab) -> None:
    weather.keyboard.press("Tab")

    expect(weather.get_by_role("link", name="Exit this page")).to_be_focused()


def test_the_way_out_works_without_scripts(visit: Visit) -> None:
    visitor = visit(scripts=False)
    visitor.context.route(EXIT, lambda route: route.fulfill(body="Weather"))
    tab = visitor.open("{sensitive}")

    tab.get_by_role("link", name="Exit this page").click()

    expect(tab).to_have_url(EXIT)
    assert "Pressing Shift" not in tab.inner_text("body")
    visitor.complaints[:] = [one for one in visitor.complaints if EXIT not in one]


def test_mistakes_get_the_focus(visit: Visit) -> None:
    tab = visit().open(f"{LIBRARY}sign/")

    tab.get_by_role("button", name="Sign the petition").click()

    expect(tab.get_by_role("alert")).to_be_focused()


def reason(tab: Tab) -> None:
    tab.get_by_text("Add your place or a reason").click()


def test_the_room_that_is_left_is_counted(visit: Visit) -> None:
    tab = visit().open(f"{LIBRARY}sign/")
    reason(tab)
    field, line = (
        tab.get_by_label("Why are you signing?"),
        tab.locator("#id_reason-count"),
    )
    expect(line).to_have_text("500 of 500 characters left")

    field.fill("🌉" * 488)
    expect(line).to_have_text("12 of 500 characters left")
    expect(tab.get_by_role("status")).to_have_text("12 of 500 characters left")

    field.fill("a\n" * 256)
    expect(line).to_have_text("12 over the limit of 500 characters")
    assert len(field.input_value()) == 512


def test_far_from_the_limit_the_counter_is_silent(visit: Visit) -> None:
    tab = visit().open(f"{LIBRARY}sign/")
    reason(tab)

    tab.get_by_label("Why are you signing?").fill("a" * 488)
    expect(tab.get_by_role("status")).not_to_be_empty()
    tab.get_by_label("Why are you signing?").fill("a" * 100)

    expect(tab.get_by_role("status")).to_be_empty()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[("gmial.com", "gmail.com"), ("gmail.co", "gmail.com")],
        *[("GMAIL.CON", "gmail.com"), ("hotmal.com", "hotmail.com")],
        *[("yahooo.com", "yahoo.com"), ("outlok.com", "outlook.com")],
    ],
)
def test_a_slip_in_an_address_is_put_right_by_a_button(
    visit: Visit, typed: str, meant: str
) -> None:
    tab = visit().open(f"{LIBRARY}sign/")
    field = tab.get_by_label("E-mail address")

    field.fill(f"ana@{typed}")
    expect(tab.get_by_role("status")).to_have_text(f"Did you mean {meant}?")
    tab.get_by_role("button", name="Yes, put it right").click()

    expect(field).to_have_value(f"ana@{meant}")
    expect(field).to_be_focused()
    expect(tab.locator("[data-typo-of]")).to_be_hidden()


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "mail.com", "yahoo.ca", "outlook.es", "example.org", "gm", ""],
)
def test_other_addresses_are_not_questioned(visit: Visit, domain: str) -> None:
    tab = visit().open(f"{LIBRARY}sign/")
    field = tab.get_by_label("E-mail address")

    field.fill("ana@gmial.com")
    expect(tab.locator("[data-typo-of]")).to_be_visible()
    field.fill(f"ana@{domain}")

    expect(tab.locator("[data-typo-of]")).to_be_hidden()


def test_the_form_says_for_how_long_its_page_was_open(visit: Visit) -> None:
    tab = visit().open(LIBRARY)
    tab.get_by_label("Full name").fill("Ada Example")
    tab.get_by_label("E-mail address").fill("ada@example.org")

    with tab.expect_request(lambda request: request.method == "POST") as sent:
        tab.get_by_role("button", name="Sign the petition").click()

    typed = parse_qs(sent.value.post_data, keep_blank_values=True)
    assert int(typed["took"][0]) > 0
    assert typed["website"] == [""]


def test_nobody_meets_the_field_that_is_for_machines(visit: Visit) -> None:
    tab = visit().open(LIBRARY)

    expect(tab.locator("[name=website]")).to_be_hidden()


def test_the_bar_leaves_when_the_form_is_in_view(visit: Visit) -> None:
    tab = visit().open(LIBRARY)
    bar = tab.get_by_role("complementary", name="Sign this petition")
    expect(bar).to_be_visible()

    bar.get_by_role("link", name="Sign").click()

    expect(bar).to_be_hidden()


def test_the_count_keeps_up_while_somebody_looks(visit: Visit) -> None:
    visitor = visit()
    visitor.tab.clock.install()
    visitor.context.route(
        re.compile("count.json$"),
        lambda route: route.fulfill(
            json={"count": 2345, "goal": 3000, "state": "open"}
        ),
    )
    tab = visitor.open(LIBRARY)

    tab.clock.run_for(61_000)

    meter = tab.locator("[data-live-count]")
    expect(meter).to_contain_text("2,345")
    expect(meter).to_contain_text("3,000")
    expect(meter.locator("progress")).to_have_js_property("value", 2345)


def test_copying_is_said_aloud(visit: Visit) -> None:
    visitor = visit()
    visitor.context.grant_permissions(["clipboard-write"])
    tab = visitor.open("{signed}")
    stop_clock(tab)

    tab.get_by_role("button", name="Copy").first.click()

    expect(tab.get_by_role("status")).to_have_text("Copied")
    field = tab.locator("textarea").first  # no script of ours may read it
    field.focus()
    tab.keyboard.press("Control+V")
    link = re.escape(f"{visitor.site.url}/petitions/")
    expect(field).to_have_value(re.compile(f"^{link}"))


def test_a_feature_that_fails_takes_no_other_along(visit: Visit) -> None:
    visitor = visit()
    visitor.context.add_init_script("delete window.IntersectionObserver")
    tab = visitor.open(LIBRARY)

    tab.get_by_label("E-mail address").fill("ana@gmial.com")

    expect(tab.locator("[data-typo-of]")).to_be_visible()
    assert [one for one in visitor.complaints if "IntersectionObserver" in one]
    visitor.complaints.clear()


def test_the_sheet_is_printed_by_a_button(visit: Visit) -> None:
    visitor = visit()
    visitor.context.add_init_script(
        "window.print = () => { document.title = 'Printed' }"
    )
    tab = visitor.open(f"{LIBRARY}?paper=1")

    tab.get_by_role("button", name="Print").click()

    expect(tab).to_have_title("Printed")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("slug", ["keep-the-library-open-on-saturdays", "the-longest"])
def test_a_sheet_fills_two_pages(visit: Visit, paper: str, slug: str) -> None:
    tab = visit().open(f"/petitions/{slug}/?paper=1")

    printed = tab.pdf(format=paper)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
