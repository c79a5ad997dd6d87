"""One running site and one browser for all who look at its pages.

They live as long as this folder's tests run. While they do, no test here may ask the
database: Playwright's loop would make Django open others. What a test needs stands in
`scenes.py`.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.languages.pseudo import write_catalogues
from tests.look.browser import Visitor, chromium
from tests.look.demo_site import DemoSite, demo_site

Visit = Callable[..., Visitor]


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """It speaks English, Spanish, and two languages that nobody speaks."""
    folder = tmp_path_factory.mktemp("look")
    write_catalogues(folder / "locale")
    with demo_site(folder, locale_dir=str(folder / "locale")) as site:
        yield site


@pytest.fixture(scope="package")
def browser(site: DemoSite) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(site: DemoSite, browser: Browser) -> Iterator[Visit]:
    """Makes visitors; fails if a page of theirs asks another host, or complains."""
    visitors: list[Visitor] = []

    def make_visitor(**likes: object) -> Visitor:
        visitors.append(Visitor(browser, site, **likes))
        return visitors[-1]

    yield make_visitor
    for visitor in visitors:
        visitor.context.close()
    assert [words for visitor in visitors for words in visitor.complaints] == []
