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


class TargetInline(OwnedInline):
    model = PetitionTarget
    fields = ["target", "position", "delivered_at"]


class OrganizerRows(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # not generic when it runs
    """A petition keeps somebody who runs it, whoever takes others away meanwhile."""

    def clean(self) -> None:
        super().clean()
        leaving = [form.instance.pk for form in self.deleted_forms]
        if not leaving:
            return
        petition = Petition.objects.filter(pk=self.instance.pk)
        list(petition.select_for_update(no_key=True))
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
