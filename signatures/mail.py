"""The mails that signers get, built when they are sent.

None carries words that whoever asked for it has typed: neither a name nor a reason.
Otherwise a sign form would be a way to send somebody a message.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from signatures import limits
from signatures.models import (
    LinkRequest,
    Signature,
    SignatureMail,
    SignatureState,
    Suppression,
)
from signatures.tokens import Purpose, make_token


def answer_to_signing(mail: SignatureMail) -> EmailMessage | None:
    """A link to confirm, or word that this address has signed; None for no mail."""
    signatures = Signature.objects.select_related("petition")
    signature = signatures.filter(pk=mail.signature_id).first()
    if signature is None:  # withdrawn a moment ago
        return None
    if _is_suppressed(signature.address_key) or not signature.petition.is_public:
        return None
    if mail.attempts == 1 and not limits.may_mail(signature):
        return None
    counted = (
        Signature.objects.confirmed()
        .of_address(str(signature.address_key))
        .for_petition(signature.petition)
        .first()
    )
    return _already_signed(counted) if counted else _confirm(signature)


def links_to_signatures(request: LinkRequest) -> EmailMessage | None:
    """The links to all that this address has signed; None if that is nothing."""
    if _is_suppressed(request.address_key):
        return None
    if request.attempts == 1 and not limits.may_mail_links(request.address_key):
        return None
    signatures = list(
        Signature.objects.of_address(request.address_key)
        .exclude(state=SignatureState.PENDING)
        .select_related("petition")
        .newest_first()
    )
    if not signatures:
        return None
    entries = [
        {"petition": signature.petition, "manage_url": manage_url(signature)}
        for signature in signatures
    ]
    context: dict[str, object] = {
        "entries": entries,
        "not_me_url": not_me_url(signatures[0]),
    }
    language = request.language
    return build("my_signatures", signatures[0].email, context, language=language)


def _confirm(signature: Signature) -> EmailMessage:
    context = {
        "petition": signature.petition,
        "confirm_url": _url("confirm", signature, Purpose.CONFIRM),
        "manage_url": manage_url(signature),
        "not_me_url": not_me_url(signature),
        "days": settings.PENDING_KEPT.days,
    }
    return build("confirm", signature.email, context, language=signature.language)


def _already_signed(signature: Signature) -> EmailMessage:
    context = {
        "petition": signature.petition,
        "manage_url": manage_url(signature),
        "not_me_url": not_me_url(signature),
    }
    return build(
        "already_signed", signature.email, context, language=signature.language
    )


def build(
    name: str, to: str, context: dict[str, object], *, language: str
) -> EmailMultiAlternatives:
    """The mail of templates/mail/<name>, as text and HTML, in the signer's language."""
    context = {
        **context,
        "site_name": settings.SITE_NAME,
        "brand_color": settings.BRAND_COLOR,
        "language": language,
    }
    with translation.override(language):
        subject = render_to_string(f"mail/{name}.subject.txt", context)
        text = render_to_string(f"mail/{name}.txt", context)
        html = render_to_string(f"mail/{name}.html", context)
    message = EmailMultiAlternatives(" ".join(subject.split()), text, to=[to])
    message.attach_alternative(html, "text/html")
    return message


def manage_url(signature: Signature) -> str:
    return _url("my_signature", signature, Purpose.MANAGE)


def unsubscribe_url(signature: Signature) -> str:
    return _url("unsubscribe", signature, Purpose.MANAGE)


def not_me_url(signature: Signature) -> str:
    return _url("not_me", signature, Purpose.NOT_ME)


def page_url(address: Callable[[], str], language: str) -> str:
    """Where a public page stands, in a signer's language."""
    with translation.override(language):
        return settings.SITE_URL + address()


def _url(view: str, signature: Signature, purpose: Purpose) -> str:
    """Built from SITE_URL, never from a request: its Host header may be forged."""
    with translation.override(signature.language):
        path = reverse(view, kwargs={"token": make_token(signature.key, purpose)})
    return settings.SITE_URL + path


def _is_suppressed(address_key: str | None) -> bool:
    return Suppression.objects.filter(address_key=address_key).exists()
