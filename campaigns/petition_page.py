"""What a petition's page shows: asked in one statement, made anew where it differs.

The ORM asks nine questions for this page and makes some eighty objects, though most of
what they say is as it was when the page was last made. Here the related rows come as
texts. They are unpacked only for a piece of the page that is made anew, and they are
*marks*: a piece made of the same texts is the same piece, and `{% cache %}` in the
template gives it again. So nothing ever has to be invalidated.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

from django.db import connection
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from campaigns import previews, structured
from campaigns.growth import Growth, growth
from campaigns.models import DailyCount, Milestone, Promise, Update
from campaigns.rows import Rows
from campaigns.timeline import TimelineItem, timeline
from petitions.marks import columns, mark
from petitions.models import (
    Petition,
    PetitionOrganizer,
    PetitionTarget,
    PetitionTranslation,
    PetitionVersion,
    SigningPause,
    Topic,
)
from petitions.sharing import Share
from signatures.forms import SignForm
from signatures.models import ExclusionCount, Signature
from signatures.models.finding import confirmable_until

ITEMS = 8  # on the timeline
SIGNERS = 8
RELATED = 3

# Of a petition itself, these move while nothing on its page changes but the count.
MOVING = {"signature_count", "paper_count", "changed_at", "index_due_at"}
PRIVATE = {"blocked_words", "changes_asked", "submitted_at"}
STANDING = [
    field.name
    for field in Petition._meta.concrete_fields
    if field.name not in MOVING | PRIVATE
]
# How far the mail is moves every few seconds, and nobody is to see it.
OF_UPDATES = [
    field.name
    for field in Update._meta.concrete_fields
    if not field.name.startswith("mail_")
]
OF_IT = {"petition": OuterRef("pk")}
ROWS = {
    "petition": Rows(Petition.objects.filter(pk=OuterRef("pk")), STANDING),
    "version": Rows(
        PetitionVersion.objects.filter(pk=OuterRef("current_version")),
        ["number", "made_at"],
    ),
    "organizers": Rows(PetitionOrganizer.objects.filter(**OF_IT), joined="organizer"),
    "deliveries": Rows(
        PetitionTarget.objects.filter(**OF_IT),
        joined="target",
        joined_fields=["name", "office", "organization", "slug"],
    ),
    "pauses": Rows(
        SigningPause.objects.meeting(OuterRef("pk"))[:1], ["notice", "since_at"]
    ),
    "topics": Rows(Topic.objects.filter(petitions=OuterRef("pk"))),
    "translations": Rows(PetitionTranslation.objects.filter(**OF_IT)),
    "promises": Rows(
        Promise.objects.filter(**OF_IT), ["text", "due_on", "answer", "answered_at"]
    ),
    "updates": Rows(
        Update.objects.filter(**OF_IT)[:ITEMS], OF_UPDATES, joined="organizer"
    ),
    "milestones": Rows(Milestone.objects.filter(**OF_IT)),
    "removals": Rows(
        ExclusionCount.objects.shown_to_all().filter(**OF_IT),
        ["counted"],
        joined="exclusion",
        joined_fields=["made_at"],
    ),
    "days": Rows(DailyCount.objects.filter(**OF_IT), ["day", "count"]),
    "signers": Rows(
        Signature.objects.seen_in_public().filter(**OF_IT).newest_first()[:SIGNERS],
        [
            *("name", "show_name", "place", "reason", "reason_state"),
            *("confirmed_at", "signed_as_written"),
        ],
    ),
}
# What the words of the page are made of, for its marks.
OF_WORDS = [
    *("petition", "version", "organizers", "deliveries", "topics", "translations"),
    *("pauses", "promises"),
]
SLUG = "\0slug"  # stands in the statement for the petition that is asked for


class PetitionPage:
    """A petition, and all around it that its page shows, each unpacked when shown."""

    def __init__(
        self, count: int, on_paper: int, texts: dict[str, str], *, via: str
    ) -> None:
        self.texts = texts
        self.via = via
        petition: Petition
        (petition,) = self._rows("petition")
        petition.signature_count, petition.paper_count = count, on_paper
        self.petition = petition
        for name, value in {
            "organizer_list": lambda: [it.organizer for it in self._rows("organizers")],
            "delivery_list": lambda: self._rows("deliveries"),
            "topic_list": lambda: self._rows("topics"),
            "translation_list": lambda: self._rows("translations"),
        }.items():
            setattr(petition, name, SimpleLazyObject(value))

    @classmethod
    def ask(cls, slug: str, *, via: str) -> PetitionPage | None:
        """None if there is no such petition, or none that has a page."""
        sql, parameters = _statement()
        with connection.cursor() as cursor:
            cursor.execute(sql, [slug if one == SLUG else one for one in parameters])
            found = cursor.fetchone()
        if found is None:
            return None
        count, on_paper, *texts = found
        return cls(count, on_paper, dict(zip(ROWS, texts, strict=True)), via=via)

    @cached_property
    def marks(self) -> dict[str, str]:
        """Of each kind of piece: what it is made of, in short. They change with it."""
        texts, petition = self.texts, self.petition
        last_count = "" if petition.is_open else petition.signature_count
        words = mark(
            petition.is_open, last_count, self._waited_on, *map(texts.get, OF_WORDS)
        )
        counts = petition.signature_count, petition.paper_count
        count = mark(words, *counts, timezone.localdate())
        growth = mark(count, texts["days"], texts["milestones"])
        happened = [texts[name] for name in ("updates", "milestones", "removals")]
        timeline = mark(words, *happened)
        signers = mark(words, texts["signers"])
        form = mark(
            words, self.form.stamp if petition.is_open else self.confirmable_until
        )
        related = map(_related_mark, self.related)
        return {
            "words": words,
            "count": count,
            "growth": growth,
            "timeline": timeline,
            "signers": signers,
            "form": form,
            "all": mark(form, growth, timeline, signers, *related),
        }

    @property
    def _waited_on(self) -> date | None:
        """Today, where the page says for how many days a target has not answered."""
        if not self.petition.is_open:
            return None
        deliveries = ROWS["deliveries"].as_values(self.texts["deliveries"])
        is_waiting = any(it["asked_at"] and not it["answered_at"] for it in deliveries)
        return timezone.localdate() if is_waiting else None

    @property
    def confirmable_until(self) -> datetime | None:
        """Until when those who signed before the end can confirm, while they can."""
        return confirmable_until(self.petition)

    @cached_property
    def form(self) -> SignForm:
        """Empty, but for the mark of a shared link: the address decides the page."""
        return SignForm(initial={"via": self.via})

    @cached_property
    def share(self) -> Share:
        return Share(self.petition)

    @cached_property
    def preview(self) -> previews.Preview:
        return previews.of_petition(self.petition)

    @cached_property
    def structured(self) -> structured.Data | None:
        return structured.petition_page(
            self.petition, self.version, is_paused=bool(self.pause)
        )

    @cached_property
    def growth(self) -> Growth | None:
        rows = ROWS["days"].as_values(self.texts["days"])
        days = {row["day"]: row["count"] for row in rows}
        return growth(self.petition, self.milestones, days)

    @cached_property
    def timeline(self) -> list[TimelineItem]:
        return timeline(
            self.petition,
            updates=self._with_petition("updates"),
            milestones=self.milestones,
            exclusions=self._rows("removals"),
            most=ITEMS,
        )

    @cached_property
    def milestones(self) -> list[Milestone]:
        return self._rows("milestones")

    @cached_property
    def signers(self) -> list[Signature]:
        return self._with_petition("signers")

    @cached_property
    def promises(self) -> list[Promise]:
        return self._rows("promises")

    @cached_property
    def version(self) -> PetitionVersion | None:
        return next(iter(self._rows("version")), None)

    @cached_property
    def pause(self) -> SigningPause | None:
        return next(iter(self._rows("pauses")), None)

    @cached_property
    def related(self) -> list[Petition]:
        """Where to go on from a petition that has ended."""
        if self.petition.is_open:
            return []
        return list(Petition.objects.related_to(self.petition)[:RELATED])

    def _with_petition(self, name: str) -> list[Any]:
        """The rows, each knowing its petition: it decides what of them is shown."""
        rows = self._rows(name)
        for row in rows:
            row.petition = self.petition
        return rows

    def _rows(self, name: str) -> list[Any]:
        return ROWS[name].as_models(self.texts[name])


@cache  # the ORM would need ten times as long to write it as the database to answer
def _statement() -> tuple[str, tuple[Any, ...]]:
    texts = {f"{name}_rows": rows for name, rows in ROWS.items()}
    petitions = Petition.objects.addressable().filter(slug=SLUG).annotate(**texts)
    counts = "signature_count", "paper_count"
    return petitions.values_list(*counts, *texts).query.sql_with_params()


def _related_mark(petition: Petition) -> str:
    return mark(*map(columns, [petition, *petition.translation_list]))
