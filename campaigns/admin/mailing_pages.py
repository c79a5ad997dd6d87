"""How far the mails about a petition are, with a way to stop them and to go on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.mailings import progress
from campaigns.admin.petition_pages import petition_page, show
from campaigns.models import Amendment, Ending, Mailing, Update
from campaigns.models.mailings import MailingQuerySet
from petitions.admin import account_of, runs_site
from petitions.models import Petition

NEWEST = 50


@petition_page(
    "mail/",
    "petition_mail",
    gettext_lazy("Mail to signers"),
    is_possible=lambda petition: petition.opened_at is not None,
    organizers_may=True,
)
def petition_mail(request: HttpRequest, petition: Petition) -> HttpResponse:
    """The newest of all that went, or goes, to signers of this petition."""
    found = [
        {"kind": kind, "about": _about(mailing), "mailing": mailing}
        | {"progress": progress(mailing)}
        for kind, mailings in _mailings(petition).items()
        for mailing in mailings.order_by("-mail_due_at")[:NEWEST]
    ]
    found.sort(key=lambda row: row["mailing"].mail_due_at, reverse=True)
    title = _("Mail to signers")
    template = "admin/petition_mail.html"
    return show(request, petition, template, title=title, rows=found[:NEWEST])


@petition_page("mail/<slug:kind>/<int:number>/", "mailing", organizers_may=True)
def mailing(
    request: HttpRequest, petition: Petition, *, kind: str, number: int
) -> HttpResponse:
    """How far one is. Whoever posts updates may stop them; all else staff alone."""
    mailings = _mailings(petition).get(kind)
    found = mailings.filter(pk=number).first() if mailings is not None else None
    if found is None:
        raise Http404
    may_stop = runs_site(request) or kind == "update"
    if request.method == "POST":
        if not may_stop:
            raise PermissionDenied
        _stop_or_go_on(request, found)
        return redirect("admin:mailing", petition.pk, kind, number)
    title = _("Mail: %(about)s") % {"about": _about(found)}
    told = {"mailing": found, "kind": kind, "may_stop": may_stop}
    return show(request, petition, "admin/mailing.html", title=title, **told)


def _mailings(petition: Petition) -> dict[str, MailingQuerySet[Any]]:
    kinds: dict[str, MailingQuerySet[Any]] = {
        "update": Update.objects.all(),
        "ending": Ending.objects.all(),
        "amendment": Amendment.objects.all(),
    }
    about = {"petition": petition, "mail_due_at__isnull": False}
    return {kind: mailings.filter(**about) for kind, mailings in kinds.items()}


def _about(mailing: Mailing) -> str:
    if isinstance(mailing, Ending):
        return mailing.get_kind_display()
    return _("The text has changed") if isinstance(mailing, Amendment) else str(mailing)


def _stop_or_go_on(request: HttpRequest, mailing: Mailing) -> None:
    by = account_of(request)
    if "stop" in request.POST:
        if mailing.stop_mail(by=by):
            messages.success(request, _("Stopped. What was under way still arrives."))
        else:
            messages.error(request, _("It was stopped or done already."))
    if "resume" in request.POST:
        if mailing.resume_mail(by=by):
            messages.success(request, _("It goes on."))
        else:
            messages.error(request, _("It cannot go on: it runs, or it is too late."))
