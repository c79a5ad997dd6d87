"""The mails that bring news of a petition to a signer who asked for it.

Each is built when it is sent: None for who has changed their mind or is gone
meanwhile, and for what nobody may read any more.
"""

from django.core.mail import EmailMessage

from campaigns.models import Ending, EndingMail, Update, UpdateMail
from signatures import mail as signers
from signatures.models import Signature, Suppression

LONGEST_OPENING = 600


def update_to_signer(mail: UpdateMail) -> EmailMessage | None:
    signature = _asking(mail.signature_id)
    updates = Update.objects.on_public_petitions().select_related("petition")
    update = updates.filter(pk=mail.update_id).first()
    if signature is None or update is None:
        return None
    context = {
        "petition": update.petition,
        "update": update,
        "update_url": signers.page_url(update.get_absolute_url, signature.language),
    }
    return _message("update", signature, context)


def ending_to_signer(mail: EndingMail) -> EmailMessage | None:
    signature = _asking(mail.signature_id)
    endings = Ending.objects.on_public_petitions().select_related("petition")
    ending = endings.filter(pk=mail.ending_id).first()
    if signature is None or ending is None:
        return None
    petition = ending.petition
    context = {
        "petition": petition,
        "petition_url": signers.page_url(petition.get_absolute_url, signature.language),
        "story": _opening(petition.outcome_story),
    }
    return _message(ending.kind, signature, context)


def _asking(pk: int) -> Signature | None:
    """The signature of that number, if its signer wants such mail at this moment."""
    signature = Signature.objects.wanting_updates().filter(pk=pk).first()
    if signature is None:
        return None
    suppressed = Suppression.objects.filter(address_key=signature.address_key)
    return None if suppressed.exists() else signature


def _opening(story: str) -> str:
    """Its first paragraphs, as many as make a few lines; never part of one."""
    opening, *others = story.strip().replace("\r\n", "\n").split("\n\n")
    for paragraph in others:
        longer = f"{opening}\n\n{paragraph}"
        if len(longer) > LONGEST_OPENING:
            break
        opening = longer
    return opening


def _message(
    name: str, signature: Signature, context: dict[str, object]
) -> EmailMessage:
    """With the ways to stop such mail: in its words, and for the mailbox's button."""
    unsubscribe_url = signers.unsubscribe_url(signature)
    context = {
        **context,
        "unsubscribe_url": unsubscribe_url,
        "manage_url": signers.manage_url(signature),
    }
    message = signers.build(name, signature.email, context, language=signature.language)
    message.extra_headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message
