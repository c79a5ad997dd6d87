"""Many petitions with all that hangs on them, alike on PostgreSQL and SQLite.

Words follow Zipf's law over 30,000 invented ones; `RARE` stand in about five petitions
each, `MIDDLING` in 1 %, `COMMON` in 30 %. Of the petitions 60 % are open, 20 % closed,
15 % won, the rest drafts; ids rise with the opening day.

For a process in which Django is set up.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from petitions.models import (
    Organizer,
    Petition,
    PetitionOrganizer,
    PetitionTarget,
    PetitionTranslation,
    PetitionVersion,
    Target,
    Topic,
)

RARE = [f"rarissima{letter}" for letter in "abcdefghijklmnopqrst"]
MIDDLING = [f"mediocria{letter}" for letter in "abcdefghij"]
COMMON = [f"communalia{letter}" for letter in "abcde"]
WORDS_IN_STORY = 260
DAYS = 1000
CHUNK = 5000
SYLLABLES = [one + vowel for one in "bcdfglmnprstv" for vowel in "aeo"]
Rows = dict[type[Model], list[Any]]


def seed(petitions: int) -> None:
    """Bring in so many petitions, in one transaction, and index them for search."""
    with transaction.atomic():
        seeding = Seeding(petitions)
        for begin in range(0, petitions, CHUNK):
            rows: Rows = defaultdict(list)
            for number in range(begin, min(begin + CHUNK, petitions)):
                seeding.add(rows, number)
            for model, made in rows.items():
                _create(model, made)
    with connection.cursor() as cursor:
        models = [Petition, PetitionVersion]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    if index := getattr(Petition.objects, "index", None):
        while index():
            pass
    with connection.cursor() as cursor:
        is_postgres = connection.vendor == "postgresql"
        cursor.execute("VACUUM ANALYZE" if is_postgres else "ANALYZE")


class Seeding:
    """The chance that all is drawn from, and what the petitions hang on."""

    def __init__(self, petitions: int) -> None:
        self.petitions = petitions
        self.chance = chance = random.Random(7)
        self.words = _vocabulary(30_000, chance)
        ranks = range(len(self.words))
        self.weights = list(accumulate(1 / (rank + 3) for rank in ranks))
        self.top = max(
            model.objects.aggregate(top=Max("pk"))["top"] or 0
            for model in (Petition, PetitionVersion)
        )
        self.now = timezone.now()
        self.rare: dict[int, list[str]] = defaultdict(list)
        for word in RARE * 5:
            self.rare[chance.randrange(petitions)].append(word)
        self.targets = self._of(Target, max(petitions // 50, 20))
        self.organizers = self._of(Organizer, max(petitions // 20, 20))
        self.topics = self._of(Topic, 20)

    def _of(self, model: type[Any], number: int) -> list[int]:
        named = [
            model(name=self.text(2).title(), slug=f"seeded-{self.top}-{one}")
            for one in range(number)
        ]
        _create(model, named)
        return list(model.objects.values_list("pk", flat=True))

    def text(self, number: int) -> str:
        return " ".join(
            self.chance.choices(self.words, cum_weights=self.weights, k=number)
        )

    def add(self, rows: Rows, number: int) -> None:
        """One petition, and its row in each table beside."""
        chance, pk = self.chance, self.top + 1 + number
        state = chance.choices(["open", "closed", "won", "draft"], [60, 20, 15, 5])[0]
        opened_at = self.now - timedelta(days=DAYS) * (1 - number / self.petitions)
        language = "es" if chance.random() < 0.2 else "en"
        words = self._words(number)
        is_public = state != "draft"
        rows[Petition].append(self._petition(pk, state, opened_at, language, words))
        if is_public:
            version = {"pk": pk, "petition_id": pk, "number": 1, "made_at": opened_at}
            rows[PetitionVersion].append(PetitionVersion(**version, **words))
        organizer = chance.choice(self.organizers)
        rows[PetitionOrganizer].append(
            PetitionOrganizer(petition_id=pk, organizer_id=organizer)
        )
        targets = chance.sample(self.targets, chance.choice([1, 1, 2]))
        rows[PetitionTarget] += [
            PetitionTarget(petition_id=pk, target_id=target, position=position)
            for position, target in enumerate(targets)
        ]
        through = Petition.topics.through
        topics = chance.sample(self.topics, chance.choice([1, 1, 2]))
        rows[through] += [through(petition_id=pk, topic_id=one) for one in topics]
        if chance.random() < 0.1:
            rows[PetitionTranslation].append(
                PetitionTranslation(
                    petition_id=pk,
                    version_id=pk if is_public else None,
                    language="en" if language == "es" else "es",
                    title=self.text(6).capitalize(),
                    ask=self.text(18),
                    story=self.text(100),
                )
            )

    def _words(self, number: int) -> dict[str, str]:
        chance = self.chance
        marks = list(self.rare.get(number, []))
        marks += [word for word in MIDDLING if chance.random() < 0.01]
        marks += [word for word in COMMON if chance.random() < 0.3]
        story = self.text(WORDS_IN_STORY).split()
        for mark in marks:
            story[chance.randrange(len(story))] = mark
        title = self.text(6)
        if marks and chance.random() < 0.1:
            title = f"{marks[0]} {title}"
        return {
            "title": title[:150].capitalize(),
            "ask": f"{self.text(18)}.",
            "story": ". ".join(_sentences(story)),
        }

    def _petition(
        self,
        pk: int,
        state: str,
        opened_at: datetime,
        language: str,
        words: dict[str, str],
    ) -> Petition:
        chance = self.chance
        is_public, has_ended = state != "draft", state in ("closed", "won")
        ended_at = opened_at + timedelta(days=30)
        closes_soon = state == "open" and chance.random() < 0.3
        days = chance.randint(1, 200)
        return Petition(
            pk=pk,
            slug=f"seeded-{pk}",
            language=language,
            state=state,
            opened_at=opened_at if is_public else None,
            changed_at=opened_at,
            current_version_id=pk if is_public else None,
            closed_at=ended_at if has_ended else None,
            won_at=ended_at if state == "won" else None,
            outcome={"won": "won", "closed": "out_of_time"}.get(state, ""),
            outcome_summary="It is done." if state == "won" else "",
            closes_at=self.now + timedelta(days=days) if closes_soon else None,
            signature_count=min(int(chance.paretovariate(0.7) * 10), 5_000_000),
            **words,
        )


def _vocabulary(number: int, chance: random.Random) -> list[str]:
    words: set[str] = set()
    while len(words) < number:
        words.add("".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))))
    return sorted(words, key=lambda word: (len(word), word))


def _sentences(words: list[str]) -> Iterator[str]:
    for begin in range(0, len(words), 12):
        yield " ".join(words[begin : begin + 12])


def _create(model: type[Any], rows: list[Any]) -> None:
    size = 1000 if connection.vendor == "postgresql" else 400
    model._default_manager.bulk_create(rows, batch_size=size)
