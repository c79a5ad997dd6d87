"""The mail that brings an update to a signer who asked for it."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from campaigns.models import Update, UpdateMail
from signatures import mail as signers
from signatures.models import Signature, Suppression


def update_to_signer(mail: UpdateMail) -> EmailMessage | None:
    """Built when sent; None for who has changed their mind or is gone meanwhile."""
    signatures = Signature.objects.wanting_updates()
    signature = signatures.filter(pk=mail.signature_id).first()
    if signature is None:
        return None
    updates = Update.objects.on_public_petitions()
    update = updates.select_related("petition").filter(pk=mail.update_id).first()
    if update is None:
        return None
    if Suppression.objects.filter(address_key=signature.address_key).exists():
        return None
    unsubscribe_url = signers.unsubscribe_url(signature)
    with translation.override(signature.language):
        update_url = settings.SITE_URL + update.get_absolute_url()
    context = {
        "petition": update.petition,
        "update": update,
        "update_url": update_url,
        "unsubscribe_url": unsubscribe_url,
        "manage_url": signers.manage_url(signature),
    }
    message = signers.build(
        "update", signature.email, context, language=signature.language
    )
    message.extra_headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message
