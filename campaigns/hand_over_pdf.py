"""The hand-over as a document: words, numbers, reasons, names, and what they mean.

What writes PDF takes 30 MB: whoever needs this imports it when a document is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from threading import Lock

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import hand_over
from campaigns.models import Event, EventKind
from campaigns.pdf import BODY, GAP, MUTED, SMALL, Document
from petitions.dates import show_day
from petitions.markdown import to_blocks
from petitions.models import Account, Petition
from petitions.templatetags.petition_text import grouped, shown_count
from signatures.models import Signature

PATIENCE = 5  # seconds

writing = Lock()


class AnotherIsBeingMade(Exception):
    """In this process, which whoever signs waits for too: a long one takes seconds."""


def make(
    petition: Petition, *, by: Account, language: str, reasons: Sequence[Signature]
) -> bytes:
    """The hand-over as PDF, in one language; an event keeps what it is known by.

    Raises AnotherIsBeingMade if one still is after a short wait.
    """
    if not writing.acquire(timeout=PATIENCE):
        raise AnotherIsBeingMade
    try:
        document = written(
            petition, language=language, reasons=reasons, made_at=timezone.now()
        )
    finally:
        writing.release()
    digest = sha256(document).hexdigest()
    note = f"PDF ({language}), sha256 {digest}"
    with transaction.atomic():
        Event.objects.record(EventKind.HANDED_TO_TARGET, petition, by=by, note=note)
    return document


def written(
    petition: Petition,
    *,
    language: str,
    reasons: Sequence[Signature],
    made_at: datetime,
) -> bytes:
    with translation.override(language):
        petition = Petition.objects.get(pk=petition.pk)  # in that language
        document = Document(
            title=petition.text.title, language=petition.text.language, made_at=made_at
        )
        document.running_words = settings.SITE_NAME
        _write_words(document, petition)
        _write_numbers(document, petition, made_at)
        _write_reasons(document, petition, reasons)
        _write_names(document, petition)
        _write_meaning(document, petition)
        return bytes(document.output())


def _write_words(document: Document, petition: Petition) -> None:
    text = petition.text
    document.heading(text.title, size=20)
    to = "; ".join(str(delivery.target) for delivery in petition.delivery_list)
    if to:
        document.paragraph(_("To: %(targets)s") % {"targets": to}, ink=MUTED)
    if by := ", ".join(organizer.name for organizer in petition.organizer_list):
        document.paragraph(_("From: %(organizers)s") % {"organizers": by}, ink=MUTED)
    document.ln(2)
    document.paragraph(text.ask, size=BODY + 2)
    for number, demand in enumerate(text.demands, start=1):
        document.paragraph(demand, indent=8, mark=f"{number}.")
    document.rule()
    for block in to_blocks(text.story):
        match block.kind:
            case "heading":
                document.heading(block.words, size=12)
            case "rule":
                document.rule()
            case "item":
                document.paragraph(block.words, indent=8 * block.depth, mark=block.mark)
            case "quote" | "code":
                document.paragraph(block.words, indent=8, ink=MUTED)
            case _:
                document.paragraph(block.words)


def _write_numbers(document: Document, petition: Petition, made_at: datetime) -> None:
    document.heading(_("Who has signed"))
    count = ngettext(
        "%(number)s signature", "%(number)s signatures", petition.told_count
    ) % {"number": shown_count(petition)}
    document.paragraph(
        _("%(count)s as of %(day)s")
        % {"count": capfirst(count), "day": show_day(made_at)},
        is_heavy=True,
        size=12,
    )
    if petition.counts_few:
        return
    document.figures(_in_words(hand_over.parts(petition)))
    if removed := hand_over.taken_off(petition):
        words = ngettext(
            "%(number)s more was taken off the count, for example because a machine "
            "had made it.",
            "%(number)s more were taken off the count, for example because a machine "
            "had made them.",
            removed,
        )
        document.paragraph(words % {"number": grouped(removed)}, ink=MUTED)
    if countries := hand_over.by_country(petition):
        document.heading(_("By country"), size=12)
        document.figures(_in_words(countries))


def _write_reasons(
    document: Document, petition: Petition, reasons: Sequence[Signature]
) -> None:
    if not reasons:
        return
    document.heading(_("Why people signed"))
    for signature in reasons:
        document.paragraph(signature.reason)
        who = f"— {hand_over.by_line(signature, petition)}"
        document.paragraph(who, size=SMALL, ink=MUTED)


def _write_names(document: Document, petition: Petition) -> None:
    """All of them, or where they are: a book of names helps nobody."""
    if petition.sensitive:
        return
    given = Signature.objects.given_for_delivery(petition)
    names = list(
        given.order_by("pk").values_list("name", "place")[: hand_over.MOST_NAMES + 1]
    )
    are_too_many = len(names) > hand_over.MOST_NAMES
    number = given.count() if are_too_many else len(names)
    document.heading(_("Names"))
    about = ngettext(
        "%(number)s signer lets their name be handed over.",
        "%(number)s signers let their names be handed over.",
        number,
    ) % {"number": grouped(number)}
    about += " " + _("The others are counted, and stay unnamed.")
    if are_too_many:
        names = []
        about += " " + _("The names stand in a file of their own, handed over with it.")
    document.paragraph(about)
    document.run_in(f"{name}, {place}" if place else name for name, place in names)


def _write_meaning(document: Document, petition: Petition) -> None:
    """So that nobody takes the number for more, or for less, than it is."""
    document.rule()
    words = _(
        "A signature given online counts once its signer has confirmed an e-mail "
        "address; each address counts once. Who they are was not checked any further. "
        "Signers can take their signature back at any time: the count on the page is "
        "the one that holds."
    )
    document.paragraph(words, size=SMALL, ink=MUTED)
    version = petition.current_version
    if version and version.number > 1:
        words = _(
            "The text was changed after it was opened; this is version %(number)s. "
            "Everybody signed the one that stood then. All are to be read on the page."
        )
        words %= {"number": version.number}
        document.paragraph(words, size=SMALL, ink=MUTED)
    address = settings.SITE_URL + petition.get_absolute_url()
    document.paragraph(address, size=SMALL, ink=MUTED)
    if document.has_gaps:
        words = _("%(sign)s stands for a letter that this site cannot print.")
        words %= {"sign": GAP}
        document.paragraph(words, size=SMALL, ink=MUTED)


def _in_words(rows: hand_over.Rows) -> list[tuple[str, str]]:
    return [(label, grouped(number)) for label, number in rows]
