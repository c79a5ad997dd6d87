"""Mail that leaves to signers who asked for updates, as a test reads it."""

from django.core import mail
from django.core.mail import EmailMultiAlternatives

from campaigns import worker
from petitions.models import Petition
from signatures.models import Signature
from tests.makers import make_confirmed_signature


def make_asking(petition: Petition, **fields: object) -> Signature:
    """A signer who asked for updates, and has got all other mail already."""
    fields = {"wants_updates": True, **fields}
    signature = make_confirmed_signature(petition=petition, **fields)
    signature.mails.all().delete()
    return signature


def send_all() -> list[EmailMultiAlternatives]:
    worker.send_all_mail()
    return mail.outbox


def receivers() -> list[str]:
    return sorted(address for message in send_all() for address in message.to)


def html_of(message: EmailMultiAlternatives) -> str:
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    return html
