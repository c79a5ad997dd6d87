"""The whole site for real: gunicorn, a worker, a mail server and browsers."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)
from pytest_django import Settings

import config.settings
from tests.races.post_office import PostOffice, post_office
from tests.races.processes import LONGEST_WAIT, environment, site, worker

FLAGS = [
    "--no-sandbox",  # Chromium refuses root otherwise
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]


@dataclass(frozen=True)
class Town:
    """Where the journey happens."""

    url: str
    office: PostOffice


@pytest.fixture
def town(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Town]:
    settings.PASSWORD_HASHERS = config.settings.PASSWORD_HASHERS  # as gunicorn has it
    changes = {
        "DJANGO_SETTINGS_MODULE": "tests.journey.settings",
        "JOURNEY_STATIC_ROOT": str(tmp_path / "static"),
    }
    collect_static_files(environment(**changes))
    with post_office() as office, site(tmp_path / "site.log", **changes) as (url, _):
        changes |= {"SITE_URL": url, "EMAIL_URL": office.url}
        with worker(tmp_path / "worker.log", **changes):
            yield Town(url, office)
    for log in ["site.log", "worker.log"]:
        assert "Traceback" not in (tmp_path / log).read_text()


def collect_static_files(settings: dict[str, str]) -> None:
    manage = str(config.settings.BASE_DIR / "manage.py")
    command = [sys.executable, manage, "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, env=settings, check=True)


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "Chromium is needed: install it, or set CHROMIUM to its path."
    # Playwright leaves a loop running in this thread, which Django takes for async.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    expect.set_options(timeout=LONGEST_WAIT * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
        connections.close_all()  # beside that loop Django has opened others


@dataclass
class Visitors:
    """Opens a browser window for each person, and notes what goes wrong in any."""

    chromium: Browser
    url: str
    complaints: list[str]

    def with_scripts(self) -> Page:
        return self._watched(self.chromium.new_context(base_url=self.url).new_page())

    def without_scripts_and_cookies(self) -> Page:
        context = self.chromium.new_context(
            base_url=self.url, java_script_enabled=False
        )
        context.route(
            "**/*",
            lambda route: route.continue_(headers=without_cookies(route.request)),
        )
        return self._watched(context.new_page())

    def on_a_phone_without_scripts(self) -> Page:
        context = self.chromium.new_context(
            base_url=self.url,
            viewport={"width": 360, "height": 740},
            has_touch=True,
            java_script_enabled=False,
        )
        return self._watched(context.new_page())

    def _watched(self, page: Page) -> Page:
        page.set_default_timeout(LONGEST_WAIT * 1000)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note_foreign)
        return page

    def _note_console(self, message: ConsoleMessage) -> None:
        """The console also tells what the Content-Security-Policy has refused."""
        is_status = message.text.startswith("Failed to load resource: the server")
        if message.type in ("error", "warning") and not is_status:
            self.complaints.append(f"{message.text} on {message.page}")

    def _note_foreign(self, request: Request) -> None:
        if not request.url.startswith(self.url):
            self.complaints.append(f"foreign: {request.url}")


def go(page: Page, pressed: Locator) -> None:
    """Press what leads to a page, and wait until it is there."""
    with page.expect_navigation():
        pressed.click()


def without_cookies(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name != "cookie"}


@pytest.fixture
def visitors(chromium: Browser, town: Town) -> Iterator[Visitors]:
    visitors = Visitors(chromium, town.url, [])
    yield visitors
    assert visitors.complaints == []
