"""What staff can decide about a petition: what each asks, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns import moderation
from petitions.admin import LongTextField
from petitions.models import Petition, PetitionState, RejectionCode
from petitions.models.states import PUBLIC

CHECKS = {
    "says_what": gettext_lazy("It says plainly what should be done."),
    "can_be_decided": gettext_lazy("Whom it names can decide that."),
    "is_new": gettext_lazy("No other open petition asks the same."),
    "is_harmless": gettext_lazy(
        "It names and endangers no private person, in its words and in its picture."
    ),
    "is_decent": gettext_lazy("It insults nobody, and keeps to the law."),
    "is_honest": gettext_lazy("It sells nothing, and is meant seriously."),
}


class DecisionForm(forms.Form):
    """What a decision asks. `decided` is what is given to what does it."""

    def __init__(self, *args: Any, petition: Petition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.petition = petition

    def decided(self) -> dict[str, Any]:
        return self.cleaned_data


class ReadForm(DecisionForm):
    """What was read is what is decided about."""

    read = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["read"] = moderation.what_is_read(self.petition)

    def read_anew(self) -> None:
        """Keep what was typed, for what stands there now; points are ticked anew."""
        ticks = {self.add_prefix(name) for name in CHECKS}
        kept = {name: typed for name, typed in self.data.items() if name not in ticks}
        now = moderation.what_is_read(self.petition)
        self.data = {**kept, self.add_prefix("read"): now}


class OpenForm(ReadForm):
    """Each point is ticked by who has checked it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in CHECKS.items():
            self.fields[name] = forms.BooleanField(
                label=words,
                error_messages={"required": _("Check this, and tick it.")},
            )

    def clean(self) -> dict[str, Any]:
        closes_at = self.petition.closes_at
        if closes_at and closes_at <= timezone.now():
            message = _("Its closing day has passed: ask for another one.")
            raise forms.ValidationError(message)
        return super().clean() or {}

    def decided(self) -> dict[str, Any]:
        return {"read": self.cleaned_data["read"]}


class ChangesForm(ReadForm):
    words = LongTextField(
        label=gettext_lazy("What should be changed"),
        help_text=gettext_lazy(
            "They get it by mail, and it stands above their form until they send the "
            "petition again."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )


class RejectForm(ReadForm):
    code = forms.ChoiceField(
        label=gettext_lazy("The rule"),
        choices=[("", gettext_lazy("Choose one")), *RejectionCode.choices],
    )
    reason = LongTextField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("What of it breaks the rule? They get it by mail."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    in_public = forms.BooleanField(
        label=gettext_lazy("Show its title, what it asks and this reason to everybody"),
        help_text=gettext_lazy(
            "Untick it if these words would harm somebody: then its address tells "
            "nothing of what it was about."
        ),
        required=False,
        initial=True,
    )


class HideForm(DecisionForm):
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "Its address shows this reason and nothing else, and its organizers get it "
            "by mail."
        ),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class KeepForm(DecisionForm):
    """What is reported later than what was read here waits for another look."""

    last = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)


@dataclass(frozen=True)
class Decision:
    name: str
    label: str | Promise
    explanation: str | Promise
    states: list[PetitionState]
    form: type[DecisionForm]
    do: Callable[..., None]
    needs_reports: bool = False

    def is_possible(self, petition: Petition, *, is_reported: bool) -> bool:
        return petition.state in self.states and (is_reported or not self.needs_reports)


DECISIONS = {
    decision.name: decision
    for decision in [
        Decision(
            "open",
            pgettext_lazy("to do", "Open"),
            gettext_lazy("It becomes public, and people can sign it."),
            moderation.IN_REVIEW,
            OpenForm,
            moderation.open_petition,
        ),
        Decision(
            "changes",
            gettext_lazy("Ask for changes"),
            gettext_lazy("It goes back to its organizers, with what you write here."),
            moderation.IN_REVIEW,
            ChangesForm,
            moderation.ask_for_changes,
        ),
        Decision(
            "reject",
            gettext_lazy("Reject"),
            gettext_lazy("It will not open, and they can't send it again."),
            moderation.IN_REVIEW,
            RejectForm,
            moderation.reject,
        ),
        Decision(
            "keep",
            gettext_lazy("Keep it: reports answered"),
            gettext_lazy("It stays as it is, and leaves this list."),
            PUBLIC,
            KeepForm,
            moderation.settle_reports,
            needs_reports=True,
        ),
        Decision(
            "hide",
            gettext_lazy("Hide"),
            gettext_lazy("Nobody can read or sign it until it is restored."),
            PUBLIC,
            HideForm,
            moderation.hide,
        ),
    ]
}
