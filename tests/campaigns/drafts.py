"""How somebody starts a petition, page by page, as a test does it."""

import re
from io import BytesIO

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from campaigns import worker
from campaigns.models import Draft

EMAIL = "ada@example.org"
STEPS = {
    "what": {"title": "Keep the mill of Ostrey turning"},
    "who": {"target_name": "Dana Petrova", "office": "Mayor", "organization": "Ostrey"},
    "why": {
        "ask": "Leave the wheel in the water.",
        "demands": "Mend the wheel.\nPay the miller.",
        "story": "It has turned for **ages**.",
    },
    "picture": {"picture_alt": "", "picture_credit": ""},
    "goal": {"goal": "", "closes_on": ""},
    "you": {"name": "Ada Example", "kind": "person", "place": "Ostrey", "email": EMAIL},
}


def post(client: Client, step: str, **words: object) -> HttpResponse:
    return client.post(f"/start/{step}/", words)


def write(client: Client, **changes: dict[str, object]) -> Draft:
    """Answer every step, with other words where a test says so."""
    for step, words in STEPS.items():
        answers = {**words, "do": "go", **changes.get(step, {})}
        if step == "what":
            answers["advised"] = answers["title"]
        response = post(client, step, **answers)
        assert response.status_code == 303, (step, response.content.decode())
    return Draft.objects.latest("pk")


def send(client: Client, **changes: dict[str, object]) -> str:
    """Write one and send it; give the link in the mail."""
    write(client, **changes)
    assert client.post("/start/check/").headers["Location"] == "/start/sent/"
    return mailed_link()


def mailed_link() -> str:
    worker.send_all_mail()
    links = re.findall(r"http://testserver(\S+/confirm/\S+)", mail.outbox[-1].body)
    assert len(links) == 1
    return links[0]


def picture(
    size: tuple[int, int] = (1200, 700), name: str = "mill.jpg"
) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")
