"""What those who can decide are given: the petition, its count, and what signers gave.

No address, no hidden name, no reason that is not shown; of a sensitive petition no name
at all, and no number that could lead to somebody.
"""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext as _

from campaigns.cells import cells
from campaigns.models import PlaceCount
from petitions.dates import is_partial, read_moment, show_day
from petitions.goals import FEWEST_TOLD
from petitions.models import Petition
from signatures.countries import country_name
from signatures.models import ExclusionCount, Signature

MOST_REASONS = 200
MOST_NAMES = 5000  # more stand in a file of their own
FEWEST_FROM_A_COUNTRY = 10

Rows = list[tuple[str, int]]


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
