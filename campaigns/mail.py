"""The mails that bring news of a petition to a signer who asked for it.

What is sent is asked for a batch, just before its first mail: None for who has changed
their mind or is gone meanwhile, and for what nobody may read any more.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cache, partial

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.models import (
    Amendment,
    AmendmentMail,
    Ending,
    EndingMail,
    Update,
    UpdateMail,
)
from campaigns.models.mailings import MailingQuerySet, Told
from petitions.models import Account
from signatures import mail as signers
from signatures.letters import Letter
from signatures.models import Signature, Suppression
from signatures.models.finding import SignatureQuerySet
from signatures.tokens import NO_KEY, Purpose

LONGEST_OPENING = 600


def updates_to_signers(mails: Sequence[UpdateMail]) -> Iterator[EmailMessage | None]:
    updates = _readable(Update.objects.all(), {mail.update_id for mail in mails})
    news = [(mail.signature_id, updates.get(mail.update_id)) for mail in mails]
    yield from _to_signers(news, _update)


def endings_to_signers(mails: Sequence[EndingMail]) -> Iterator[EmailMessage | None]:
    endings = _readable(Ending.objects.all(), {mail.ending_id for mail in mails})
    news = [(mail.signature_id, endings.get(mail.ending_id)) for mail in mails]
    yield from _to_signers(news, _ending)


def amendments_to_signers(
    mails: Sequence[AmendmentMail],
) -> Iterator[EmailMessage | None]:
    """Also to who wants no updates: what they signed is not what stands there now."""
    amendments = _readable(
        Amendment.objects.select_related("version"),
        {mail.amendment_id for mail in mails},
    )
    news = [(mail.signature_id, amendments.get(mail.amendment_id)) for mail in mails]
    yield from _to_signers(news, _amendment, among=Signature.objects.signed_online())


def specimen(
    update: Update, account: Account, *, is_test: bool = False
) -> EmailMultiAlternatives:
    """What signers would get, for its writer: the links to manage open nothing."""
    letter = _update(update, update.language, mark=_("[Test]") if is_test else "")
    return letter.to(account.email, NO_KEY)


def _readable(mailings: MailingQuerySet[Told], numbers: set[int]) -> dict[int, Told]:
    """By number, those that everybody may read at this moment."""
    found = mailings.on_public_petitions().prefetch_related("petition__translations")
    return found.in_bulk(numbers)


def _to_signers(
    news: list[tuple[int, Told | None]],
    write: Callable[[Told, str], Letter],
    *,
    among: SignatureQuerySet | None = None,
) -> Iterator[EmailMessage | None]:
    """One mail for each signature and what it is to hear, or None.

    Of those among whom it goes: who wants updates, if nothing else is said.
    """
    numbers = {number for number, _told in news}
    if among is None:
        among = Signature.objects.wanting_updates()
    asking = _reachable(among, numbers)
    letter = cache(write)
    for number, told in news:
        signature = asking.get(number)
        if signature and told:
            words = letter(told, signature.language)
            yield words.to(signature.email, signature.key, signature.link_number)
        else:
            yield None


def _reachable(among: SignatureQuerySet, numbers: set[int]) -> dict[int, Signature]:
    """By number, those that may get such mail at this moment."""
    wanting = among.in_bulk(numbers)
    suppressed = Suppression.objects.among(one.address_key for one in wanting.values())
    return {
        number: signature
        for number, signature in wanting.items()
        if signature.address_key not in suppressed
    }


def _update(update: Update, language: str, *, mark: str = "") -> Letter:
    updates = partial(reverse, "petition_updates", args=[update.petition.slug])
    # One that is not posted yet has no page of its own.
    address = update.get_absolute_url if update.pk else updates
    context = {
        "petition": copy(update.petition),  # one for each language that it is read in
        "update": update,
        "update_url": signers.page_url(address, language),
        "is_test": bool(mark),
    }
    return _letter("update", context, language, mark=mark)


def _ending(ending: Ending, language: str) -> Letter:
    petition = copy(ending.petition)
    context = {
        "petition": petition,
        "petition_url": signers.page_url(petition.get_absolute_url, language),
        "story": _opening(petition.outcome_story),
    }
    return _letter(ending.kind, context, language)


def _amendment(amendment: Amendment, language: str) -> Letter:
    """No news to be stopped: it goes once to each, and shows the way out."""
    petition = copy(amendment.petition)
    versions = partial(reverse, "petition_versions", args=[petition.slug])
    context = {
        "petition": petition,
        "version": amendment.version,
        "versions_url": signers.page_url(versions, language),
        "manage_url": signers.blank_url("my_signature", Purpose.MANAGE, language),
        "not_me_url": signers.blank_url("not_me", Purpose.NOT_ME, language),
    }
    return Letter("amendment", context, language=language)


def _opening(story: str) -> str:
    """Its first paragraphs, as many as make a few lines; never part of one."""
    opening, *others = story.strip().replace("\r\n", "\n").split("\n\n")
    for paragraph in others:
        longer = f"{opening}\n\n{paragraph}"
        if len(longer) > LONGEST_OPENING:
            break
        opening = longer
    return opening


def _letter(
    name: str, context: dict[str, object], language: str, *, mark: str = ""
) -> Letter:
    """With the ways to stop such mail: in its words, and for the mailbox's button.

    A mark says that it goes to nobody who could.
    """
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
    if mark:
        headers = {}
    return Letter(name, context, language=language, headers=headers, mark=mark)
