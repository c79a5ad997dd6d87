"""From which places a petition's signers come: gathered now and then by a worker.

A place is what a signer typed. So that no place points at a person, only those of five
and more are kept, and none of a sensitive petition.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from campaigns.models import Gathering, TownCount
from petitions.models import Petition
from signatures.models import Signature

APART = timedelta(hours=1)  # reading all signatures of a petition takes a while
MOST_TOWNS = 50
MOST_SPELLINGS = 5_000  # so many at most are held in memory at a time
MOST_PETITIONS = 50  # at a time: others wait no longer than until the next


def gather() -> int:
    """Gather those of petitions that have changed; say of how many."""
    TownCount.objects.filter(petition__sensitive=True).delete()
    due = list(_due()[:MOST_PETITIONS])
    return sum(_gather(petition) for petition in due)


def _due() -> models.QuerySet[Petition]:
    """That has changed since, and not within the hour; once more after its end."""
    up_to_date = (
        Q(gathered_at__gt=timezone.now() - APART)
        | Q(gathered_at__gte=F("petition__changed_at"))
        | Q(gathered_at__gte=F("petition__closed_at"))
    )
    done = Gathering.objects.filter(up_to_date, petition=OuterRef("pk"))
    return Petition.objects.public().filter(~Exists(done), sensitive=False)


def _gather(petition: Petition) -> bool:
    not_since = timezone.now() - APART
    if not Gathering.objects.claim(petition, not_since=not_since):
        return False
    towns = _towns(petition)
    with transaction.atomic():
        locked = Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)
        TownCount.objects.filter(petition=petition).delete()
        if not locked.sensitive:
            TownCount.objects.bulk_create(towns)
    return True


def _towns(petition: Petition) -> list[TownCount]:
    """The largest. What differs by capitals and spaces alone is one place."""
    signatures = Signature.objects.counted_one_by_one().for_petition(petition)
    spellings = (
        signatures.exclude(place="")
        .values_list("place")
        .annotate(number=Count("pk"))
        .order_by("-number", "place")
    )
    total: Counter[str] = Counter()
    commonest: dict[str, str] = {}
    for spelling, number in spellings[:MOST_SPELLINGS]:
        place = " ".join(spelling.split())
        commonest.setdefault(place.casefold(), place)
        total[place.casefold()] += number
    del total[""]
    return [
        TownCount(petition=petition, place=commonest[place], count=number)
        for place, number in total.most_common(MOST_TOWNS)
        if number >= TownCount.FEWEST_KEPT
    ]
