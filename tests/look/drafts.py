"""Petitions that are being started, for those who look at the pages of it."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image

from campaigns.models import Draft
from campaigns.start import confirming
from campaigns.start.keeping import sign
from signatures.tokens import Purpose, make_token

LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
ANSWERS = {
    "title": f"Repeal the {LONG} and let the eleven villages decide",
    "targets": [
        {"name": "Dana Petrova", "office": "Mayor", "organization": "Eastport"},
        {"name": "", "office": "", "organization": f"Office of the {LONG}"},
    ],
    "ask": f"Repeal the {LONG}, and ask us first.",
    "demands": f"Repeal the {LONG}.\nAsk us first.",
    "story": f"The law has a long name.\n\n### {LONG}\n\n- one\n- **two**",
    "picture_alt": "A river between two villages.",
    "picture_credit": "Bo Lind",
    "goal": "500",
    "name": "Ada O’Neill",
    "kind": "group",
    "group": f"Friends of the {LONG}",
    "place": "Ostrey",
    "email": "starter@example.org",
}
WRONG = {
    "title": "o" * 151,
    "targets": [],
    "ask": "o" * 501,
    "demands": "o" * 301,
    "story": "",
    "picture_alt": "",
    "goal": "many",
    "closes_on": "2020-01-01",
    "topics": ["x"],
    "name": "",
    "kind": "group",
    "group": "",
    "email": "ada@",
}


def drafts() -> dict[str, str]:
    """Cookies with a draft each, and links in mails."""
    full, wrong, sent = _draft(ANSWERS), _draft(WRONG), _draft(ANSWERS)
    confirmed = _draft({**ANSWERS, "email": "started@example.org"})
    confirming.send(sent, network="")
    confirming.send(confirmed, network="")
    confirming.confirm(confirmed)
    confirmed.refresh_from_db()
    return {
        "draft": sign(full),
        "draft_wrong": sign(wrong),
        "draft_sent": sign(sent),
        "start_confirm": f"/start/confirm/{make_token(sent.link_key, Purpose.START)}/",
        "start_confirmed": (
            f"/start/confirm/{make_token(confirmed.link_key, Purpose.START)}/"
        ),
    }


def _draft(answers: dict[str, object]) -> Draft:
    draft = Draft.objects.create(language="en", answers=answers)
    file = BytesIO()
    Image.new("RGB", (1200, 700), "teal").save(file, "WEBP")
    draft.hang(ContentFile(file.getvalue()))
    return draft
