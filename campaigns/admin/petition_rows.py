"""What is edited on the page of a petition in the admin besides its own fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from campaigns.admin.petition_forms import TranslationForm
from petitions.admin import OwnedInline, runs_site
from petitions.models import (
    Petition,
    PetitionOrganizer,
    PetitionTarget,
    PetitionTranslation,
)


class TargetRows(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # not generic when it runs
    """Who was asked to answer is told in public, and holds a link for this row."""

    is_for_staff = False

    def clean(self) -> None:
        super().clean()
        edited = [one for one in self.initial_forms if "target" in one.changed_data]
        if not self.is_for_staff:
            edited += self.deleted_forms
        if not edited:
            return
        _lock(self.instance)
        rows = PetitionTarget.objects.filter(pk__in=[one.instance.pk for one in edited])
        if rows.filter(asked_at__isnull=False).exists():
            words = _("Who has been asked for an answer stays. Add others beside them.")
            raise forms.ValidationError(words)


class TargetInline(OwnedInline):
    model = PetitionTarget
    formset = TargetRows
    fields = ["target", "position", "delivered_at"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.is_for_staff = runs_site(request)
        return formset


class OrganizerRows(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # not generic when it runs
    """A petition keeps somebody who runs it, whoever takes others away meanwhile."""

    def clean(self) -> None:
        super().clean()
        leaving = [form.instance.pk for form in self.deleted_forms]
        if not leaving:
            return
        _lock(self.instance)
        rows = PetitionOrganizer.objects.filter(petition=self.instance)
        coming = [one for one in self.extra_forms if one.cleaned_data.get("organizer")]
        kept = set(coming) - set(self.deleted_forms)
        if not (kept or rows.exclude(pk__in=leaving).exists()):
            raise forms.ValidationError(
                _("Somebody must run it: add another organizer before this one goes.")
            )


class OrganizerInline(OwnedInline):
    model = PetitionOrganizer
    formset = OrganizerRows
    fields = ["organizer", "position"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return runs_site(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return runs_site(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return runs_site(request)


class TranslationInline(OwnedInline):
    model = PetitionTranslation
    form = TranslationForm
    fields = ["language", "title", "ask", "story", "demands"]


def _lock(petition: Petition) -> None:
    """So that nothing that matters changes between looking and saving."""
    list(Petition.objects.filter(pk=petition.pk).select_for_update(no_key=True))
