"""The steps of starting a petition, one thing a page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import Draft
from campaigns.start import forms
from campaigns.start.forms import StepForm


@dataclass(frozen=True)
class Step:
    slug: str
    question: str | Promise
    form: type[StepForm]

    @property
    def number(self) -> int:
        return STEPS.index(self) + 1

    @property
    def before(self) -> Step | None:
        return STEPS[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> Step | None:
        return STEPS[self.number] if self.number < len(STEPS) else None

    def judged(self, draft: Draft) -> StepForm:
        """What was typed there, with what is wrong with it."""
        return self.form(draft.answers, draft=draft)

    def to_fill_in(self, draft: Draft) -> StepForm:
        """The same, without a word about it."""
        return self.form(initial=draft.answers, draft=draft)


STEPS = [
    Step("what", _("What should change?"), forms.WhatForm),
    Step("who", _("Who can decide?"), forms.WhoForm),
    Step("why", _("Why does it matter?"), forms.WhyForm),
    Step("picture", _("Is there a picture?"), forms.PictureForm),
    Step("goal", _("How far, how long, what about?"), forms.GoalForm),
    Step("you", _("Who are you?"), forms.YouForm),
]
NUMBER_OF_CHECK = len(STEPS) + 1


def step_called(slug: str) -> Step | None:
    return next((step for step in STEPS if step.slug == slug), None)


def unfinished(draft: Draft) -> list[Step]:
    return [step for step in STEPS if not step.judged(draft).is_valid()]
