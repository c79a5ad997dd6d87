"""Inviting others to run a petition, handing it over, and saying that one is there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import invitations, orphans
from campaigns.admin.petition_pages import petition_page, show
from campaigns.invitations import InvitedBefore, TooManyInvitations
from campaigns.models import Invitation, InvitationKind
from petitions.admin import account_of, could_be_number
from petitions.models import Petition
from signatures.forms import AddressField


class InviteForm(forms.Form):
    kind = InvitationKind.JOIN

    email = AddressField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )


class HandOverForm(InviteForm):
    """The address is typed twice: whoever has it gets the petition."""

    kind = InvitationKind.TAKE_OVER

    again = forms.CharField(
        label=gettext_lazy("The address once more"),
        max_length=254,
        strip=True,
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=gettext_lazy("Type it, so that the petition goes to nobody else."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        email, again = cleaned.get("email"), cleaned.get("again")
        if email and again and email.lower() != again.lower():
            self.add_error("again", _("This is not the same address."))
        return cleaned


@petition_page(
    "invite/",
    "invite_organizer",
    gettext_lazy("Invite co-organizer"),
    is_possible=invitations.may_be_joined,
    organizers_may=True,
)
def invite_organizer(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Invite by mail, see who is invited, take an invitation back."""
    return _page(request, petition, InviteForm, "invite_organizer")


@petition_page(
    "hand-over-to/",
    "hand_over_to_organizer",
    gettext_lazy("Hand over to another organizer"),
    is_possible=invitations.may_be_joined,
    organizers_may=True,
)
def hand_over_to_organizer(request: HttpRequest, petition: Petition) -> HttpResponse:
    """The same, but whoever accepts comes in the place of whoever invites."""
    return _page(request, petition, HandOverForm, "hand_over_to_organizer")


@petition_page(
    "still-ours/",
    "still_ours",
    gettext_lazy("Still ours"),
    is_possible=orphans.is_asked,
    organizers_may=True,
)
def still_ours(request: HttpRequest, petition: Petition) -> HttpResponse:
    """The button that organizers are mailed a link to when nobody was heard of."""
    if request.method == "POST":
        orphans.still_there(petition, by=account_of(request))
        messages.success(request, _("Thank you. The petition goes on."))
        return redirect("admin:petition_overview", petition.pk)
    title = _("Still ours")
    is_asked = orphans.is_asked(petition)
    template = "admin/still_ours.html"
    return show(request, petition, template, title=title, is_asked=is_asked)


def _page(
    request: HttpRequest, petition: Petition, form_class: type[InviteForm], name: str
) -> HttpResponse:
    if "take_back" in request.POST:
        _take_back(request, petition)
        return redirect(f"admin:{name}", petition.pk)
    form = form_class(request.POST if request.method == "POST" else None)
    is_possible = invitations.may_be_joined(petition)
    if is_possible and form.is_valid() and _invite(request, petition, form):
        messages.success(request, _("Done: a mail with the invitation is on its way."))
        return redirect(f"admin:{name}", petition.pk)
    invited = Invitation.objects.open().filter(petition=petition)
    is_new = form_class is HandOverForm
    everybody = invitations.organizers_of(petition)
    own = invitations.organizers_of(petition, member=account_of(request))
    context: dict[str, Any] = {
        "form": form if is_possible else None,
        "invited": invited.select_related("by"),
        "days": invitations.GOOD_FOR.days,
        "leaving": (own or everybody) if is_new else [],
    }
    title = _("Hand over to another organizer") if is_new else _("Invite co-organizer")
    return show(request, petition, f"admin/{name}.html", title=title, **context)


def _invite(request: HttpRequest, petition: Petition, form: InviteForm) -> bool:
    """False where the form says why not."""
    email, by = form.cleaned_data["email"], account_of(request)
    try:
        invitations.invite(petition, kind=form.kind, email=email, by=by)
    except InvitedBefore:
        form.add_error("email", _("This address is invited already: see below."))
    except TooManyInvitations:
        words = _(
            "%(most)s invitations wait, or were sent today. Write to no more now."
        )
        form.add_error(None, words % {"most": invitations.MOST_OPEN})
    else:
        return True
    return False


def _take_back(request: HttpRequest, petition: Petition) -> None:
    """One of this petition; another's does not exist."""
    number = request.POST.get("take_back", "")
    known = Invitation.objects.filter(petition=petition)
    found = known.filter(pk=number).first() if could_be_number(number) else None
    by = account_of(request)
    if found is not None and invitations.take_back(found, by=by):
        messages.success(request, _("The invitation is taken back."))
    else:
        messages.warning(request, _("It was accepted or taken back before."))
