"""What staff are asked when a petition ends: how, what shows it, what was promised."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.admin.acts import ActForm
from campaigns.admin.mailings import number_asking
from campaigns.models import Promise, PromiseAnswer
from petitions.models import Outcome, Petition
from petitions.models.states import WINS

ENDS_OF_CLOSED = [
    (one.value, one.label)
    for one in (Outcome.LOST, Outcome.WITHDRAWN, Outcome.OUT_OF_TIME, Outcome.PARTLY)
]
OF_A_PROMISE = ["promise", "promised_by", "answer"]
NOT_KNOWN = "unknown"
LONGEST_PROMISE = timedelta(days=3653)


class ProofForm(ActForm):
    """What shows that it ended so, and what was promised."""

    proof_url = forms.URLField(
        label=gettext_lazy("Link to what shows it"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text=gettext_lazy("The minutes, the decision, a report in the press."),
    )
    no_proof = forms.BooleanField(
        label=gettext_lazy("There is no proof to link to"), required=False
    )
    promise = forms.CharField(
        label=gettext_lazy("What was promised"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "If there is a promise: on its day the organizers are asked whether it was "
            "kept, and the answer joins the timeline."
        ),
    )
    promised_by = forms.DateField(
        label=gettext_lazy("By when"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_without = cleaned.pop("no_proof", False)
        if "proof_url" in cleaned and bool(cleaned["proof_url"]) == is_without:
            self.add_error("proof_url", _wanting_proof(is_without=is_without))
        promise, day = cleaned.get("promise"), cleaned.get("promised_by")
        if promise and not day and "promised_by" not in self.errors:
            self.add_error("promised_by", _("Say by when it is to be kept."))
        if day and not promise and "promise" not in self.errors:
            self.add_error("promise", _("Say what was promised."))
        return cleaned

    def clean_promised_by(self) -> date | None:
        day: date | None = self.cleaned_data["promised_by"]
        today = timezone.localdate()
        if day and not today < day < today + LONGEST_PROMISE:
            message = _("Choose a day that is still to come, within ten years.")
            raise forms.ValidationError(message)
        return day


class OutcomeForm(ProofForm):
    """How it ended, in a word, in a sentence, and with what shows it."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How it ended"),
        choices=[("", gettext_lazy("Choose how it ended")), *ENDS_OF_CLOSED],
        error_messages={"required": gettext_lazy("Say how it ended.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("In a sentence"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Everybody reads it on the page."),
        error_messages={"required": gettext_lazy("Say in a sentence how it ended.")},
    )
    field_order = ["outcome", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begins with what stands on the page, where that is to be mended."""
        super().__init__(*args, **kwargs)
        self.initial = _as_told(self.row) | {"reason": self.row.words_of_ending}


class EndingForm(ProofForm):
    """Ends by asking whether to mail it, where there is somebody who asked for that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = number_asking(self.row)
        if number:
            self.fields["with_mail"] = forms.BooleanField(
                label=ngettext(
                    "Mail it to the %(number)s person who asked for updates",
                    "Mail it to the %(number)s people who asked for updates",
                    number.number,
                )
                % {"number": number},
                required=False,
                initial=True,
            )


class ClosingForm(EndingForm, OutcomeForm):
    """The rest of what the mail says stands on the petition already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "with_mail" in self.fields:
            self.fields["reason"].help_text = _(
                "It stands on the page and in the mail, above the thanks and the next "
                "step. Write those on the petition first."
            )


class WonForm(ProofForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("How it ended"),
        choices=[(one.value, one.label) for one in WINS],
        error_messages={"required": gettext_lazy("Say how it ended.")},
    )
    summary = forms.CharField(
        label=gettext_lazy("What was won, in a sentence or two"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    story = forms.CharField(
        label=gettext_lazy("In the organizer's own words"),
        required=False,
        help_text=gettext_lazy("Markdown."),
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
    )
    field_order = ["outcome", "summary", "story"]


class VictoryForm(EndingForm, WonForm):
    """What stands on the page is what the mail says."""


WAS_IT_KEPT = forms.ChoiceField(
    label=gettext_lazy("Was it kept?"),
    choices=[*PromiseAnswer.choices, (NOT_KNOWN, gettext_lazy("Not known yet"))],
)


class CorrectionForm(ProofForm):
    """Begins with all that can be read, each promise too; asks why it is corrected."""

    why = forms.CharField(
        label=gettext_lazy("Why it is corrected"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "Everybody reads it on the timeline: what was wrong, or what has come of "
            "it since?"
        ),
        error_messages={"required": gettext_lazy("Say why it is corrected.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.promises = list(Promise.objects.for_petition(self.row))
        for promise in self.promises:
            self._begin_with("promise", promise, promise.text)
            self._begin_with("promised_by", promise, promise.due_on)
            if promise.answer:
                self._begin_with("answer", promise, promise.answer)
        if self.promises:
            self.fields["promise"].label = _("What else was promised")
        new = ["promise", "promised_by", "why"]
        self.order_fields([*(name for name in self.fields if name not in new), *new])

    def _begin_with(self, name: str, promise: Promise, value: object) -> None:
        field = deepcopy(WAS_IT_KEPT if name == "answer" else self.base_fields[name])
        field.required, field.help_text = True, ""
        self.fields[f"{name}_{promise.pk}"] = field
        self.initial[f"{name}_{promise.pk}"] = value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if set(self.changed_data) <= {"why"}:
            self.add_error(None, _("There is nothing to correct: all is as it was."))
        cleaned["promises"] = {}
        for promise in self.promises:
            names = [f"{name}_{promise.pk}" for name in OF_A_PROMISE]
            text, day, answer = (cleaned.pop(name, None) for name in names)
            if names[1] in self.changed_data and day:
                self._check_day(names[1], day)
            if set(names) & set(self.changed_data):
                answer = "" if answer == NOT_KNOWN else answer
                cleaned["promises"][promise] = text, day, answer
        return cleaned

    def _check_day(self, name: str, day: date) -> None:
        """It may have been before today all the time."""
        ended_on = timezone.localdate(self.row.closed_at)
        if not ended_on <= day < timezone.localdate() + LONGEST_PROMISE:
            message = _("Choose a day after it ended, within ten years.")
            self.add_error(name, message)


class OutcomeCorrectionForm(CorrectionForm, OutcomeForm):
    """Of one that has closed."""


class VictoryCorrectionForm(CorrectionForm, WonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = {"summary": self.row.outcome_summary, "story": self.row.outcome_story}
        self.initial.update(_as_told(self.row) | told)


def _as_told(petition: Petition) -> dict[str, object]:
    return {
        "outcome": petition.outcome,
        "proof_url": petition.outcome_url,
        "no_proof": petition.is_without_proof,
    }


def _wanting_proof(*, is_without: bool) -> str:
    if is_without:
        return _("Give a link, or tick that there is none; not both.")
    return _("Give a link to what shows it, or tick that there is none.")
