"""The mails that bring news of a petition to a signer who asked for it.

What is sent is asked for a batch, just before its first mail: None for who has changed
their mind or is gone meanwhile, and for what nobody may read any more.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cache

from django.core.mail import EmailMessage

from campaigns.models import Ending, EndingMail, Update, UpdateMail
from campaigns.models.mailings import MailingQuerySet, Told
from signatures import mail as signers
from signatures.letters import Letter
from signatures.models import Signature, Suppression
from signatures.tokens import Purpose

LONGEST_OPENING = 600


def updates_to_signers(mails: Sequence[UpdateMail]) -> Iterator[EmailMessage | None]:
    updates = _readable(Update.objects.all(), {mail.update_id for mail in mails})
    news = [(mail.signature_id, updates.get(mail.update_id)) for mail in mails]
    yield from _to_signers(news, _update)


def endings_to_signers(mails: Sequence[EndingMail]) -> Iterator[EmailMessage | None]:
    endings = _readable(Ending.objects.all(), {mail.ending_id for mail in mails})
    news = [(mail.signature_id, endings.get(mail.ending_id)) for mail in mails]
    yield from _to_signers(news, _ending)


def _readable(mailings: MailingQuerySet[Told], numbers: set[int]) -> dict[int, Told]:
    """By number, those that everybody may read at this moment."""
    found = mailings.on_public_petitions().prefetch_related("petition__translations")
    return found.in_bulk(numbers)


def _to_signers(
    news: list[tuple[int, Told | None]], write: Callable[[Told, str], Letter]
) -> Iterator[EmailMessage | None]:
    """One mail for each signature and what it is to hear, or None."""
    asking = _asking({number for number, _told in news})
    letter = cache(write)
    for number, told in news:
        signature = asking.get(number)
        if signature and told:
            words = letter(told, signature.language)
            yield words.to(signature.email, signature.key, signature.link_number)
        else:
            yield None


def _asking(numbers: set[int]) -> dict[int, Signature]:
    """By number, the signatures whose signers want such mail at this moment."""
    wanting = Signature.objects.wanting_updates().in_bulk(numbers)
    suppressed = Suppression.objects.among(one.address_key for one in wanting.values())
    return {
        number: signature
        for number, signature in wanting.items()
        if signature.address_key not in suppressed
    }


def _update(update: Update, language: str) -> Letter:
    context = {
        "petition": copy(update.petition),  # one for each language that it is read in
        "update": update,
        "update_url": signers.page_url(update.get_absolute_url, language),
    }
    return _letter("update", context, language)


def _ending(ending: Ending, language: str) -> Letter:
    petition = copy(ending.petition)
    context = {
        "petition": petition,
        "petition_url": signers.page_url(petition.get_absolute_url, language),
        "story": _opening(petition.outcome_story),
    }
    return _letter(ending.kind, context, language)


def _opening(story: str) -> str:
    """Its first paragraphs, as many as make a few lines; never part of one."""
    opening, *others = story.strip().replace("\r\n", "\n").split("\n\n")
    for paragraph in others:
        longer = f"{opening}\n\n{paragraph}"
        if len(longer) > LONGEST_OPENING:
            break
        opening = longer
    return opening


def _letter(name: str, context: dict[str, object], language: str) -> Letter:
    """With the ways to stop such mail: in its words, and for the mailbox's button."""
    unsubscribe_url = signers.blank_url("unsubscribe", Purpose.MANAGE, language)
    context = {
        **context,
        "unsubscribe_url": unsubscribe_url,
        "manage_url": signers.blank_url("my_signature", Purpose.MANAGE, language),
    }
    headers = {
        "List-Unsubscribe": f"<{unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return Letter(name, context, language=language, headers=headers)
