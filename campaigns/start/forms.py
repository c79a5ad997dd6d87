"""What each step asks, and what of it is kept.

What was typed is kept as it was typed, right or wrong, and is cleaned each time it is
needed: so nothing is lost, and a draft is judged by the rules of the day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Draft
from campaigns.start import suggestions
from campaigns.start.suggestions import Named
from petitions.admin import could_be_number
from petitions.admin_fields import ChosenRowsField
from petitions.models import OrganizerKind, Target, Topic
from petitions.models.organizers import NO_ALT
from petitions.pictures import UploadField
from signatures.forms import (
    AddressField,
    OneLineField,
    Radios,
    ReasonField,
    Ticks,
)

LONGEST_KEPT = 25_000  # characters of one answer, also of one that is too long
MOST_TARGETS = 10
MOST_DEMANDS = 10
LONGEST_DEMAND = 300
MOST_TOPICS = 3
LARGEST_GOAL = 10_000_000
LONGEST_OPEN = timedelta(days=3 * 365)

TOO_LONG: Any = _(
    "Shorten this to %(limit_value)d characters at most. It has %(show_value)d now."
)


def targets_of(draft: Draft) -> list[Named]:
    targets: list[Named] = draft.answers.get("targets", [])
    return targets


def shown_targets_of(draft: Draft) -> list[Target]:
    """The same, as rows that are not saved."""
    return [Target(**named) for named in targets_of(draft)]


class StepForm(forms.Form):
    """One page of questions about a draft."""

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft

    def typed(self) -> dict[str, Any]:
        """What is to be kept of what was posted."""
        return {
            name: _kept(self[name].data)
            for name, field in self.fields.items()
            if not isinstance(field, forms.FileField)
        }

    def keep(self, *, language: str) -> None:
        """Write it into the draft, also what is wrong with it."""
        self.draft.keep(self.typed(), language=language)

    def obey(self, act: str, *, language: str) -> bool:
        """Do what a button of this page asks beside going on; False if it is none."""
        return False


class WhatForm(StepForm):
    title = OneLineField(
        label=_("Title"),
        max_length=150,
        error_messages={
            "required": _("Write a title: what should be done?"),
            "max_length": TOO_LONG,
        },
    )


class WhoForm(StepForm):
    """Adds one to those who can decide. Nothing typed adds nobody."""

    target_name = OneLineField(
        label=_("Name"),
        max_length=150,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    office = OneLineField(
        label=_("Office"),
        max_length=150,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    organization = OneLineField(
        label=_("Organization"),
        max_length=150,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        targets = targets_of(self.draft)
        if not self.errors and not targets and not any(cleaned.values()):
            self.add_error("target_name", _("Say who can decide about it."))
        if len(targets) >= MOST_TARGETS and any(cleaned.values()):
            self.add_error(
                "target_name", _("Ask ten at most: remove one to add another.")
            )
        return cleaned

    def typed(self) -> dict[str, Any]:
        """Those that were there, and the one that was named now."""
        targets = targets_of(self.draft)
        named = {
            "name": self.cleaned_data.get("target_name", ""),
            "office": self.cleaned_data.get("office", ""),
            "organization": self.cleaned_data.get("organization", ""),
        }
        is_new = any(named.values()) and not self.errors and named not in targets
        return {"targets": [*targets, named] if is_new else targets}

    def obey(self, act: str, *, language: str) -> bool:
        """Take one off the list by its words, or add one that was asked before.

        By its place, a second press would take off the next one, too.
        """
        verb, _colon, which = act.partition(":")
        targets = targets_of(self.draft)
        if verb == "drop":
            targets = [one for one in targets if str(Target(**one)) != which]
        elif verb == "pick" and could_be_number(which):
            picked = suggestions.named(int(which))
            targets = [*targets, *(one for one in picked if one not in targets)]
        else:
            return False
        self.draft.keep({"targets": targets[:MOST_TARGETS]}, language=language)
        return True


class WhyForm(StepForm):
    ask = ReasonField(
        label=_("What you ask for"),
        max_length=500,
        error_messages={
            "required": _("Say in a sentence or two what you ask for."),
            "max_length": TOO_LONG,
        },
    )
    demands = ReasonField(
        label=_("Demands"),
        max_length=3000,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    story = ReasonField(
        label=_("Why it matters"),
        max_length=20_000,
        error_messages={
            "required": _("Tell why it matters."),
            "max_length": TOO_LONG,
        },
    )

    def clean_demands(self) -> list[str]:
        lines = (
            line.strip(" -*•\t") for line in self.cleaned_data["demands"].split("\n")
        )
        demands = [line for line in lines if line]
        if len(demands) > MOST_DEMANDS:
            raise forms.ValidationError(_("Write ten demands at most, one a line."))
        if any(len(demand) > LONGEST_DEMAND for demand in demands):
            raise forms.ValidationError(
                _("Shorten each demand to 300 characters at most.")
            )
        return demands


class PictureForm(StepForm):
    picture = UploadField(label=_("Picture"), required=False)
    picture_alt = OneLineField(
        label=_("What the picture shows"),
        max_length=200,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    picture_credit = OneLineField(
        label=_("Picture by"),
        max_length=200,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        has_picture = cleaned.get("picture") or self.draft.shown_picture
        if has_picture and not cleaned.get("picture_alt", "no"):
            self.add_error("picture_alt", NO_ALT)
        return cleaned

    def keep(self, *, language: str) -> None:
        """The picture is kept as soon as it is one, whatever else is amiss."""
        super().keep(language=language)
        if picture := self.cleaned_data.get("picture"):
            self.draft.hang(picture)

    def obey(self, act: str, *, language: str) -> bool:
        if act != "remove":
            return False
        self.draft.keep(self.typed(), language=language)
        self.draft.take_down()
        return True


class GoalField(forms.IntegerField):
    """A number, however its thousands are parted."""

    def to_python(self, value: Any) -> int | None:
        joined = re.sub(r"(?<=\d)[.,'’\s](?=\d{3}(?!\d))", "", str(value or "")[:50])
        return super().to_python(joined)


class GoalForm(StepForm):
    goal = GoalField(
        label=_("Goal"),
        min_value=1,
        max_value=LARGEST_GOAL,
        required=False,
        error_messages={
            "invalid": _("Write the goal as a number, like 500."),
            "min_value": _("Write the goal as a number, like 500."),
            "max_value": _("Choose a goal of ten million at most."),
        },
    )
    closes_on = forms.DateField(
        label=_("Closing day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the day like 2030-12-31.")},
    )
    topics = ChosenRowsField(
        label=_("Topics"),
        queryset=Topic.objects.all(),
        widget=Ticks,
        required=False,
        error_messages={
            "invalid_choice": _("Choose among these topics."),
            "invalid_pk_value": _("Choose among these topics."),
            "invalid_list": _("Choose among these topics."),
        },
    )
    sensitive = forms.BooleanField(
        label=_("Signing this may put people in danger"), required=False
    )

    def clean_closes_on(self) -> date | None:
        day: date | None = self.cleaned_data["closes_on"]
        today = timezone.localdate()
        if day and day <= today:
            raise forms.ValidationError(_("Choose a day that is still to come."))
        if day and day > today + LONGEST_OPEN:
            raise forms.ValidationError(_("Choose a day within three years."))
        return day

    def clean_topics(self) -> Any:
        topics = self.cleaned_data["topics"]
        if len(topics) > MOST_TOPICS:
            raise forms.ValidationError(_("Choose three topics at most."))
        return topics


class YouForm(StepForm):
    name = OneLineField(
        label=_("Full name"),
        max_length=100,
        error_messages={
            "required": _("Enter your full name."),
            "max_length": TOO_LONG,
        },
    )
    kind = forms.ChoiceField(
        label=_("Who starts it?"),
        choices=[
            (OrganizerKind.PERSON, _("I do, as a person")),
            (OrganizerKind.GROUP, _("A group, and I act for it")),
        ],
        widget=Radios,
        error_messages={
            "required": _("Say whether you start it as a person or for a group."),
            "invalid_choice": _("Say whether you start it as a person or for a group."),
        },
    )
    group = OneLineField(
        label=_("Name of the group"),
        max_length=100,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    place = OneLineField(
        label=_("Town or region"),
        max_length=100,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    email = AddressField(label=_("E-mail address"), max_length=254)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_group = cleaned.get("kind") == OrganizerKind.GROUP
        if is_group and not cleaned.get("group", "no"):
            self.add_error("group", _("Enter the name of the group."))
        return cleaned


def _kept(value: Any) -> Any:
    """As it was typed, but for what no database keeps and nobody would type."""
    if isinstance(value, list):
        return [_kept(one) for one in value[:100]]
    return str("" if value in (None, False) else value).replace("\0", "")[:LONGEST_KEPT]
