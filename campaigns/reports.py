"""What a reader can say against a petition. Nothing of the reader is kept."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import PetitionReport, PetitionReportCause
from petitions.models import Petition
from petitions.pages import posted_from_our_pages, public_page, see_other
from signatures import limits
from signatures.forms import ReasonField
from signatures.reports import CauseField

LONGEST_WORDS = 500


class PetitionReportForm(forms.Form):
    cause = CauseField(
        label=_("What is wrong with it?"), choices=PetitionReportCause.choices
    )
    words = ReasonField(
        label=_("Where, and what?"),
        required=False,
        max_length=LONGEST_WORDS,
        error_messages={"max_length": _("Keep to 500 characters at most.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
@posted_from_our_pages
def report_petition(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what is wrong, and write one report a day from each network.

    The answer is the same for the first and for any more.
    """
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    form = PetitionReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        limits.check_reports(request)
        _report(request, petition, **form.cleaned_data)
        return see_other("petition_reported", slug=slug)
    context = {"petition": petition, "form": form}
    status = 400 if form.is_bound else 200
    return render(request, "campaigns/report_petition.html", context, status=status)


@require_safe
@public_page
def petition_reported(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    context = {"petition": petition}
    return render(request, "campaigns/petition_reported.html", context)


def _report(
    request: HttpRequest, petition: Petition, *, cause: str, words: str
) -> None:
    with transaction.atomic():
        if limits.is_first_report(request, petition):
            PetitionReport.objects.create(petition=petition, cause=cause, words=words)
