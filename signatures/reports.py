"""What a reader can say against a shown reason. Nothing of the reader is kept."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from petitions.models import Petition
from petitions.pages import posted_from_our_pages, public_page, see_other
from signatures import limits
from signatures.forms import Radios
from signatures.models import ReasonReport, ReportCause, Signature


class CauseField(forms.ChoiceField):
    widget = Radios
    default_error_messages = {
        "required": _("Choose what is wrong with it."),
        "invalid_choice": _("Choose what is wrong with it."),
    }


class ReportForm(forms.Form):
    cause = CauseField(label=_("What is wrong with it?"), choices=ReportCause.choices)


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
@posted_from_our_pages
def report_reason(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask what is wrong, and write one report a day from each network.

    The answer is the same for the first and for any more. What is not shown (any
    more), or belongs elsewhere, does not exist.
    """
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    shown = Signature.objects.with_shown_reason().for_petition(petition)
    signature = get_object_or_404(shown, pk=pk)
    signature.petition = petition
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        limits.check_reports(request)
        _report(request, signature, form.cleaned_data["cause"])
        return see_other("reason_reported", slug=slug)
    context = {"petition": petition, "signer": signature, "form": form}
    status = 400 if form.is_bound else 200
    return render(request, "signatures/report_reason.html", context, status=status)


@require_safe
@public_page
def reason_reported(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    return render(request, "signatures/reason_reported.html", {"petition": petition})


def _report(request: HttpRequest, signature: Signature, cause: str) -> None:
    with transaction.atomic():
        if limits.is_first_report(request, signature):
            ReasonReport.objects.create(signature=signature, cause=cause)
