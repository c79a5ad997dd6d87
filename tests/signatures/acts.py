"""What people do in these tests again and again."""

import re

from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import worker
from petitions.models import Petition
from signatures.models import Signature
from tests.makers import sign_url

TYPED = {"name": "Ana Quispe", "email": "ana@example.org"}


def sign(client: Client, petition: Petition, **typed: str) -> HttpResponse:
    return client.post(sign_url(petition), {**TYPED, **typed})


def send_mail() -> None:
    worker.send_all_mail()


def links_in(message: EmailMessage) -> list[str]:
    return re.findall(r"https?://\S+", str(message.body))


def path_of(link: str) -> str:
    assert link.startswith("http://testserver/")
    return link.removeprefix("http://testserver")


def count_now(petition: Petition) -> int:
    """The count once the tally has folded what waits."""
    worker.tally.fold()
    petition.refresh_from_db()
    return petition.signature_count


def stored() -> list[dict[str, object]]:
    """Every signature, whole."""
    return list(Signature.objects.order_by("pk").values())


def kinds(queries: CaptureQueriesContext) -> list[str]:
    """What each statement is and which table it is about, in order.

    Django logs BEGIN, COMMIT and savepoints beside the statements, so that what is
    counted here is what goes to the database.
    """
    return [_kind(query["sql"]) for query in queries.captured_queries]


def _kind(sql: str) -> str:
    verb = sql.split()[0]
    table = re.search(r'(?:INTO|FROM|UPDATE) "(\w+)"', sql)
    return f"{verb} {table[1]}" if table else verb
