"""A real Chromium, and what it can tell about a page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Request,
    expect,
    sync_playwright,
)
from playwright.sync_api import Page as Tab

from tests.journey.conftest import FLAGS
from tests.look.demo_site import DemoSite
from tests.look.pages import Page
from tests.races.processes import LONGEST_WAIT

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    "best-practice",
]
HEIGHT = 800
SENDING = "button:not([hidden]), input[type=submit]:not([hidden])"
visitors = count(1)


@contextmanager
def chromium() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "Chromium is needed: install it, or set CHROMIUM to its path."
    expect.set_options(timeout=LONGEST_WAIT * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """A person at a screen of some width, who likes it light or dark.

    `complaints` are what the console says (also of the Content-Security-Policy) and
    each thing that was asked of another host.
    """

    def __init__(
        self,
        browser: Browser,
        site: DemoSite,
        *,
        width: int = 360,
        scheme: str = "light",
        dots: int = 1,
        scripts: bool = True,
    ) -> None:
        self.site = site
        self.complaints: list[str] = []
        number = next(visitors)
        self.context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": HEIGHT},
            color_scheme=scheme,
            device_scale_factor=dots,
            reduced_motion="reduce",
            java_script_enabled=scripts,
            extra_http_headers={
                "X-Forwarded-For": f"10.0.{number // 256}.{number % 256}"
            },
        )
        self.context.set_default_timeout(LONGEST_WAIT * 1000)
        self.tab = self.context.new_page()
        self.tab.on("console", self._note_console)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("request", self._note_foreign)

    def open(self, page: Page | str, *, language: str = "") -> Tab:
        """Go there; if it is the answer to a form, fill that in and send it."""
        prefix = f"/{language}" if language else ""
        if isinstance(page, Page) and page.draft:
            self._write(page.draft)
        answer = self.tab.goto(prefix + self.site.address(page))
        if isinstance(page, Page) and page.typed is not None:
            form = self.tab.locator("main form[method=post]").first
            _fill(form, page.typed)
            with self.tab.expect_navigation() as sent:
                form.locator(SENDING).last.click()
            answer = sent.value
        if isinstance(page, Page):
            assert answer, page.name
            assert answer.status == page.status, page.name
        return self.tab

    def _write(self, draft: str) -> None:
        """Have the cookie of a petition that this browser has begun."""
        kept = {"value": self.site.words[draft], "url": self.site.url}
        languages = ["en", "es", "en-xa", "ar"]
        self.context.add_cookies(
            [{"name": f"draft-{language}", **kept} for language in languages]
        )

    def _note_console(self, message: ConsoleMessage) -> None:
        is_status = message.text.startswith("Failed to load resource: the server")
        if message.type in ("error", "warning") and not is_status:
            self.complaints.append(message.text)

    def _note_foreign(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.site.url).netloc:
            self.complaints.append(f"foreign: {request.url}")


def _fill(form: Locator, typed: dict[str, str]) -> None:
    for details in form.locator("details:not([open]) > summary").all():
        details.click()
    for name, words in typed.items():
        form.locator(f"[name={name}]").fill(words)


def axe(tab: Tab, *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds wrong: each rule with the first elements that break it."""
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(AXE)
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in without},
        "preload": False,
    }
    found = tab.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{broken['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
        for broken in found["violations"]
        for node in broken["nodes"][:3]
    ]


def sideways(tab: Tab) -> list[str]:
    """What makes the page wider than the window, or hides that it is."""
    found: list[str] = tab.evaluate(SIDEWAYS)
    return found


SIDEWAYS = """() => {
  const root = document.documentElement;
  const wide = [root, document.body]
    .filter((one) => ["hidden", "clip"].includes(getComputedStyle(one).overflowX))
    .map((one) => `hides what is too wide: ${one.tagName}`);
  const width = root.clientWidth;
  if (root.scrollWidth <= width) return wide;
  const isTooWide = (one) => {
    const box = one.getBoundingClientRect();
    return box.width && box.height && (box.right > width + 1 || box.left < -1);
  };
  const culprits = [...document.querySelectorAll("body *")].filter(isTooWide);
  const named = culprits.slice(-3).map((one) => one.outerHTML.slice(0, 160));
  return [...wide, `${root.scrollWidth} px wide in ${width} px:`, ...named];
}"""


def show(
    tab: Tab,
    *,
    width: int | None = None,
    scheme: str | None = None,
    direction: str | None = None,
    text: str | None = None,
) -> None:
    """Let the page that is open be seen differently, without loading it anew."""
    if width:
        tab.set_viewport_size({"width": width, "height": HEIGHT})
    if scheme:
        tab.emulate_media(color_scheme=scheme)
    if direction:
        tab.evaluate("(dir) => { document.documentElement.dir = dir }", direction)
    if text:
        tab.evaluate(
            "(size) => { document.documentElement.style.fontSize = size }", text
        )
