"""Signing without a mouse: what has the focus can be seen, all the way."""

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.look.conftest import Visit

pytestmark = pytest.mark.browser

PETITION = "/petitions/keep-the-library-open-on-saturdays/"
MOST_STOPS = 60

# What is wrong with the element that has the focus: no ring, or something over it.
FAULTS = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const faults = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
    faults.push(`no ring: ${style.outlineStyle} ${style.outlineWidth}`);
  const boxes = [...one.getClientRects()].filter((box) => box.width && box.height);
  if (!boxes.length) faults.push("not on the page");
  const labels = [...(one.labels ?? [])];
  for (const box of boxes)
    for (const x of [box.left + 2, box.right - 2])
      for (const y of [box.top + 2, box.bottom - 2]) {
        if (box.height > innerHeight) continue;
        const top = document.elementFromPoint(x, y);
        const isItself = top && (one.contains(top) || top.contains(one));
        const isOver = top && getComputedStyle(top).position !== "static";
        if (!top) faults.push(`out of sight at ${x}, ${y}`);
        else if (isItself ? top !== one && !one.contains(top) && isOver
                          : !labels.some((label) => label.contains(top)))
          faults.push(`covered by ${top.outerHTML.slice(0, 80)}`);
      }
  return faults.map((fault) => `${one.outerHTML.slice(0, 100)}: ${fault}`);
}"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", [PETITION, "{sensitive}"])
def test_signing_by_keyboard(visit: Visit, address: str, width: int) -> None:
    tab = visit(width=width).open(address)

    tab_to(tab, "[name=name]")
    tab_to(tab, "[name=email]")
    tab.keyboard.type("ada@")
    tab_to(tab, "main form[method=post] button:not([type=button])")
    tab.keyboard.press("Enter")

    expect(tab.locator("[data-error-summary]")).to_be_focused()
    assert faults_of_focus(tab) == []
    tab_to(tab, "a[href='#id_name']")
    tab.keyboard.press("Enter")
    expect(tab.locator("[name=name]")).to_be_focused()
    assert faults_of_focus(tab) == []
    tab.keyboard.type("Ada Example")
    tab_to(tab, "[name=email]")
    tab.keyboard.press("End")
    tab.keyboard.type("example.org")
    tab_to(tab, "[name=wants_updates]")
    tab.keyboard.press("Space")
    tab_to(tab, "main form[method=post] button:not([type=button])")
    tab.keyboard.press("Enter")

    expect(tab.get_by_role("heading", level=1)).to_contain_text("One more step")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_focus_is_seen_at_every_stop(visit: Visit, width: int) -> None:
    tab = visit(width=width).open(PETITION)

    last = tab.locator("a, button").last
    while not last.evaluate("(one) => one === document.activeElement"):
        press_tab(tab)


def tab_to(tab: Tab, selector: str) -> None:
    """Go on to the element, looking at each stop on the way."""
    for _stop in range(MOST_STOPS):
        press_tab(tab)
        if tab.evaluate("(to) => document.activeElement.matches(to)", selector):
            return
    pytest.fail(f"{MOST_STOPS} stops do not lead to {selector}")


def press_tab(tab: Tab) -> None:
    tab.keyboard.press("Tab")
    assert faults_of_focus(tab) == []


def faults_of_focus(tab: Tab) -> list[str]:
    """Two frames later: the browser scrolls first, and a bar makes way."""
    tab.evaluate(
        "() => new Promise((go) => requestAnimationFrame("
        "() => requestAnimationFrame(() => setTimeout(go))))"
    )
    faults: list[str] = tab.evaluate(FAULTS)
    return faults
