"""One signer's whole way, step by step, as browsers, mail and the worker go it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from config.kept_pages import KeptPages
from config.store import PageStore
from petitions.models import Petition
from signatures.models import Signature
from signatures.tokens import Purpose, make_token
from tests.attacks.site_under_attack import one_connection
from tests.makers import (
    confirm_url,
    make_update,
    my_signature_url,
    not_me_path,
    sign_url,
    signed_url,
)
from tests.signatures.acts import send_mail
from tests.site.wsgi import Reply, ask

NAME, ADDRESS = "Quetzalcoatl Ramosieri", "quetzalcoatl.xq@zq-mail.example"
PLACE, REASON = "Ostreyvilleton", "Zebrafinches, verily"


class Browser:
    """Asks as a browser does, through the page store; remembers what it asked for."""

    def __init__(self, folder: Path) -> None:
        kept = KeptPages(folder)
        self.site = PageStore(WSGIHandler(), seconds=0, most_bytes=9**6, kept=kept)
        self.asked: list[tuple[dict[str, Any], Reply]] = []

    def get(self, path: str) -> Reply:
        return self._ask(path, method="GET")

    def post(self, path: str, **typed: str) -> Reply:
        body = urlencode(typed).encode()
        kind = "application/x-www-form-urlencoded"
        return self._ask(path, body, method="POST", CONTENT_TYPE=kind)

    def _ask(self, path: str, body: bytes = b"", **environ: str) -> Reply:
        about = {**environ, "CONTENT_LENGTH": str(len(body))} if body else environ
        with one_connection():
            reply = ask(self.site, path, **about, **{"wsgi.input": BytesIO(body)})
        self.asked.append(({"PATH_INFO": path, **environ}, reply))
        return reply


def sign_and_confirm(browser: Browser, petition: Petition) -> Signature:
    typed = {"name": NAME, "email": ADDRESS, "place": PLACE, "reason": REASON}
    signed = browser.post(sign_url(petition), **typed, wants_updates="on")
    assert signed.status == 303
    browser.get(signed.headers["Location"])
    send_mail()
    signature = Signature.objects.latest("pk")
    browser.get(confirm_url(signature))
    assert browser.post(confirm_url(signature)).status == 303
    browser.get(signed_url(signature))
    signature.refresh_from_db()
    assert signature.is_confirmed
    return signature


def look_after(browser: Browser, signature: Signature) -> None:
    """What its signer can do with it, short of taking it back."""
    make_update(signature.petition, with_mail=True)
    send_mail()
    mine = my_signature_url(signature)
    browser.get(mine)
    browser.post(f"{mine}change/", name=NAME, place=PLACE, reason=REASON)
    browser.get(f"{mine}data.json")
    browser.get(f"{mine}nothing-here/")
    browser.post(f"{mine}unsubscribe/")
    browser.post("/find-my-signature/", email=ADDRESS)
    browser.post(not_me_path(signature))
    browser.post(not_me_path(signature), allow="1")
    send_mail()
    own = signature.petition.get_absolute_url()
    for path in ["/", "/petitions/", own, f"{own}reasons/", f"{own}feed/"]:
        browser.get(path)


def secrets_of(signature: Signature) -> list[str]:
    """What would tell who signed, or let somebody act for them."""
    tokens = [make_token(signature.key, purpose) for purpose in Purpose]
    keys = [str(signature.key), signature.key.hex]
    words = [*NAME.split(), *ADDRESS.split("@"), PLACE, REASON.split(",")[0]]
    return [*words, *tokens, *keys]


def tables() -> Iterator[tuple[str, str]]:
    """Every table, and all that stands in it as words."""
    for name in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{name}"')
            yield name, json.dumps(cursor.fetchall(), default=str, ensure_ascii=False)
