"""How much a first visit loads. The figures stand at the end of the test run."""

import gzip
import json
from collections.abc import Callable
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Response

from campaigns.management.commands.load_demo import BUNDLE
from tests.look.conftest import Visit
from tests.look.demo_site import DemoSite
from tests.look.test_hosts import text_of

pytestmark = pytest.mark.browser

KB = 1024
MOST_WITHOUT_PICTURES = 30 * KB
MOST_WITH_PICTURES = 120 * KB
MOST_REQUESTS = 6  # without pictures
MOST_HTML = 8 * KB
MOST_SCRIPT = 4 * KB

LIBRARY = "/petitions/keep-the-library-open-on-saturdays/"
TEN_TARGETS = "/petitions/one-ticket-for-ten-towns/"

Note = Callable[[str, int], None]


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    def note(what: str, weight: int) -> None:
        record_property("weight", f"{weight / KB:6.1f} KB  {what}")

    return note


@pytest.mark.parametrize("address", ["/", LIBRARY, TEN_TARGETS])
def test_a_first_visit_is_light(visit: Visit, note: Note, address: str) -> None:
    """On a phone with two or more dots a pixel, which takes the larger pictures."""
    loads = loaded_at(visit, address)
    pictures = [weight for weight, is_picture in loads if is_picture]
    others = [weight for weight, is_picture in loads if not is_picture]

    note(f"{address} without pictures, {len(others)} requests", sum(others))
    note(f"{address} with {len(pictures)} pictures", sum(others) + sum(pictures))

    assert sum(others) <= MOST_WITHOUT_PICTURES
    assert sum(others) + sum(pictures) <= MOST_WITH_PICTURES
    assert len(others) <= MOST_REQUESTS


def test_the_longest_petition_of_the_demo_is_light(site: DemoSite, note: Note) -> None:
    petitions = json.loads(BUNDLE.read_bytes())["petitions"]
    addresses = [f"/petitions/{petition['slug']}/" for petition in petitions]
    weights = {one: weight_of(site.url + one) for one in addresses}

    longest = max(weights, key=weights.__getitem__)
    note(f"{longest}, its HTML", weights[longest])

    assert weights[longest] <= MOST_HTML


def test_the_script_is_light_and_the_style_sheet_is_weighed(
    visit: Visit, site: DemoSite, note: Note
) -> None:
    tab = visit().open(LIBRARY)
    script = tab.locator("script[type=module]").get_attribute("src")
    sheet = tab.locator("link[rel=stylesheet]").get_attribute("href")

    note("the style sheet", weight_of(f"{site.url}{sheet}"))
    note("the script", weight_of(f"{site.url}{script}"))

    assert weight_of(f"{site.url}{script}") <= MOST_SCRIPT


def loaded_at(visit: Visit, address: str) -> list[tuple[int, bool]]:
    """What the browser loads: how heavy it is, and whether it is a picture."""
    visitor = visit(dots=2)
    answers: list[Response] = []
    visitor.tab.on("response", lambda answer: answers.append(answer))
    visitor.open(address).wait_for_load_state("networkidle")
    return [weighed(answer) for answer in answers]


def weighed(answer: Response) -> tuple[int, bool]:
    kind = answer.headers["content-type"]
    if kind.startswith("image/") and "svg" not in kind:
        return len(answer.body()), True
    return len(gzip.compress(answer.body())), False


def weight_of(url: str) -> int:
    """Zipped; nothing for what is not public."""
    try:
        return len(gzip.compress(text_of(url).encode()))
    except HTTPError:
        return 0
