"""What those who can decide are given: the petition, its count, and what signers gave.

No address, no hidden name, no reason that is not shown; of a sensitive petition no name
at all, and no number that could lead to somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from threading import Lock

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.cells import cells
from campaigns.models import Event, EventKind, PlaceCount
from campaigns.pdf import BODY, GAP, MUTED, SMALL, Document
from petitions.dates import is_partial, read_moment, show_day
from petitions.goals import FEWEST_TOLD
from petitions.markdown import to_blocks
from petitions.models import Account, Petition
from petitions.templatetags.petition_text import grouped, shown_count
from signatures.countries import country_name
from signatures.models import ExclusionCount, Signature

MOST_REASONS = 200
MOST_NAMES = 5000  # more stand in a file of their own
FEWEST_FROM_A_COUNTRY = 10
PATIENCE = 5  # seconds

Rows = list[tuple[str, int]]
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


def shown_reasons(petition: Petition) -> list[Signature]:
    """Those that can be chosen: what everybody can read, the newest first."""
    shown = Signature.objects.for_petition(petition).with_shown_reason()
    return list(shown.newest_first()[:MOST_REASONS])


def by_line(signature: Signature, petition: Petition) -> str:
    """Who gave a reason, as far as that may be handed over."""
    is_given = signature.name_for_delivery and not petition.sensitive
    return signature.name if is_given and signature.name else _("A supporter")


# Figures


def parts(petition: Petition) -> Rows:
    """How the count came together, where all may know that."""
    if not petition.tells_parts:
        return []
    carried = _("brought along from %(source)s") % {
        "source": petition.carried_over_source or _("elsewhere")
    }
    if written := petition.carried_over_as_of:
        day = show_day(read_moment(written), written if is_partial(written) else "")
        carried += f" ({day})"
    rows = [
        (_("confirmed online"), petition.online_count),
        (_("on paper"), petition.paper_count),
        (carried, petition.carried_over_count),
    ]
    return [(label, number) for label, number in rows if number]


def by_country(petition: Petition) -> Rows:
    """Countries that enough come from; the rest in one sum that hides each of them.

    Together they are the count: what is missing would tell of those brought along.
    """
    fewest = FEWEST_TOLD if petition.sensitive else FEWEST_FROM_A_COUNTRY
    figures = PlaceCount.objects.filter(petition=petition, count__gt=0)
    counts = dict(figures.values_list("country", "count"))
    total = max(sum(counts.values()), petition.signature_count)
    counts.pop("", None)
    named = {country_name(code): count for code, count in counts.items()}
    found = cells(named, total=total, fewest=fewest)
    rest = [(_("other countries, or not given"), found.rest)]
    told = [(cell.label, cell.count) for cell in found.shown]
    return told + rest if told and found.rest else told


def taken_off(petition: Petition) -> int:
    """How many signatures staff took off the count in bulk, as its page tells too."""
    counts = ExclusionCount.objects.shown_to_all().filter(petition=petition)
    number: int = counts.aggregate(sum=Sum("counted"))["sum"] or 0
    return number


# Writing


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
    document.figures(_in_words(parts(petition)))
    if removed := taken_off(petition):
        words = ngettext(
            "%(number)s more was taken off the count, for example because a machine "
            "had made it.",
            "%(number)s more were taken off the count, for example because a machine "
            "had made them.",
            removed,
        )
        document.paragraph(words % {"number": grouped(removed)}, ink=MUTED)
    if countries := by_country(petition):
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
        who = f"— {by_line(signature, petition)}"
        document.paragraph(who, size=SMALL, ink=MUTED)


def _write_names(document: Document, petition: Petition) -> None:
    """All of them, or where they are: a book of names helps nobody."""
    if petition.sensitive:
        return
    given = Signature.objects.given_for_delivery(petition)
    names = list(given.order_by("pk").values_list("name", "place")[: MOST_NAMES + 1])
    are_too_many = len(names) > MOST_NAMES
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


def _in_words(rows: Rows) -> list[tuple[str, str]]:
    return [(label, grouped(number)) for label, number in rows]
