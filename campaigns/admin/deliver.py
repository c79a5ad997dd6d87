"""Taking signatures out: as a file for organizers, as a hand-over for those asked."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import deliveries, hand_over
from campaigns.admin.petition_pages import petition_page, show
from campaigns.models import Event, EventKind
from campaigns.some import count_some
from petitions.admin import account_of, runs_site
from petitions.admin_fields import ChosenRowsField
from petitions.languages import languages
from petitions.models import Petition, PetitionTarget
from signatures.as_csv import SignatureFile, name_file, signature_file
from signatures.forms import Ticks
from signatures.models import Signature

MOST_EVENTS = 10


class ExportForm(forms.Form):
    purpose = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=400,
        help_text=gettext_lazy(
            "It is kept with your name and the day, and can't be changed later."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        error_messages={"required": gettext_lazy("Say what you need the file for.")},
    )


class ReasonsField(ChosenRowsField):
    """Reasons to tick, each with its words and who gave it."""

    def __init__(self, petition: Petition) -> None:
        self.petition = petition
        shown = Signature.objects.for_petition(petition).with_shown_reason()
        label = gettext_lazy("Reasons to hand over")
        super().__init__(shown, required=False, widget=Ticks, label=label)
        self.choices = [
            (one.pk, self.label_from_instance(one))
            for one in hand_over.shown_reasons(petition)
        ]

    def label_from_instance(self, obj: Signature) -> SafeString:
        who = hand_over.by_line(obj, self.petition)
        return format_html("{} <i>— {}</i>", obj.reason, who)

    def clean(self, value: Any) -> models.QuerySet[Signature]:
        if len(value or []) > hand_over.MOST_REASONS:
            raise forms.ValidationError(_("Choose 200 reasons at most."))
        chosen: models.QuerySet[Signature] = super().clean(value)
        return chosen.order_by("-confirmed_at", "-pk")


class HandOverForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Language"))

    def __init__(self, *args: Any, petition: Petition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = {
            petition.language,
            *(one.language for one in petition.translation_list),
        }
        choices = [(code, name) for code, name in languages() if code in spoken]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]  # of a choice
        self.fields["language"].initial = petition.language
        self.fields["reasons"] = ReasonsField(petition)


class DeliveredForm(forms.Form):
    """To whom it has been handed over, and whether everybody is to read of it."""

    key = forms.UUIDField(widget=forms.HiddenInput)  # the same when it is sent twice
    targets = ChosenRowsField(
        PetitionTarget.objects.none(),
        label=gettext_lazy("To whom"),
        widget=Ticks,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    day = forms.DateField(
        label=gettext_lazy("Handed over on"),
        widget=forms.DateInput(
            attrs={"type": "date", "class": "hand-over__date"}, format="%Y-%m-%d"
        ),
    )
    title = forms.CharField(
        label=gettext_lazy("Title of an update about it"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Everybody can read it on the petition's page. Leave it empty for none. "
            "It is not mailed: to mail it, post an update instead."
        ),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    body = forms.CharField(
        label=gettext_lazy("How it went"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
    )

    def __init__(self, *args: Any, petition: Petition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = petition.deliveries.select_related("target")
        self.fields["targets"].queryset = targets  # type: ignore[attr-defined]  # a choice of rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("title") and not cleaned.get("body"):
            self.add_error("body", _("Write a text for the update."))
        day = cleaned.get("day")
        if day and not deliveries.EARLIEST <= day <= timezone.localdate():
            self.add_error("day", _("Choose a day that has been."))
        return cleaned


def _was_opened(petition: Petition) -> bool:
    return petition.opened_at is not None


@petition_page(
    "export/",
    "petition_export",
    gettext_lazy("Export"),
    is_possible=_was_opened,
    organizers_may=True,
)
def petition_export(request: HttpRequest, petition: Petition) -> HttpResponseBase:
    """Ask what for, write that down, and give the file."""
    _refuse_where_nothing_is_to_be_had(request, petition)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        purpose = form.cleaned_data["purpose"]
        file = signature_file(petition)
        return _given(request, petition, file, name="signatures.csv", purpose=purpose)
    return show(
        request,
        petition,
        "admin/petition_export.html",
        title=_("Export"),
        form=form,
        events=_events(petition, EventKind.EXPORTED),
    )


@petition_page(
    "hand-over/",
    "petition_hand_over",
    gettext_lazy("Hand-over"),
    is_possible=_was_opened,
    organizers_may=True,
)
def petition_hand_over(request: HttpRequest, petition: Petition) -> HttpResponseBase:
    """Make the PDF, give the names where they are too many for it, say it is done."""
    _refuse_where_nothing_is_to_be_had(request, petition)
    posted = request.POST if request.method == "POST" else None
    is_about_delivery = posted is not None and "delivered" in posted
    if posted is not None and "names" in posted and not petition.sensitive:
        file, purpose = name_file(petition), _("names for the hand-over")
        return _given(request, petition, file, name="names.csv", purpose=purpose)
    form = HandOverForm(None if is_about_delivery else posted, petition=petition)
    delivered = DeliveredForm(
        posted if is_about_delivery else None,
        initial={"key": uuid4(), "day": timezone.localdate()},
        petition=petition,
    )
    if form.is_valid() and (made := _made(request, petition, form)):
        return made
    if delivered.is_valid():
        deliveries.record(petition, by=account_of(request), **delivered.cleaned_data)
        messages.success(request, _("Saved: it has been handed over."))
        return redirect("admin:petition_hand_over", petition.pk)
    return _hand_over_page(request, petition, form, delivered)


def _hand_over_page(
    request: HttpRequest,
    petition: Petition,
    form: HandOverForm,
    delivered: DeliveredForm,
) -> HttpResponse:
    given = Signature.objects.given_for_delivery(petition)
    return show(
        request,
        petition,
        "admin/petition_hand_over.html",
        title=_("Hand-over"),
        form=form,
        delivered=delivered,
        names=count_some(given, most=hand_over.MOST_NAMES),
        events=_events(petition, EventKind.HANDED_TO_TARGET),
    )


def _refuse_where_nothing_is_to_be_had(
    request: HttpRequest, petition: Petition
) -> None:
    """Nobody has signed a draft; of what staff took down, organizers get nothing."""
    if not _was_opened(petition):
        raise Http404
    if petition.is_with_staff and not runs_site(request):
        raise PermissionDenied


def _events(petition: Petition, kind: EventKind) -> models.QuerySet[Event]:
    events = Event.objects.filter(petition=petition, kind=kind)
    return events.select_related("by")[:MOST_EVENTS]


def _given(
    request: HttpRequest,
    petition: Petition,
    file: SignatureFile,
    *,
    name: str,
    purpose: str,
) -> StreamingHttpResponse:
    """Who took it and why is on record before the first byte leaves."""
    deliveries.record_export(petition, file, by=account_of(request), purpose=purpose)
    response = StreamingHttpResponse(iter(file), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    return response


def _made(
    request: HttpRequest, petition: Petition, form: HandOverForm
) -> HttpResponse | None:
    """None, and an error in the form, while another is being made."""
    from campaigns import hand_over_pdf  # not above: it takes 30 MB

    try:
        document = hand_over_pdf.make(
            petition, by=account_of(request), **form.cleaned_data
        )
    except hand_over_pdf.AnotherIsBeingMade:
        form.add_error(None, _("Another PDF is being made. Press again in a minute."))
        return None
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="hand-over.pdf"'
    response["Cache-Control"] = "no-store, private"
    return response
