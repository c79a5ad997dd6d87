"""Acts: what is done to one row with a button, a form that asks why, and an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from petitions.admin import OwnedAdmin, account_of, moderates, runs_site
from petitions.models import WrongState


class ActForm(forms.Form):
    """What an act asks about its row, and what it says of it above."""

    about: str | SafeString = ""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row


class SureForm(ActForm):
    """Nothing to say, only to be sure."""


class ReasonForm(ActForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


@dataclass(frozen=True)
class Act:
    """One button: its words, for which rows it is there, what it asks, what it does."""

    label: str | Promise
    explanation: str | Promise
    is_possible: Callable[[Any], bool]
    do: Callable[..., object]
    form: type[ActForm] = ReasonForm
    organizers_may: bool = False
    moderators_may: bool = False


class Allowed(Protocol):
    """What says who may do it, besides staff."""

    @property
    def organizers_may(self) -> bool: ...

    @property
    def moderators_may(self) -> bool: ...


class ActingAdmin(OwnedAdmin):
    """An admin whose rows have acts, as buttons above their form."""

    acts: dict[str, Act] = {}
    change_form_template = "admin/acting_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        view = self.admin_site.admin_view(self.act_view)
        return [path("<int:pk>/<slug:act>/do/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Here Django has found the row already; it need not be found once more."""
        row = context["original"]
        context["acts"] = self._possible(request, row) if row else []
        context["runs_site"] = runs_site(request)
        context["moderates"] = moderates(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Ask what the act needs to know, then do it."""
        chosen = self.acts.get(act)
        if chosen is None:
            raise Http404
        row = self.row_for(request, pk, chosen)
        page = self.page_of(row)
        if not chosen.is_possible(row):
            messages.error(request, _("This is not possible now: look at its state."))
            return redirect(page)
        typed = request.POST if request.method == "POST" else None
        form = chosen.form(typed, row=row)
        if form.is_valid() and self._do(request, chosen, row, form):
            is_there = self.get_queryset(request).filter(pk=pk).exists()
            return redirect(page if is_there else "../../../")
        context = {
            **self.admin_site.each_context(request),
            "title": chosen.label,
            "act": chosen,
            "form": form,
            "row": row,
            "page": page,
            "opts": self.opts,
        }
        return render(request, "admin/act.html", context)

    def row_for(self, request: HttpRequest, pk: int, what: Allowed) -> Any:
        """The row, for who may do that to it; else 403, or 404 as if it were not."""
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        row.found_for = request
        if not self._is_allowed(request, what, row):
            raise PermissionDenied
        return row

    def page_of(self, row: Any) -> str:
        """Where the reader comes from and goes back to."""
        change = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(change, args=[row.pk])

    def _do(self, request: HttpRequest, act: Act, row: Any, form: forms.Form) -> bool:
        try:
            if act.do(row, by=request.user, **form.cleaned_data) is False:
                raise WrongState  # noqa: TRY301  # an act may say it either way
        except WrongState:
            form.add_error(None, _("This is not possible now: look at its state."))
        except IntegrityError:
            form.add_error(None, _("This address has signed again in the meantime."))
        else:
            messages.success(request, _("Done: %(act)s.") % {"act": act.label})
            return True
        return False

    def _possible(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_act"
        return [
            {
                "name": slug,
                "label": act.label,
                "explanation": act.explanation,
                "url": reverse(name, args=[row.pk, slug]),
            }
            for slug, act in self.acts.items()
            if self._is_allowed(request, act, row) and act.is_possible(row)
        ]

    def _is_allowed(self, request: HttpRequest, act: Allowed, row: Any) -> bool:
        account = account_of(request)
        if account.runs_site or (account.moderates and act.moderators_may):
            return True
        may_with_own = account.is_organizer and act.organizers_may
        return may_with_own and self._is_own(request, account, row)
