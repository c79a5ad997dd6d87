"""The mails that signers get, built when they are sent.

None carries words that whoever asked for it has typed: neither a name nor a reason.
Otherwise a sign form would be a way to send somebody a message.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from petitions.models import Petition
from signatures import limits
from signatures.letters import BLANKS, Letter
from signatures.models import (
    AskedCount,
    LinkRequest,
    Signature,
    SignatureMail,
    Suppression,
)
from signatures.models.mails import LimitedMail
from signatures.tokens import Purpose, make_token

OfBoth = tuple[str | None, int]  # the key of an address, and a petition
Limited = TypeVar("Limited", bound=LimitedMail)

NOBODY: Mapping[Any, int] = MappingProxyType({})


def answers_to_signings(
    mails: Sequence[SignatureMail],
) -> Iterator[EmailMessage | None]:
    """A link to confirm, or word that this address has signed; None for no mail.

    Who has withdrawn a moment ago, is held for staff, wants no mail or is counted
    already is asked for all of them, just before the first is sent.
    """
    signatures = _reachable(mails)
    asking = {
        mail: signatures[mail.signature_id]
        for mail in mails
        if mail.signature_id in signatures
    }
    counted = _counted(signatures.values())
    allowed = _allowed(asking, counted)
    # Letters are kept for this batch alone: what they say may change.
    confirm, already_signed = cache(_confirm), cache(_already_signed)
    for mail in mails:
        if mail not in allowed:
            yield None
            continue
        pending = signatures[mail.signature_id]
        same = counted.get(_of_both(pending))
        signature, letter = (same, already_signed) if same else (pending, confirm)
        words = letter(pending.petition, signature.language)
        yield words.to(signature.email, signature.key, signature.link_number)


def links_to_signatures(
    requests: Sequence[LinkRequest],
) -> Iterator[EmailMessage | None]:
    """The links to all that an address has signed; None if that is nothing."""
    suppressed = Suppression.objects.among(request.address_key for request in requests)
    with transaction.atomic():
        allowed = _let_through(
            {
                request: limits.caps_on_links(request.address_key)
                for request in requests
                if request.address_key not in suppressed
            }
        )
        # Once, though the mail may be tried again: it holds the same links then.
        new = [request for request in allowed if not request.allowed_at]
        Signature.objects.renew_links(request.address_key for request in new)
    for request in requests:
        yield _links(request) if request in allowed else None


def _reachable(mails: Sequence[SignatureMail]) -> dict[int, Signature]:
    """By number, those that these mails are about and that may get one."""
    found = Signature.objects.prefetch_related("petition__translations").in_bulk(
        {mail.signature_id for mail in mails}
    )
    suppressed = Suppression.objects.among(one.address_key for one in found.values())
    return {
        number: signature
        for number, signature in found.items()
        if signature.petition.is_public
        and signature.is_changeable
        and signature.held_at is None
        and signature.address_key not in suppressed
    }


def _allowed(
    asking: Mapping[SignatureMail, Signature], counted: Mapping[OfBoth, Signature]
) -> set[SignatureMail]:
    asked_before = _asked_before(asking)
    caps, asked = {}, {}
    for mail, signature in asking.items():
        is_first = _is_first(mail, signature)
        caps[mail] = limits.caps_on_answer(signature, is_first=is_first)
        if signature.pk not in asked_before and _of_both(signature) not in counted:
            asked[mail] = signature.petition_id
    return _let_through(caps, asked=asked)


def _is_first(mail: SignatureMail, signature: Signature) -> bool:
    """A mail that is as old as its signature is the first about it."""
    return mail.due_at <= signature.started_at


def _asked_before(asking: Mapping[SignatureMail, Signature]) -> set[int]:
    """The signatures about which an earlier mail was let through.

    There is none where staff held it, or where too many had gone to the address.
    """
    later = {one.pk for mail, one in asking.items() if not _is_first(mail, one)}
    if not later:
        return set()
    sent = SignatureMail.objects.filter(signature__in=later, allowed_at__isnull=False)
    return set(sent.values_list("signature", flat=True))


def _of_both(signature: Signature) -> OfBoth:
    return signature.address_key, signature.petition_id


@transaction.atomic
def _let_through(
    caps: Mapping[Limited, list[limits.Cap]], *, asked: Mapping[Limited, int] = NOBODY
) -> set[Limited]:
    """Those that their caps allow; the first to ask is the first to get a place.

    In one transaction, so that none takes a place without being known to have it. So
    is counted, once, whom the mails ask to confirm: `asked` names their petitions.
    """
    new = [mail for mail in caps if not mail.allowed_at and not mail.attempts]
    answers = limits.take_places([caps[mail] for mail in new])
    refused = {mail for mail, answer in zip(new, answers, strict=True) if not answer}
    allowed = {mail for mail in caps if mail not in refused}
    for model in {type(mail) for mail in allowed}:
        rows = model._default_manager.filter(pk__in=[mail.pk for mail in allowed])
        rows.filter(allowed_at=None).update(allowed_at=timezone.now())
    AskedCount.objects.add(
        Counter(asked[mail] for mail in new if mail in asked and mail in allowed)
    )
    return allowed


def _counted(signatures: Iterable[Signature]) -> dict[OfBoth, Signature]:
    """By address and petition, the signatures that count already."""
    found = Signature.objects.confirmed().filter(
        address_key__in={signature.address_key for signature in signatures},
        petition__in={signature.petition_id for signature in signatures},
    )
    return {_of_both(one): one for one in found}


def _confirm(petition: Petition, language: str) -> Letter:
    context = {
        "petition": copy(petition),  # one for each language that it is read in
        "confirm_url": blank_url("confirm", Purpose.CONFIRM, language),
        "manage_url": blank_url("my_signature", Purpose.MANAGE, language),
        "not_me_url": blank_url("not_me", Purpose.NOT_ME, language),
        "days": settings.PENDING_KEPT.days,
    }
    return Letter("confirm", context, language=language)


def _already_signed(petition: Petition, language: str) -> Letter:
    context = {
        "petition": copy(petition),
        "manage_url": blank_url("my_signature", Purpose.MANAGE, language),
        "not_me_url": blank_url("not_me", Purpose.NOT_ME, language),
    }
    return Letter("already_signed", context, language=language)


def _links(request: LinkRequest) -> EmailMessage | None:
    signatures = list(
        Signature.objects.mailed_links_to([request.address_key])
        .select_related("petition")
        .newest_first()
    )
    if not signatures:
        return None
    entries = [
        {"petition": signature.petition, "manage_url": manage_url(signature)}
        for signature in signatures
    ]
    newest, language = signatures[0], request.language
    context = {
        "entries": entries,
        "not_me_url": blank_url("not_me", Purpose.NOT_ME, newest.language),
    }
    letter = Letter("my_signatures", context, language=language)
    return letter.to(newest.email, newest.key, newest.link_number)


def manage_url(signature: Signature) -> str:
    token = make_token(signature.key, Purpose.MANAGE, signature.link_number)
    return _url("my_signature", token, signature.language)


def not_me_url(signature: Signature) -> str:
    token = make_token(signature.key, Purpose.NOT_ME)
    return _url("not_me", token, signature.language)


def not_me_url_for(address_key: str, language: str) -> str:
    """The same where there is no signature: for an address that somebody typed."""
    return _url("not_me", make_token(UUID(address_key), Purpose.ADDRESS), language)


def blank_url(view: str, purpose: Purpose, language: str) -> str:
    """A link with a blank for its token, for a letter to fill in."""
    return _url(view, BLANKS[purpose], language)


def page_url(address: Callable[[], str], language: str) -> str:
    """Where a public page stands, in a signer's language."""
    with translation.override(language):
        return settings.SITE_URL + address()


def _url(view: str, token: str, language: str) -> str:
    """Built from SITE_URL, never from a request: its Host header may be forged."""
    with translation.override(language):
        return settings.SITE_URL + reverse(view, kwargs={"token": token})
