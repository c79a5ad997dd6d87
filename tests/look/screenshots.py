"""Takes a picture of every page and mail, for people to look at.

    python3 dev.py screenshots            all of them, a few minutes
    python3 dev.py screenshots sign mail  those whose name begins so

Each stands in `var/screenshots/` for a phone and a desk, light and dark. `index.html`
shows them in their size, `sheet-01.png` and so on side by side at half of it.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from config.settings import VAR_DIR
from tests.look.browser import Visitor, chromium
from tests.look.demo_site import DemoSite, demo_site
from tests.look.mails import sent_by
from tests.look.pages import PAGES

FOLDER = VAR_DIR / "screenshots"
LOOKS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
TALLEST = 4000  # of one picture; pages that go on are cut
SHEET_HEIGHT = 3200
GAP = 16
GREY = "#888"

Subject = tuple[str, Callable[[Visitor], Tab]]


def main(wanted: list[str]) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory() as home,
        demo_site(Path(home)) as site,
        chromium() as browser,
    ):
        names = [
            take(browser, site, name, open_in)
            for name, open_in in subjects(site)
            if not wanted or name.startswith(tuple(wanted))
        ]
    (FOLDER / "index.html").write_text(index(names), encoding="utf-8")
    sheets = save_sheets(names)
    print(f"{len(names)} pages: {FOLDER}/index.html, and {sheets} sheets beside it.")


def subjects(site: DemoSite) -> Iterator[Subject]:
    """What there is to see: its name, and how a visitor comes to it."""
    for page in PAGES:
        yield str(page), lambda visitor, page=page: visitor.open(page)
    for subject, mail in sent_by(site).items():
        html = mail.get_body(["html"]).get_content()
        name = "mail-" + re.sub(r"\W+", "-", subject.lower())[:50].strip("-")
        yield name, lambda visitor, html=html: written(visitor.tab, html)


def written(tab: Tab, html: str) -> Tab:
    tab.set_content(html)
    return tab


def take(
    browser: Browser, site: DemoSite, name: str, open_in: Callable[[Visitor], Tab]
) -> str:
    for width, scheme in LOOKS:
        visitor = Visitor(browser, site, width=width, scheme=scheme)
        path = picture(name, width, scheme)
        open_in(visitor).screenshot(path=path, full_page=True)
        with Image.open(path) as whole:
            whole.crop((0, 0, whole.width, min(whole.height, TALLEST))).save(path)
        visitor.context.close()
    print(f"  {name}", flush=True)
    return name


def picture(name: str, width: int, scheme: str) -> Path:
    return FOLDER / f"{name}-{width}-{scheme}.png"


def index(names: list[str]) -> str:
    rows = "".join(
        f"<h2 id={escape(name, quote=True)!r}>{escape(name)}</h2><p>"
        + " ".join(
            f"<img loading=lazy width={width} src={picture(name, width, scheme).name!r}"
            f" alt='{width} px, {scheme}'>"
            for width, scheme in LOOKS
        )
        for name in names
    )
    style = "body{font-family:sans-serif;background:#888;width:3400px}"
    style += "img{vertical-align:top}"
    return f"<!doctype html><title>Pages</title><style>{style}</style>{rows}"


def save_sheets(names: list[str]) -> int:
    """Rows of pages at half their size, as many as are read well at once."""
    sheets: list[list[Image.Image]] = [[]]
    for one in map(row, names):
        height = sum(image.height for image in sheets[-1])
        if sheets[-1] and height + one.height > SHEET_HEIGHT:
            sheets.append([])
        sheets[-1].append(one)
    for number, rows in enumerate(sheets, start=1):
        size = (max(one.width for one in rows), sum(one.height for one in rows))
        sheet, top = Image.new("RGB", size, GREY), 0
        for one in rows:
            sheet.paste(one, (0, top))
            top += one.height
        sheet.save(FOLDER / f"sheet-{number:02}.png")
    return len(sheets)


def row(name: str) -> Image.Image:
    """The four pictures of a page side by side, below its name."""
    images = []
    for width, scheme in LOOKS:
        with Image.open(picture(name, width, scheme)) as whole:
            images.append(whole.convert("RGB").resize(half(whole)))
    size = (
        sum(image.width + GAP for image in images),
        max(image.height for image in images) + 3 * GAP,
    )
    together, left = Image.new("RGB", size, GREY), 0
    ImageDraw.Draw(together).text((GAP, GAP // 2), name, "black", font_size=18)
    for image in images:
        together.paste(image, (left, 2 * GAP))
        left += image.width + GAP
    return together


def half(image: Image.Image) -> tuple[int, int]:
    return image.width // 2, image.height // 2


if __name__ == "__main__":
    main(sys.argv[1:])
