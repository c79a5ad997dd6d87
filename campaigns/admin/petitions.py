from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import MaxLengthValidator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns import lifecycle
from campaigns.admin.acts import Act, ActingAdmin, ReasonForm, SureForm
from campaigns.models import Event, EventKind
from petitions.admin import OwnedInline
from petitions.models import (
    Account,
    Petition,
    PetitionOrganizer,
    PetitionState,
    PetitionTarget,
    PetitionTranslation,
)
from petitions.models.texts import FIELDS_OF_WORDS


class LinesField(forms.CharField):
    """A list of texts, one in a line."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list
        lines = value if isinstance(value, list) else (value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class WordsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    ask = forms.CharField(
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        edits_words = set(self.changed_data) & set(FIELDS_OF_WORDS)
        is_opened = self.instance.current_version_id is not None
        if is_opened and edits_words and not cleaned.get("edit_reason"):
            self.add_error("edit_reason", _("Say why the words change."))
        return cleaned


class TargetInline(OwnedInline):
    model = PetitionTarget
    fields = ["target", "position", "delivered_at"]


class OrganizerInline(OwnedInline):
    model = PetitionOrganizer
    fields = ["organizer", "position"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _runs_site(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _runs_site(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _runs_site(request)


class TranslationInline(OwnedInline):
    model = PetitionTranslation
    form = WordsForm
    fields = ["language", "title", "ask", "story", "demands"]


class VictoryForm(forms.Form):
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


def _is_in(*states: PetitionState) -> Any:
    return lambda petition: petition.state in states


@admin.register(Petition)
class PetitionAdmin(ActingAdmin):
    organizers_may = frozenset({"view", "add", "change"})
    form = PetitionForm
    inlines = [OrganizerInline, TargetInline, TranslationInline]
    list_display = ["title", "state", "signature_count", "opened_at", "closes_at"]
    list_filter = ["state", "sensitive", "language", "topics"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    filter_horizontal = ["topics"]
    readonly_fields = ["standing"]
    fieldsets = [
        (None, {"fields": ["standing"]}),
        (
            gettext_lazy("The words"),
            {
                "fields": [
                    *("language", "title", "slug", "ask", "demands", "story"),
                    "edit_reason",
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
        (
            gettext_lazy("After it has ended"),
            {"fields": ["closing_message", "next_action_label", "next_action_url"]},
        ),
    ]
    acts = {
        "submit": Act(
            gettext_lazy("Send for review"),
            gettext_lazy("Staff read it and open it."),
            _is_in(PetitionState.DRAFT),
            lifecycle.submit,
            SureForm,
            organizers_may=True,
        ),
        "open": Act(
            pgettext_lazy("to do", "Open"),
            gettext_lazy("It becomes public, and people can sign it."),
            _is_in(PetitionState.DRAFT, PetitionState.REVIEW),
            lifecycle.open_petition,
            SureForm,
        ),
        "reject": Act(
            gettext_lazy("Reject"),
            gettext_lazy("Its address will show its title and this reason."),
            _is_in(PetitionState.DRAFT, PetitionState.REVIEW),
            lifecycle.reject,
            ReasonForm,
        ),
        "close": Act(
            gettext_lazy("Close"),
            gettext_lazy("Signing stops at once; everything else stays."),
            _is_in(PetitionState.OPEN),
            lifecycle.close,
            ReasonForm,
        ),
        "win": Act(
            gettext_lazy("Declare victory"),
            gettext_lazy("Signing stops at once; the page tells how it was won."),
            _is_in(PetitionState.OPEN, PetitionState.CLOSED),
            lifecycle.declare_victory,
            VictoryForm,
        ),
        "hide": Act(
            gettext_lazy("Hide"),
            gettext_lazy("Its address will show this reason and nothing else."),
            _is_in(PetitionState.OPEN, PetitionState.CLOSED, PetitionState.WON),
            lifecycle.hide,
            ReasonForm,
        ),
        "restore": Act(
            gettext_lazy("Restore"),
            gettext_lazy("It becomes again what it was before it was hidden."),
            _is_in(PetitionState.HIDDEN),
            lifecycle.restore,
            ReasonForm,
        ),
    }

    def rows_of(
        self, account: Account, rows: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        return rows & Petition.objects.run_by(account)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An organizer's petition needs an organizer to stand behind it."""
        account = request.user
        may_add = super().has_add_permission(request)
        return may_add and (_runs_site(request) or account.organizers.exists())  # type: ignore[union-attr]  # an Account

    def get_readonly_fields(
        self, request: HttpRequest, obj: Petition | None = None
    ) -> list[str]:
        """The address stays once people have it."""
        was_opened = obj is not None and obj.opened_at is not None
        return ["standing", "slug"] if was_opened else ["standing"]

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Petition | None = None
    ) -> dict[str, Any]:
        return {} if obj else {"slug": ["title"]}

    @admin.display(description=gettext_lazy("now"))
    def standing(self, petition: Petition) -> str:
        """State and count, the public page, and the way to post an update."""
        if not petition.pk:
            return str(PetitionState.DRAFT.label)
        words = _("%(state)s, %(count)s signatures") % {
            "state": petition.get_state_display(),
            "count": petition.signature_count,
        }
        if not petition.is_public:
            return words
        return format_html(
            '{} · <a href="{}">{}</a> · <a href="{}?petition={}">{}</a>',
            words,
            petition.get_absolute_url(),
            _("Public page"),
            reverse("admin:campaigns_update_add"),
            petition.pk,
            _("Post an update"),
        )

    def save_model(
        self, request: HttpRequest, obj: Petition, form: Any, change: bool
    ) -> None:
        """Words of an opened petition are saved as a new version with its reason."""
        words = set(form.changed_data) & set(FIELDS_OF_WORDS)
        is_revised = change and obj.current_version_id is not None and bool(words)
        if is_revised:
            others = [name for name in form.changed_data if name not in words]
            form.changed_data = others
        super().save_model(request, obj, form, change)
        by = _account(request)
        if is_revised:
            lifecycle.revise(obj, by=by, reason=form.cleaned_data["edit_reason"])
        elif change and form.changed_data:
            note = ", ".join(form.changed_data)
            Event.objects.record(EventKind.EDITED, obj, by=by, note=note)
        Petition.objects.filter(pk=obj.pk).update(changed_at=timezone.now())

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        petition: Petition = form.instance
        if not petition.organizers.exists() and not _runs_site(request):
            own = _account(request).organizers.order_by("pk")[:1]
            petition.organizers.set(own)

    def save_formset(
        self, request: HttpRequest, form: Any, formset: Any, change: bool
    ) -> None:
        """A translation that was edited now follows the words as they stand."""
        if formset.model is PetitionTranslation:
            for row in formset.save(commit=False):
                row.version = form.instance.current_version
        super().save_formset(request, form, formset, change)


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _runs_site(request: HttpRequest) -> bool:
    return isinstance(request.user, Account) and request.user.runs_site
