"""Pausing the signing: of one petition, or of all, with what readers are told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import lifecycle
from campaigns.admin.acts import Act, ActForm, ActingAdmin, SureForm
from petitions.admin import account_of, runs_site
from petitions.admin_lists import LongListAdmin, OfPetition
from petitions.models import Account, Petition, SigningPause, WrongState


class NoticeForm(ActForm):
    notice = forms.CharField(
        label=gettext_lazy("What readers are told"),
        help_text=gettext_lazy("Stands where the form stood."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


def pause_of(petition: Petition) -> SigningPause | None:
    """The petition's own; one of the whole site stands on the first page.

    It is asked for once for each time that the petition was found.
    """
    known = vars(petition)
    if "own_pause" not in known:
        own = SigningPause.objects.running().filter(petition=petition)
        known["own_pause"] = own.first()
    pause: SigningPause | None = known["own_pause"]
    return pause


ACTS_OF_PAUSING = {
    "pause": Act(
        gettext_lazy("Pause signing"),
        gettext_lazy("Nobody can sign for now; the page stays, with your notice."),
        lambda petition: petition.is_open and not pause_of(petition),
        lifecycle.pause_signing,
        NoticeForm,
        moderators_may=True,
    ),
    "resume": Act(
        gettext_lazy("Resume signing"),
        gettext_lazy("The form is there again at once."),
        lambda petition: bool(pause_of(petition)),
        lifecycle.resume_signing,
        SureForm,
        moderators_may=True,
    ),
}


def _resume(pause: SigningPause, *, by: Account) -> None:
    lifecycle.resume_signing(pause.petition, by=by)


class WhichPauses(admin.SimpleListFilter):
    title = gettext_lazy("pauses")
    parameter_name = "which"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("running", gettext_lazy("Running"))]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        is_chosen = self.value() == "running"
        return queryset & SigningPause.objects.running() if is_chosen else queryset


class SitePauseForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    class Meta:
        model = SigningPause
        fields = ["notice"]
        widgets = {"notice": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        if SigningPause.objects.running().of_site().exists():
            raise forms.ValidationError(_("The whole site is paused already."))
        return super().clean() or {}


@admin.register(SigningPause)
class SigningPauseAdmin(ActingAdmin, LongListAdmin):
    """All pauses. To add one is to pause the whole site; a petition has a button."""

    staff_may = frozenset({"view", "add"})
    moderators_may = frozenset({"view"})
    form = SitePauseForm
    list_display = ["notice", "where", "by", "since_at", "ended_at"]
    list_filter = [WhichPauses, OfPetition]
    list_select_related = ["petition", "by"]
    fields = ["where", "notice", "by", "since_at", "ended_at"]
    readonly_fields = ["where"]
    acts = {
        "resume": Act(
            gettext_lazy("Resume signing"),
            gettext_lazy("The form is there again at once."),
            lambda pause: pause.is_running,
            _resume,
            SureForm,
            moderators_may=True,
        )
    }

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """A pause of the whole site is for those who run it."""
        rows = super().get_queryset(request)
        every = SigningPause.objects.all()
        return rows & (every if runs_site(request) else every.of_petitions())

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"title": _("Pause signing on the whole site")}
        return super().add_view(request, form_url, {**context, **(extra_context or {})})

    def get_fields(self, request: HttpRequest, obj: SigningPause | None = None) -> Any:
        return self.fields if obj else ["notice"]

    @admin.display(description=gettext_lazy("petition"))
    def where(self, pause: SigningPause) -> str:
        return pause.petition.title if pause.petition else _("The whole site")

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """Of two presses at once one begins the pause, and both find it."""
        try:
            by = account_of(request)
            lifecycle.pause_signing(None, by=by, notice=form.cleaned_data["notice"])
        except WrongState:
            pass
        obj.pk = SigningPause.objects.of_site().latest("pk").pk
