"""What is typed about a petition in the admin, and what is wrong with it."""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import (
    MaxLengthValidator,
    ProhibitNullCharactersValidator,
)
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from petitions.admin import LongTextField
from petitions.marks import mark
from petitions.models import Petition, PetitionTranslation
from petitions.models.texts import FIELDS_OF_WORDS, LABELS_OF_WORDS

LONGEST_OPEN = timedelta(days=3653)

Text = Petition | PetitionTranslation


class LinesField(forms.CharField):
    """A list of texts, one in a line."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list
        lines = value if isinstance(value, list) else (value or "").splitlines()
        ProhibitNullCharactersValidator()("".join(lines))
        return [line.strip() for line in lines if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class WordsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    ask = LongTextField(
        label=gettext_lazy("What we ask for"),
        help_text=gettext_lazy("One or two sentences, at most 500 characters."),
        widget=forms.Textarea(
            attrs={"rows": 3, "maxlength": 500, "class": "vLargeTextField"}
        ),
        validators=[MaxLengthValidator(500)],
    )
    demands = LinesField(
        label=gettext_lazy("Demands"),
        help_text=gettext_lazy("One in a line."),
        required=False,
    )


MOST_BLOCKED_WORDS, LONGEST_BLOCKED_WORD = 200, 100


class PetitionForm(WordsForm):
    edit_reason = forms.CharField(
        label=gettext_lazy("Why the words change"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Needed when you change title, ask, story or demands of a petition that "
            "people can have signed. Everybody may read it, with what was changed."
        ),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    blocked_words = LinesField(
        label=gettext_lazy("Words that need a second look"),
        help_text=gettext_lazy(
            "Names and words that no reason should hold, one in a line. A reason with "
            "one of them is marked for whoever reviews it. This list is never public."
        ),
        required=False,
    )

    seen_words = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts_of_others: list[Text] = []
        if self.instance.pk and not self.is_bound:
            self.initial["seen_words"] = " ".join(_texts(self.instance))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        current = self.instance.current_version_id
        if current and self.edits_words and not cleaned.get("edit_reason"):
            self.add_error("edit_reason", _("Say why the words change."))
        if self.instance.pk and not self._stands_still(cleaned.get("seen_words")):
            self.add_error(None, _("Somebody else has changed the words meanwhile."))
        closes_at = cleaned.get("closes_at")
        if closes_at and "closes_at" in self.changed_data:
            self._check_closing_day(closes_at)
        return cleaned

    @property
    def edits_words(self) -> bool:
        return bool(set(self.changed_data) & set(FIELDS_OF_WORDS))

    def _stands_still(self, seen: str | None) -> bool:
        """Whether it is as it was shown and found, and stays so until this is saved.

        Else words could be edited that somebody is reading, or has just opened, or
        has just written.
        """
        rows = Petition.objects.select_for_update(no_key=True)
        row = rows.get(pk=self.instance.pk)
        texts = _texts(row)
        if seen and seen != " ".join(texts):
            self.texts_of_others = [
                text for one, text in texts.items() if one not in seen
            ]
            self._see(" ".join(texts))
            return False
        current = self.instance.current_version_id
        if current and not self.edits_words:
            return True  # nothing is saved that is read or signed
        return (row.state, row.current_version_id) == (self.instance.state, current)

    def _see(self, words: str) -> None:
        """Keep what was typed, for what stands there now."""
        data: Any = copy(self.data)
        data[self.add_prefix("seen_words")] = words
        self.data = data

    def words_of_others(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """By language, what somebody else has saved meanwhile and differs from this."""
        return [
            (
                text.language,
                [
                    (str(LABELS_OF_WORDS[field]), text.as_text_of(field))
                    for field in FIELDS_OF_WORDS
                    if isinstance(text, PetitionTranslation)
                    or getattr(text, field) != self.cleaned_data.get(field)
                ],
            )
            for text in self.texts_of_others
        ]

    def clean_blocked_words(self) -> list[str]:
        words: list[str] = self.cleaned_data["blocked_words"]
        if len(words) > MOST_BLOCKED_WORDS:
            raise forms.ValidationError(_("Keep to 200 lines at most."))
        if any(len(one) > LONGEST_BLOCKED_WORD for one in words):
            raise forms.ValidationError(_("Keep each line to 100 characters at most."))
        return words

    def _check_closing_day(self, closes_at: datetime) -> None:
        now = timezone.now()
        if not now < closes_at < now + LONGEST_OPEN:
            message = _("Choose a day that is still to come, within ten years.")
            self.add_error("closes_at", message)


class AmendingForm(PetitionForm):
    """Of a petition that people can have signed, for who may mail them about it."""

    tell_signers = forms.BooleanField(
        label=gettext_lazy(
            "This changes what people signed for: mail them how to take their name off"
        ),
        required=False,
        help_text=gettext_lazy(
            "All who signed an earlier version online get one mail, with or without "
            "updates. You can also do it later, with a button of the petition."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("tell_signers") and not self.edits_words:
            message = _("You have changed no words that signers could be told of.")
            self.add_error("tell_signers", message)
        return cleaned


def _texts(petition: Petition) -> dict[str, Text]:
    """Its words in each language, by their marks: other words have another mark."""
    texts: list[Text] = [petition, *petition.translations.all()]
    return {mark(text.language, text.words()): text for text in texts}


class TranslationForm(WordsForm):
    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if language == self.instance.petition.language:
            raise forms.ValidationError(_("The petition itself is in this language."))
        return language


FIELDSETS: list[Any] = [
    (None, {"fields": ["standing"]}),
    (
        gettext_lazy("The words"),
        {
            "fields": [
                *("language", "title", "slug", "ask", "demands", "story"),
                *("edit_reason", "seen_words"),
            ]
        },
    ),
    (
        gettext_lazy("How it is shown"),
        {
            "fields": [
                *("topics", "goal", "closes_at", "sensitive"),
                *("picture", "picture_alt", "picture_credit"),
            ]
        },
    ),
    (gettext_lazy("Reasons for signing"), {"fields": ["blocked_words"]}),
    (
        gettext_lazy("After it has ended"),
        {"fields": ["closing_message", "next_action_label", "next_action_url"]},
    ),
]


def fieldsets_with_amending() -> list[Any]:
    """With the tick that mails signers, below why the words change."""
    first, (title, words), *rest = FIELDSETS
    return [first, (title, {"fields": [*words["fields"], "tell_signers"]}), *rest]
