"""What may help to find a good title. None of it stops anybody."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from petitions.models import Petition
from petitions.words import plain

GOOD_LENGTH = 80
FEWEST_WORDS = 3
MOST_ASKED_FOR = 5  # words of a title, the longest
SHORTEST_WORD = 4
SHARED_AT_LEAST = 0.6  # of those words
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
    """Open petitions that share words with it, those that share most first.

    None that is sensitive: nobody is to be led there by chance.
    """
    words = sorted({one for one in plain(title).split() if len(one) >= SHORTEST_WORD})
    words = sorted(words, key=len, reverse=True)[:MOST_ASKED_FOR]
    shared: Counter[Any] = Counter()
    for word in words:
        shared.update(_open_with(word))
    enough = min(len(words), max(2, math.ceil(SHARED_AT_LEAST * len(words))))
    best = [pk for pk, number in shared.most_common(20) if number >= enough]
    found = Petition.objects.open().filter(sensitive=False).in_bulk(best)
    return [found[pk] for pk in best if pk in found][:MOST_SIMILAR]


def _open_with(word: str) -> list[Any]:
    found = Petition.objects.search(word, state="open")
    return list(found.values_list("pk", flat=True))


def _shouts(title: str) -> bool:
    cased = [letter for letter in title if letter.lower() != letter.upper()]
    capitals = [letter for letter in cased if letter.isupper()]
    return len(cased) > 8 and len(capitals) > 0.6 * len(cased)


def _names_nothing(title: str) -> bool:
    """Whether no word after the first begins with a capital, as names do."""
    first, *others = title.split() or [""]
    has_capitals = first != first.lower() or any(one != one.lower() for one in others)
    return has_capitals and not any(one[0].isupper() for one in others)
