from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.languages import languages
from petitions.models.accounts import Account

if TYPE_CHECKING:
    from petitions.models.petitions import Petition


class Words(models.Model):
    """What a petition says. Signing means signing exactly this."""

    title = models.CharField(_("title"), max_length=150)
    ask = models.TextField(
        _("what we ask for"),
        max_length=500,
        help_text=_("One or two sentences, at most 500 characters."),
    )
    story = models.TextField(
        _("story"), help_text=_("Why it matters. Markdown; headings begin with ###.")
    )
    demands = models.JSONField(_("demands"), default=list, blank=True)

    class Meta:
        abstract = True

    def words(self) -> dict[str, Any]:
        return {field: getattr(self, field) for field in FIELDS_OF_WORDS}

    def as_text_of(self, field: str) -> str:
        value = getattr(self, field)
        return "\n".join(value) if field == "demands" else str(value)


LABELS_OF_WORDS = {
    "title": _("title"),
    "ask": _("what we ask for"),
    "story": _("story"),
    "demands": _("demands"),
}
FIELDS_OF_WORDS = list(LABELS_OF_WORDS)
LEAST_ALIKE = 0.4  # below that two texts are shown whole, one after the other
MOST_COMPARED = 4000  # pieces: what takes longer grows with their square


@dataclass(frozen=True)
class Part:
    """A piece of a text: `same`, `removed` or `added`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """What became of one field from one version to the next."""

    label: str
    parts: list[Part]


@dataclass(frozen=True)
class PetitionText:
    """A petition's words in one language, as a page shows them."""

    title: str
    ask: str
    story: str
    demands: list[str]
    language: str
    is_translation: bool = False
    is_outdated: bool = False

    @classmethod
    def of(cls, words: Words, language: str) -> PetitionText:
        return cls(words.title, words.ask, words.story, words.demands, language)


class PetitionVersionManager(models.Manager["PetitionVersion"]):
    def keep(
        self,
        petition: Petition,
        *,
        number: int,
        by: Account | None,
        reason: str = "",
        at: datetime | None = None,
    ) -> PetitionVersion:
        """Write down the petition's words as they stand, in all its languages."""
        return self.create(
            petition=petition,
            number=number,
            reason=reason,
            made_at=at or timezone.now(),
            made_by=by,
            translations={
                one.language: one.words() for one in petition.translations.all()
            },
            **petition.words(),
        )


class PetitionVersion(Words):
    """The words of a petition as people signed them from this day on."""

    petition = models.ForeignKey(
        "petitions.Petition", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField()
    reason = models.CharField(
        max_length=300, blank=True, help_text=_("Why the words were changed.")
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True
    )

    translations = models.JSONField(default=dict)  # the words by language

    objects = PetitionVersionManager()

    # Where a view asks: what was changed, and when signers were told of it.
    changes: list[Change]
    told_at: datetime | None

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                name="version_number_once_per_petition", fields=["petition", "number"]
            ),
            models.CheckConstraint(
                name="version_after_the_first_has_reason",
                condition=Q(number=1) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of petition {self.petition_id}"

    def changes_since(self, earlier: PetitionVersion) -> list[Change]:
        """What was taken out and put in since, field by field, in every language."""
        changes = _changes(earlier, self)
        for language in earlier.translations.keys() & self.translations.keys():
            before = PetitionTranslation(**earlier.translations[language])
            after = PetitionTranslation(**self.translations[language])
            changes += _changes(before, after, in_language=language)
        return changes


def _changes(before: Words, after: Words, in_language: str = "") -> list[Change]:
    mark = f" ({in_language})" if in_language else ""
    return [
        Change(f"{LABELS_OF_WORDS[field]}{mark}", _compare(old, new))
        for field in FIELDS_OF_WORDS
        if (old := before.as_text_of(field)) != (new := after.as_text_of(field))
    ]


@lru_cache(maxsize=32)  # everybody who reads a page of versions asks for the same
def _compare(before: str, after: str) -> list[Part]:
    """The difference of two texts: word by word, or line by line of long ones.

    What stands everywhere is not looked for by itself: a story of a thousand words
    would take minutes.
    """
    old, new = _pieces(before, after)
    matcher = SequenceMatcher(None, old, new)
    is_too_long = max(len(old), len(new)) > MOST_COMPARED
    if is_too_long or matcher.ratio() < LEAST_ALIKE:
        whole = [Part("removed", before), Part("added", after)]
        return [part for part in whole if part.text]
    return _parts(matcher, old, new)


def _pieces(*texts: str) -> list[list[str]]:
    """Words, each with the space before it; lines where there are too many of those."""
    words = [re.findall(r"\s*\S+|\s+", text) for text in texts]
    if max(map(len, words)) <= MOST_COMPARED:
        return words
    return [text.splitlines(keepends=True) for text in texts]


def _parts(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> list[Part]:
    parts = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            parts.append(Part("same", "".join(old[i:j])))
            continue
        if i < j:
            parts.append(Part("removed", "".join(old[i:j])))
        if k < m:
            parts.append(Part("added", "".join(new[k:m])))
    return parts


class PetitionTranslation(Words):
    """The same petition in another language: other words, one count."""

    petition = models.ForeignKey(
        "petitions.Petition", on_delete=models.CASCADE, related_name="translations"
    )
    language = models.CharField(_("language"), max_length=7, choices=languages)
    version = models.ForeignKey(
        PetitionVersion,
        verbose_name=_("version it follows"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
    )

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                name="translation_once_per_language", fields=["petition", "language"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_language_display()}: {self.title}"

    def as_text(self, current_version_id: int | None) -> PetitionText:
        return replace(
            PetitionText.of(self, self.language),
            is_translation=True,
            is_outdated=self.version_id != current_version_id,
        )
