"""Online signatures for the demo petitions: how many, until when, and whose show.

`online.json` has them for each petition. Their days follow from the bundle: they begin
where what was carried over ends, pass each milestone on its day, and are more on the
days after the launch and after an update.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from django.utils import timezone

from campaigns import tally, towns
from campaigns.models import Milestone, Update
from petitions.dates import read_day, read_moment
from petitions.models import Petition
from petitions.sharing import Channel
from signatures.addresses import address_key
from signatures.models import (
    AskedCount,
    CountChange,
    ReasonState,
    Signature,
    SignatureState,
)

PLACES = [
    ("Larkhaven", "IE"),
    ("Port Ansel", "IE"),
    ("Quillbury", "IE"),
    ("Varnholt", "NL"),
    ("Ostrey", "FR"),
]
WAYS = {"": 12, Channel.WHATSAPP: 6, Channel.EMAIL: 3, Channel.QR_CODE: 2}
SIGNATURES = Path(__file__).with_name("online.json")


def sign_online(petitions: Iterable[Petition]) -> None:
    """Sign these demo petitions and count it; call it once for each."""
    demo = json.loads(SIGNATURES.read_bytes())
    names = [
        f"{first} {last}"
        for first in demo["first_names"].split()
        for last in demo["last_names"].split()
    ]
    for petition in petitions:
        if petition.slug in demo["petitions"]:
            _sign(petition, names, **demo["petitions"][petition.slug])
    tally.fold()
    towns.gather()


def _sign(
    petition: Petition,
    names: list[str],
    *,
    until: str,
    total: int,
    shown: list[dict[str, Any]],
) -> None:
    days = list(_days(petition, total, read_day(until)))
    signatures = list(_signatures(petition, names, days, shown))
    Signature.objects.bulk_create(signatures)
    _count(petition, days, signatures)


def _count(petition: Petition, days: list[date], signatures: list[Signature]) -> None:
    """As confirming them and mailing their links would have."""
    ways = _ways(petition, len(days))
    CountChange.objects.bulk_create(
        CountChange(
            petition=petition,
            change=1,
            day=day,
            country=signature.country,
            via=via,
            changed_at=signature.started_at,
        )
        for day, signature, via in zip(days, signatures, ways, strict=True)
    )
    AskedCount.objects.bulk_create(
        AskedCount(petition=petition, day=day, count=number + number // 4)
        for day, number in Counter(days).items()
    )


def _ways(petition: Petition, number: int) -> list[str]:
    """By which link each came; of a sensitive petition that is not known."""
    if petition.sensitive:
        return [""] * number
    chance = random.Random(f"{petition.slug} ways")  # noqa: S311  # not a secret
    return chance.choices([*WAYS], weights=[*WAYS.values()], k=number)


def _days(petition: Petition, total: int, until: date) -> Iterator[date]:
    """The day of each signature, in their order."""
    count = petition.carried_over_count
    if count:
        start = read_day(petition.carried_over_as_of)
    else:
        start = timezone.localdate(petition.opened_at)
    later = Milestone.objects.filter(petition=petition, threshold__gt=count)
    passed = [(start, count)]
    passed += [
        (timezone.localdate(milestone.reached_at), milestone.threshold)
        for milestone in later.order_by("threshold")
    ]
    passed.append((until, count + total))
    for (first, before), (last, after) in pairwise(passed):
        yield from _spread(petition, after - before, first, last, start)


def _spread(
    petition: Petition, number: int, first: date, last: date, start: date
) -> list[date]:
    """So many, the last of them on the last day; more where there was news."""
    chance = random.Random(f"{petition.slug} {first}")  # noqa: S311  # not a secret
    told = Update.objects.for_petition(petition).values_list("posted_at", flat=True)
    news = [timezone.localdate(moment) for moment in told]
    days = [first + timedelta(days=one) for one in range((last - first).days + 1)]
    weights = [
        chance.uniform(0.7, 1.3)
        + 3 / (1 + (day - start).days)
        + sum(4 / (1 + (day - one).days) ** 2 for one in news if one <= day)
        for day in days
    ]
    *most, _last = sorted(
        chance.choices(days, cum_weights=[*accumulate(weights)], k=number)
    )
    return [*most, last]


def _signatures(
    petition: Petition,
    names: list[str],
    days: list[date],
    shown: list[dict[str, Any]],
) -> Iterator[Signature]:
    """One for each day: of those that are shown on it, or else of somebody hidden."""
    waiting: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for person in shown:
        waiting[read_day(person.pop("signed_on"))].append(person)
    chance = random.Random(petition.slug)  # noqa: S311  # not a secret
    for number, day in enumerate(days, 1):
        if waiting[day]:
            person, moment = waiting[day].pop(), read_moment(day.isoformat())
        else:
            person = {"name": chance.choice(names), **_somewhere(chance)}
            moment = _moment(day, chance.random())
        email = f"{petition.slug}.{number}@example.org"
        yield Signature(
            petition=petition,
            version_id=petition.current_version_id or 0,  # opened: it has one
            email=email,
            address_key=address_key(email),
            language=petition.language,
            state=SignatureState.CONFIRMED,
            reason_state=ReasonState.SHOWN,
            started_at=moment - timedelta(minutes=5),
            confirmed_at=moment,
            **person,
        )


def _somewhere(chance: random.Random) -> dict[str, str]:
    """Half of them say where they live."""
    if chance.random() < 0.5:
        return {}
    place, country = chance.choices(PLACES, weights=[8, 5, 3, 2, 1])[0]
    return {"place": place, "country": country}


def _moment(day: date, share: float) -> datetime:
    """Between noon, when a petition of the bundle opens, and ten in the evening."""
    noon = datetime.combine(day, time(12))
    return timezone.make_aware(noon + timedelta(hours=10 * share))
