"""What may help to find a good title. None of it stops anybody."""

from __future__ import annotations

from django.utils.translation import gettext as _

from petitions.models import Petition

GOOD_LENGTH = 80
FEWEST_WORDS = 3
MOST_SIMILAR = 3


def about(title: str) -> list[str]:
    """What a friend would say who reads the title."""
    advice = []
    if _shouts(title):
        advice.append(_("Write it in small letters: capitals are hard to read."))
    if len(title) > GOOD_LENGTH:
        advice.append(
            _("Shorten it to 80 characters if you can: cards and phones show no more.")
        )
    if len(title.split()) < FEWEST_WORDS and title.isascii():
        advice.append(_("Say a little more: what should be done, and to what?"))
    elif _names_nothing(title):
        advice.append(
            _("Name the place, or the body that it is about, if there is one.")
        )
    if title.rstrip().endswith("?"):
        advice.append(_("Say what should be done, rather than ask."))
    return advice


def similar(title: str) -> list[Petition]:
    """None that is sensitive: nobody is to be led there by chance."""
    return Petition.objects.filter(sensitive=False).similar_to(title)[:MOST_SIMILAR]


def _shouts(title: str) -> bool:
    cased = [letter for letter in title if letter.lower() != letter.upper()]
    capitals = [letter for letter in cased if letter.isupper()]
    return len(cased) > 8 and len(capitals) > 0.6 * len(cased)


def _names_nothing(title: str) -> bool:
    """Whether no word after the first begins with a capital, as names do."""
    first, *others = title.split() or [""]
    has_capitals = first != first.lower() or any(one != one.lower() for one in others)
    return has_capitals and not any(one[0].isupper() for one in others)
