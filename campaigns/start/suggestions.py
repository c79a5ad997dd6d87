"""Whom earlier petitions have asked: those that everybody can read of anyway."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from petitions.models import PetitionTarget, Target
from petitions.models.states import PUBLIC

MOST = 6
MOST_UNASKED = 3  # where nobody has searched yet
MOST_WORDS = 5
LATEST = 60  # of those who were asked last

Named = dict[str, str]  # `name`, `office` and `organization`


def asked_before(text: str, *, but: list[Named]) -> list[Target]:
    """Who matches every word of it; without any, who was asked last."""
    words = text.replace("\0", "").split()[:MOST_WORDS]
    found = _matching(words) if words else _latest()
    most = MOST if words else MOST_UNASKED
    return [one for one in found if _names(one) not in but][:most]


def named(pk: int) -> list[Named]:
    """The one of that number, if a petition that all can read asks them."""
    return [_names(one) for one in _public().filter(pk=pk)]


def _matching(words: list[str]) -> list[Target]:
    found = _public()
    for word in words:
        found = found.filter(
            Q(name__icontains=word)
            | Q(office__icontains=word)
            | Q(organization__icontains=word)
        )
    return list(found[: MOST * 2])


def _latest() -> list[Target]:
    asked = PetitionTarget.objects.filter(petition__state__in=PUBLIC)
    latest = asked.select_related("target").order_by("-pk")[:LATEST]
    return list(dict.fromkeys(one.target for one in latest))


def _public() -> QuerySet[Target]:
    asked = PetitionTarget.objects.filter(
        target=OuterRef("pk"), petition__state__in=PUBLIC
    )
    return Target.objects.filter(Exists(asked))


def _names(target: Target) -> Named:
    return {
        "name": target.name,
        "office": target.office,
        "organization": target.organization,
    }
