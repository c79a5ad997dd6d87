"""Excluding in bulk: a rule, the number that it matches, and only then the start."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns import exclusions
from campaigns.admin import abuse
from campaigns.admin.acts import Act, ActingAdmin, SureForm
from petitions.admin import DayAndTime, account_of, runs_site
from petitions.admin_lists import LongListAdmin
from petitions.models import Petition
from petitions.templatetags.petition_text import grouped
from signatures.addresses import address_key
from signatures.forms import AddressField
from signatures.models import Exclusion, ExclusionState, RuleSubject
from signatures.rules import PatternNotUsable, clean_pattern

KEY = RegexValidator(r"\A[0-9a-f]{32}\Z", gettext_lazy("This is no key."))
WILDCARDS = 10
YEARS = range(2000, 2200)
SHOWN: list[Any] = ["state", "progress", "conditions", "reason", "made_by", "made_at"]


def check_year(moment: datetime) -> None:
    """Years at the ends of the calendar can't be told in another time zone."""
    if moment.year not in YEARS:
        raise forms.ValidationError(_("Enter a valid date."))


class ExclusionForm(forms.Form):
    """What the signatures have in common. Each condition that is given must hold."""

    petition = forms.CharField(
        label=gettext_lazy("Petition"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The end of its address, like keep-the-night-bus."),
    )
    address = AddressField(
        label=gettext_lazy("E-mail address"), max_length=254, required=False
    )
    address_key = forms.CharField(
        required=False, validators=[KEY], widget=forms.HiddenInput
    )
    domain = forms.CharField(
        label=gettext_lazy("Domain of the address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Like example.org, or *.example.org for all below it."),
    )
    network_key = forms.CharField(
        label=gettext_lazy("Network"),
        max_length=32,
        required=False,
        validators=[KEY],
        help_text=gettext_lazy("Its key, from the page of abuse. It lives for a day."),
    )
    since_at = forms.SplitDateTimeField(
        label=gettext_lazy("Signed from"),
        required=False,
        widget=DayAndTime,
        validators=[check_year],
    )
    until_at = forms.SplitDateTimeField(
        label=gettext_lazy("Signed until"),
        required=False,
        widget=DayAndTime,
        validators=[check_year],
    )
    name_pattern = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("With * for anything, like Test *. Capitals are alike."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("address_key"):
            self.fields["address"].help_text = _(
                "The address from before holds, unless you write another."
            )

    def clean_petition(self) -> Petition | None:
        slug = self.cleaned_data["petition"].strip().strip("/").rpartition("/")[2]
        if not slug:
            return None
        petition = Petition.objects.filter(slug=slug).first()
        if petition is None:
            raise forms.ValidationError(_("There is no petition of this address."))
        return petition

    def clean_domain(self) -> str:
        typed = self.cleaned_data["domain"]
        try:
            return clean_pattern(RuleSubject.DOMAIN, typed) if typed else ""
        except PatternNotUsable as error:
            message = _("Write a domain like example.org, or *.example.org.")
            raise forms.ValidationError(message) from error

    def clean_name_pattern(self) -> str:
        typed: str = self.cleaned_data["name_pattern"]
        if typed.count("*") > WILDCARDS:
            raise forms.ValidationError(_("Write fewer asterisks."))
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if address := cleaned.pop("address", ""):
            cleaned["address_key"] = address_key(address)
        conditions = {name: one for name, one in cleaned.items() if name != "reason"}
        if not self.errors and not any(conditions.values()):
            raise forms.ValidationError(_("Give at least one condition."))
        since, until = cleaned.get("since_at"), cleaned.get("until_at")
        if since and until and since > until:
            self.add_error("until_at", _("This is before the beginning."))
        return cleaned

    def exclusion(self) -> Exclusion:
        """Not saved: it can be counted before it is begun."""
        return Exclusion(**self.cleaned_data)

    def as_hidden(self) -> list[tuple[str, str]]:
        """What a second form carries on: of an address only the key."""
        found = dict(self.cleaned_data)
        if petition := found["petition"]:
            found["petition"] = petition.slug
        for name in ("since_at", "until_at"):
            moment = found.pop(name)
            local = timezone.localtime(moment) if moment else None
            found[f"{name}_0"] = local.strftime("%Y-%m-%d") if local else ""
            found[f"{name}_1"] = local.strftime("%H:%M:%S") if local else ""
        return [(name, str(value)) for name, value in found.items() if value]


@admin.register(Exclusion)
class ExclusionAdmin(ActingAdmin, LongListAdmin):
    """What was excluded in bulk, and how far it is. Staff only."""

    staff_may = frozenset({"view", "add"})
    list_display = ["id", "state", "reason", "made_by", "made_at"]
    list_select_related = ["made_by"]
    fields = SHOWN
    readonly_fields = SHOWN
    acts = {
        "stop": Act(
            gettext_lazy("Stop"),
            gettext_lazy("What is excluded so far stays excluded. It can go on later."),
            lambda exclusion: exclusion.state == ExclusionState.RUNNING,
            exclusions.stop,
        ),
        "continue": Act(
            gettext_lazy("Continue"),
            gettext_lazy("It goes on where it was stopped."),
            lambda exclusion: exclusion.state == ExclusionState.STOPPED,
            exclusions.go_on,
            SureForm,
        ),
        "undo": Act(
            gettext_lazy("Undo"),
            gettext_lazy(
                "All count again, but for those whose address has signed anew. Links "
                "that were not pressed yet are mailed once more."
            ),
            lambda exclusion: (
                exclusion.state in (ExclusionState.STOPPED, ExclusionState.DONE)
            ),
            exclusions.undo,
        ),
    }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.abuse_view)
        return [path("abuse/", view, name="abuse"), *super().get_urls()]

    def abuse_view(self, request: HttpRequest) -> HttpResponse:
        """How signatures have come in the last hours."""
        if not runs_site(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Abuse"),
            "report": abuse.report(request.GET),
            "opts": self.opts,
        }
        return render(request, "admin/abuse.html", context)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Take the conditions, show the number, and start when somebody is sure."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ExclusionForm(request.POST or None, initial=_asked_for(request))
        is_seen = form.is_valid() and "change" not in request.POST
        if is_seen and {"begin", "is_sure"} <= set(request.POST):
            exclusion = form.exclusion()
            exclusions.begin(exclusion, by=account_of(request))
            return redirect("admin:signatures_exclusion_change", exclusion.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Exclude signatures"),
            "form": form,
            "opts": self.opts,
            "forgot_to_tick": "begin" in request.POST,
            **(_seen_first(form) if is_seen else {}),
        }
        return render(request, "admin/exclude.html", context)

    @admin.display(description=gettext_lazy("conditions"))
    def conditions(self, exclusion: Exclusion) -> str:
        return " · ".join(f"{name}: {value}" for name, value in _conditions(exclusion))

    @admin.display(description=gettext_lazy("so far"))
    def progress(self, exclusion: Exclusion) -> str:
        """The numbers of all petitions, and how much of the work is done."""
        counts = list(exclusion.counts.all())
        counted = sum(count.counted for count in counts)
        pending = sum(count.pending for count in counts)
        words = ngettext(
            "%(counted)s counted signature and %(pending)s pending, on %(number)s "
            "petition. %(share)s %% of the work is done.",
            "%(counted)s counted signatures and %(pending)s pending, on %(number)s "
            "petitions. %(share)s %% of the work is done.",
            len(counts),
        )
        return words % {
            "counted": grouped(counted),
            "pending": grouped(pending),
            "number": grouped(len(counts)),
            "share": exclusion.share_done,
        }


def _seen_first(form: ExclusionForm) -> dict[str, Any]:
    """What there is to see of these conditions before anything is done."""
    exclusion = form.exclusion()
    preview = exclusions.preview(exclusion)
    return {
        "preview": preview,
        "alarming": preview.alarming(),
        "conditions": _conditions(exclusion),
        "hidden": form.as_hidden(),
    }


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """What a link has filled in."""
    asked: dict[str, Any] = {
        name: request.GET[name]
        for name in ("petition", "domain", "network_key")
        if name in request.GET
    }
    for name in ("since_at", "until_at"):
        if moment := _moment(request.GET.get(name, "")):
            asked[name] = moment
    return asked


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.year in YEARS else None


def _conditions(exclusion: Exclusion) -> list[tuple[str, str]]:
    """As people read them. Of an address there is only a key."""
    moments = (exclusion.since_at, exclusion.until_at)
    since, until = (
        timezone.localtime(one).strftime("%Y-%m-%d %H:%M") if one else ""
        for one in moments
    )
    key = exclusion.address_key
    named = [
        (_("petition"), str(exclusion.petition or "")),
        (_("address"), f"{key[:8]}…" if key else ""),
        (_("domain"), exclusion.domain),
        (_("network"), exclusion.network_key[:8]),
        (_("from"), since),
        (_("until"), until),
        (_("name"), exclusion.name_pattern),
    ]
    return [(name, value) for name, value in named if value]
