"""No word that anybody can write does anything but stand there and be read.

A few turns run with all other tests. With BAD_INPUT set (see test_bad_input.py) every
payload stands once in every field.
"""

import json
import os
from functools import cache
from itertools import zip_longest

import pytest
from defusedxml import ElementTree
from django.core import mail
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from campaigns import worker
from campaigns.bundle_export import export_bundle
from campaigns.bundle_format import BadBundle, parse
from petitions.models import Petition
from tests.attacks.scripts import PACKS, PAYLOADS, dangers, outline
from tests.attacks.world import World
from tests.log_in import give_second_factor
from tests.makers import sign_url

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# All of them in all fields take minutes; a few turns, with two at once, do not.
ALL = "BAD_INPUT" in os.environ
TURNS = range(len(PAYLOADS) if ALL else 2)
MARK = "zq"  # ends what was put in, to be found again
# What changed is shown word by word.
OF_NO_FIXED_SHAPE = "/versions/"
IN_ADMIN_FIXED = ("/change/", "/do/", "/add/")
URLS_THAT_RUN = ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>"]


class Fields:
    """Puts something else into each field, with a mark that tells which field it is.

    With each turn they move on by one, so that in the end each was in every field.
    """

    def __init__(self, turn: int) -> None:
        self.texts = PAYLOADS if ALL else PACKS
        self.turn = turn
        self.marks: dict[str, str] = {}

    def __call__(self, name: str, most: int) -> str:
        mark = self.marks.setdefault(name, f"{MARK}{len(self.marks):02}")
        place = int(mark.removeprefix(MARK)) + self.turn
        return self.texts[place % len(self.texts)][: most - len(mark)] + mark


Answers = dict[str, HttpResponse]


def pages_of(world: World, client: Client) -> Answers:
    """Every page, by what it is: addresses differ from world to world."""
    paths = [*world.public_paths(), *world.admin_paths()]
    return {f"{at} {path}": client.get(path) for at, path in enumerate(paths)}


def typed_wrong(world: World, payload: str) -> Answers:
    """What comes back with what was typed, and what stands in an address."""
    petition, everywhere = world.petitions["open"], Client()
    fields = ["name", "email", "place", "country", "reason", "version", "via", "stamp"]
    query = dict.fromkeys(["q", "topic", "state", "sort", "page", "via"], payload)
    return {
        "sign": everywhere.post(sign_url(petition), dict.fromkeys(fields, payload)),
        "find": everywhere.post("/find-my-signature/", {"email": payload}),
        "search": everywhere.get("/petitions/", query),
        "by link": everywhere.get(petition.get_absolute_url(), {"via": payload}),
        "nowhere": everywhere.get(f"/petitions/{payload}/"),
        "log-in": everywhere.get("/accounts/login/", {"next": payload}),
        "who": everywhere.post("/accounts/login/", {"login": payload}),
        "password": everywhere.post("/accounts/password/reset/", {"email": payload}),
    }


@cache
def of_harmless_words() -> tuple[Answers, list[mail.EmailMessage]]:
    """All pages and mails of the same world with plain words, which is then undone."""
    mail.outbox.clear()
    with transaction.atomic():
        world = World()
        owner = Client()
        owner.force_login(world.accounts["owner"])
        give_second_factor(owner, world.accounts["owner"])
        pages = pages_of(world, owner)
        worker.send_all_mail()
        transaction.set_rollback(True)
    messages = list(mail.outbox)
    mail.outbox.clear()
    return pages, messages


@pytest.mark.parametrize("turn", TURNS)
def test_no_page_and_no_mail_does_what_a_field_says(turn: int, log_in) -> None:
    plain_pages, plain_mails = of_harmless_words()
    fields = Fields(turn)
    world = World(words=fields)
    client = log_in(world.accounts["owner"])

    pages = pages_of(world, client)
    worker.send_all_mail()

    typed = typed_wrong(world, fields.texts[turn])
    assert found_in({**pages, **typed}) == {}
    shown = "".join(map(words_of, pages.values()))
    assert [name for name, mark in fields.marks.items() if mark not in shown] == []
    assert broken(plain_pages, pages) == {}
    assert len(mail.outbox) == len(plain_mails) >= 5
    for plain, message in zip(plain_mails, mail.outbox, strict=True):
        ((html, _kind),) = message.alternatives
        assert dangers(html, in_mail=True) == []
        assert "\n" not in message.subject
        assert outline_of_mail(html) == outline_of_mail(plain.alternatives[0][0])


def found_in(answers: Answers) -> dict[str, list[str]]:
    found = {}
    for name, answer in answers.items():
        kind = answer["Content-Type"].partition(";")[0]
        match kind:
            case "text/html":
                wrong = dangers(answer.content.decode())
            case "application/atom+xml":
                wrong = in_feed(answer.content)
            case "application/json":
                json.loads(answer.content)
                wrong = []
            case _:
                wrong = [] if kind in ("image/png", "image/svg+xml") else [kind]
        if answer["X-Content-Type-Options"] != "nosniff":
            wrong.append("may be sniffed")
        found |= {name: wrong} if wrong else {}
    return found


def in_feed(content: bytes) -> list[str]:
    """Readers show the words of titles and summaries as HTML, whatever we mean."""
    wrong = []
    for one in ElementTree.fromstring(content).iter():
        wrong += [f"{one.tag} {name}" for name in one.attrib if name.startswith("on")]
        if one.attrib.get("type") == "html":
            wrong += dangers(one.text or "")
        href = one.attrib.get("href", "http")
        wrong += [] if href.startswith("http") else [href]
    return wrong


def words_of(answer: HttpResponse) -> str:
    is_text = answer["Content-Type"].startswith(("text/", "application/"))
    return answer.content.decode() if is_text else ""


def broken(expected: Answers, pages: Answers) -> dict[str, list[str]]:
    """Where the elements are not those that a harmless word leaves."""
    found = {}
    for (_plain, before), (name, after) in zip_longest(
        expected.items(), pages.items(), fillvalue=("missing", None)
    ):
        if has_fixed_shape(name) and after["Content-Type"].startswith("text/html"):
            old, new = outline(before.content.decode()), outline(after.content.decode())
            differ = [
                f"{one} → {two}" for one, two in zip_longest(old, new) if one != two
            ]
            found |= {name: differ[:3]} if differ else {}
    return found


def has_fixed_shape(name: str) -> bool:
    """Lists of the admin mark what they find suspicious in a text."""
    if "/admin/" in name:
        return name.endswith(IN_ADMIN_FIXED)
    return not name.endswith(OF_NO_FIXED_SHAPE)


def outline_of_mail(html: str) -> list[str]:
    """Without what Markdown makes of a text."""
    inside = {"p", "em", "a", "code", "br", "strong"}
    return [line for line in outline(html) if line.split()[0] not in inside]


@pytest.mark.parametrize("turn", TURNS)
def test_a_bundle_says_what_was_written(turn: int) -> None:
    world = World(words=Fields(turn))
    petition = world.petitions["open"]

    exported = export_bundle(Petition.objects.filter(pk=petition.pk))

    (part,) = json.loads(json.dumps(exported))["petitions"]
    assert part["title"] == petition.title
    assert part["story"] == petition.story


@pytest.mark.parametrize("url", URLS_THAT_RUN)
@pytest.mark.parametrize("field", ["closing", "updates"])
def test_a_bundle_may_not_bring_in_a_link_that_runs(url: str, field: str) -> None:
    parts = {
        "closing": {"message": "", "next_action": {"label": "Go", "url": url}},
        "updates": [
            {"kind": "news", "title": "N", "body": "", "url": url, "posted_on": "2026"}
        ],
    }
    petition = {
        "slug": "a",
        "language": "en",
        "title": "A",
        "ask": "B",
        "story": "C",
        "organizers": [{"name": "O", "kind": "person"}],
        "state": "open",
        "opened_on": "2026-01-05",
    }
    bundle = {
        "format": "undersigned/1",
        "petitions": [petition | {field: parts[field]}],
    }

    with pytest.raises(BadBundle, match="url"):
        parse(json.dumps(bundle))
