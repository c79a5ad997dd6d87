"""What the invited find behind the link in their mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaigns import invitations
from campaigns.answer_views import link_unknown
from campaigns.invitations import InvitationOver
from campaigns.joining import AccountShut
from campaigns.models import Invitation
from petitions.models import Organizer, OrganizerKind
from petitions.pages import posted_from_our_pages, secret_page, see_other
from signatures.forms import OneLineField, Radios
from signatures.tokens import Purpose, read_token

ABOUT_NAME: Any = {
    "required": _("Enter the name that all may read."),
    "max_length": _("Shorten the name to %(limit_value)d characters at most."),
}
ABOUT_PLACE: Any = {
    "max_length": _("Shorten the town or region to %(limit_value)d characters at most.")
}
ABOUT_FACE: Any = {"invalid_choice": _("Choose one of these.")}


class AcceptForm(forms.Form):
    """The face that all will see: one that the invited has, or a new one."""

    organizer = forms.ModelChoiceField(
        Organizer.objects.none(),
        required=False,
        blank=True,
        widget=Radios,
        empty_label=_("Another name, which I write below"),
        error_messages=ABOUT_FACE,
    )
    name = OneLineField(
        label=_("Name"), max_length=100, required=False, error_messages=ABOUT_NAME
    )
    kind = forms.ChoiceField(
        choices=OrganizerKind.choices,
        initial=OrganizerKind.PERSON,
        required=False,
        widget=Radios,
        error_messages=ABOUT_FACE,
    )
    place = OneLineField(
        label=_("Town or region"),
        max_length=100,
        required=False,
        error_messages=ABOUT_PLACE,
    )

    def __init__(
        self, typed: QueryDict | None = None, *, invitation: Invitation
    ) -> None:
        super().__init__(typed)
        own = invitations.own_organizers(invitation)
        self.initial["organizer"] = own.first()
        self.fields["organizer"].queryset = own  # type: ignore[attr-defined]  # a choice of rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        has_said = cleaned.get("organizer") or cleaned.get("name")
        if not has_said and not self.has_error("name"):
            self.add_error("name", ABOUT_NAME["required"])
        cleaned["kind"] = cleaned.get("kind") or OrganizerKind.PERSON
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@posted_from_our_pages
@secret_page
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites and what it means; let the invited accept, once."""
    found = Invitation.objects.filter(key=read_token(token, Purpose.INVITATION))
    invited = found.select_related("petition", "by").first()
    if invited is None:
        return link_unknown(request)
    is_open = invitations.may_be_accepted(invited)
    typed = request.POST if request.method == "POST" else None
    form = AcceptForm(typed, invitation=invited) if is_open else None
    if form and form.is_valid() and _accept(invited, form):
        return see_other("invitation", token=token)
    context = _told(invited, token, form)
    is_over = not (is_open or invited.accepted_at)
    status = 410 if is_over else 400 if form and form.is_bound else 200
    return render(request, "campaigns/invitation.html", context, status=status)


def _accept(invited: Invitation, form: AcceptForm) -> bool:
    """False where the form says why not."""
    try:
        invitations.accept(invited, **form.cleaned_data)
    except AccountShut:
        words = _("Your account may not log in now. Write to the staff of this site.")
        form.add_error(None, words)
        return False
    except InvitationOver:
        pass  # the page that comes says so
    return True


def _told(
    invited: Invitation, token: str, form: AcceptForm | None
) -> dict[str, object]:
    faces = (
        invitations.leaving_with(invited) if form and invited.is_to_take_over else []
    )
    return {
        "petition": invited.petition,
        "invitation": invited,
        "by": invitations.inviter_of(invited) if form else "",
        "leaving": ", ".join(map(str, faces)),
        "form": form,
        "has_own": bool(form and form.initial["organizer"]),
        "token": token,
    }
