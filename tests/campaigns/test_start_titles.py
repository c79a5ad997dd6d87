"""A title gets advice, and open petitions that may ask the same stand below it."""

import pytest
from django.core.management import call_command
from django.test import Client

from campaigns.start import hints
from tests.campaigns.drafts import STEPS, post
from tests.html import Page
from tests.makers import make_draft, make_petition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("KEEP THE MILL OF OSTREY TURNING", "small letters"),
        (f"Keep the mill {'of Ostrey ' * 8}", "80 characters"),
        ("Ostrey mill", "Say a little more"),
        ("Keep the mill turning", "Name the place"),
        ("Who keeps the mill of Ostrey?", "rather than ask"),
    ],
)
def test_a_title_gets_advice_that_stops_nobody(
    client: Client, title: str, words: str
) -> None:
    advised = post(client, "what", title=title, do="go")
    notice = Page.of(advised).one("section", role="status")

    assert advised.status_code == 200
    assert words in notice.words
    form = Page.of(advised).one("form", class_="form")
    seen = form.one(name="advised").attributes["value"]
    went_on = post(client, "what", title=title, advised=seen, do="go")
    assert went_on.headers["Location"] == "/start/who/"


@pytest.mark.parametrize(
    "title", ["Keep the mill of Ostrey turning", "保留大桥", "أبقوا"]
)
def test_a_good_title_gets_none(client: Client, title: str) -> None:
    assert hints.about(title) == []
    assert post(client, "what", title=title).headers["Location"] == "/start/who/"


def test_open_petitions_that_ask_alike_are_shown_once(client: Client) -> None:
    alike = make_petition(title="Keep the mill of Ostrey in the river")
    make_petition(title="A bench by the sea")
    make_petition(title="Turn the mill of Ostrey into a shelter", sensitive=True)
    make_draft(title="Keep the old mill of Ostrey")
    call_command("reindex", verbosity=0)

    shown = post(client, "what", **STEPS["what"])

    links = Page.of(shown).one("section", role="status").all("a")
    assert [link.attributes["href"] for link in links] == [alike.get_absolute_url()]


def test_a_place_and_a_common_verb_make_no_two_petitions_alike(client: Client) -> None:
    make_petition(
        title="Keep Larkhaven Library open on Saturdays",
        ask="Keep the library open from ten to four.",
        story="In winter it is the one warm room that the ferry leaves us.",
    )
    ferry = make_petition(title="Run the Larkhaven ferry in winter, too")
    call_command("reindex", verbosity=0)

    title = "Keep the ferry at Larkhaven"
    shown = post(client, "what", title=title)

    links = Page.of(shown).one("section", role="status").all("a")
    assert [link.attributes["href"] for link in links] == [ferry.get_absolute_url()]
