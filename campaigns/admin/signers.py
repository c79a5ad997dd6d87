"""Looking up a signer by address: for the signer's sake, and never unnoticed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Event, EventKind
from petitions.admin import account_of, runs_site
from petitions.models import Account
from signatures.addresses import address_key
from signatures.forms import AddressField
from signatures.models import Signature, SignatureState, Suppression

MOST_FOUND = 100  # of each state


class LookUpForm(forms.Form):
    address = AddressField(label=gettext_lazy("E-mail address"), max_length=254)
    purpose = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=300,
        help_text=gettext_lazy(
            "It stands in the events, with your name and without the address."
        ),
    )

    def clean_purpose(self) -> str:
        purpose: str = self.cleaned_data["purpose"]
        if "@" in purpose:
            message = _("Leave the address out: anybody here reads the events.")
            raise forms.ValidationError(message)
        return purpose


class NoMailForm(forms.Form):
    """About an address that has been looked up, by its key."""

    address_key = forms.CharField(
        validators=[RegexValidator(r"\A[0-9a-f]{32}\Z")], widget=forms.HiddenInput
    )


def look_up_signer(request: HttpRequest, admin_site: AdminSite) -> HttpResponse:
    """List what an address has signed; or, from there, let it have no mail ever."""
    if not runs_site(request):
        raise PermissionDenied
    no_mail = NoMailForm(request.POST if "never_mail" in request.POST else None)
    if no_mail.is_valid():
        _never_mail(no_mail.cleaned_data["address_key"], by=account_of(request))
        messages.success(request, _("This address gets no mail any more."))
        return redirect("admin:look_up_signer")
    form = LookUpForm(request.POST if "look_up" in request.POST else None)
    context: dict[str, Any] = {
        **admin_site.each_context(request),
        "title": _("Look up a signer"),
        "form": form,
        "opts": Signature._meta,
    }
    if form.is_valid():
        key = address_key(form.cleaned_data["address"])
        purpose = form.cleaned_data["purpose"]
        context["found"] = _look_up(key, by=account_of(request), purpose=purpose)
        context["no_mail"] = NoMailForm(initial={"address_key": key})
        context["has_no_mail"] = bool(Suppression.objects.among([key]))
    return render(request, "admin/look_up_signer.html", context)


def _look_up(key: str, *, by: Account, purpose: str) -> list[Signature]:
    """What this address has signed, the newest first. It is written down first."""
    Event.objects.record(EventKind.LOOKED_UP, None, by=by, note=purpose)
    of_address = Signature.objects.of_address(key).select_related("petition")
    of_address = of_address.defer("name", "email", "place", "reason")
    found = [  # each state has an index of its own
        signature
        for state in SignatureState.values
        for signature in of_address.filter(state=state).order_by("-pk")[:MOST_FOUND]
    ]
    return sorted(found, key=lambda one: one.pk, reverse=True)


def _never_mail(key: str, *, by: Account) -> None:
    with transaction.atomic():
        Suppression.objects.get_or_create(address_key=key)
        note = "It is to get no mail any more."
        Event.objects.record(EventKind.LOOKED_UP, None, by=by, note=note)
