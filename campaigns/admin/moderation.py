"""The queue of petitions that wait for staff, and the page where they decide."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import moderation
from campaigns.admin.decisions import DECISIONS, Decision, DecisionForm, ReadForm
from campaigns.admin.petition_pages import petition_page, show
from campaigns.models import Claim, PetitionReport
from campaigns.some import count_some
from petitions.admin import account_of, moderates
from petitions.models import Petition, WrongState

MOST_REPORTS = 20
MOST_EARLIER = 10


@require_http_methods(["GET", "HEAD"])
def moderation_queue(request: HttpRequest) -> HttpResponse:
    """All that wait, the oldest first; who looks at one says so with a button."""
    if not moderates(request):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": _("To moderate"),
        "opts": Petition._meta,
        "waiting": moderation.queue(),
        "reader": account_of(request),
    }
    return render(request, "admin/moderation_queue.html", context)


@petition_page("claim/", "petition_claim", moderators_may=True)
@require_POST
def petition_claim(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Begin or go on looking at it, or let it go."""
    by = account_of(request)
    if "let_go" in request.POST:
        moderation.let_go(petition, by=by)
        return redirect("admin:moderation_queue")
    try:
        moderation.claim(petition, by=by)
    except moderation.ClaimedByAnother:
        messages.warning(request, _claimed_by_another(petition))
    except WrongState:
        messages.warning(request, _("It has been decided meanwhile."))
    return redirect("admin:petition_decide", petition.pk)


@petition_page(
    "decide/",
    "petition_decide",
    gettext_lazy("Decide"),
    is_possible=moderation.can_be_decided,
    moderators_may=True,
)
@require_http_methods(["GET", "HEAD", "POST"])
def petition_decide(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Show all of it, and what can be decided about it now."""
    petition = Petition.objects.with_page().get(pk=petition.pk)
    chosen = DECISIONS.get(request.POST.get("decide", ""))
    if chosen is None:
        return _page(request, petition)
    form = chosen.form(request.POST, petition=petition, prefix=chosen.name)
    if form.is_valid() and _is_done(request, chosen, form):
        messages.success(request, _("Done: %(act)s.") % {"act": chosen.label})
        return redirect("admin:moderation_queue")
    if form.errors and not form.non_field_errors():
        Claim.objects.take(petition, by=account_of(request))  # still at work
    return _page(request, petition, typed=form)


def _is_done(request: HttpRequest, chosen: Decision, form: DecisionForm) -> bool:
    petition = form.petition
    try:
        chosen.do(petition, by=account_of(request), **form.decided())
    except moderation.ClaimedByAnother:
        form.add_error(None, _claimed_by_another(petition))
    except moderation.ReadAnew:
        form.add_error(None, _("It has been edited meanwhile: read it anew."))
        assert isinstance(form, ReadForm)
        form.read_anew()
    except WrongState:
        form.add_error(None, _("It has been decided meanwhile."))
        petition.refresh_from_db()
    return form.is_valid()


def _page(
    request: HttpRequest, petition: Petition, *, typed: DecisionForm | None = None
) -> HttpResponse:
    """With its reports, its like, and what else its organizers have begun."""
    unsettled = PetitionReport.objects.of(petition).unsettled()
    reports = list(unsettled.order_by("-pk")[:MOST_REPORTS])
    claim = Claim.objects.of(petition)
    is_mine = bool(claim and claim.by_id == account_of(request).pk)
    choices = _choices(petition, reports, typed)
    return show(
        request,
        petition,
        "admin/petition_decide.html",
        title=_("Decide"),
        status=409 if typed and typed.non_field_errors() else 200,
        form=typed,
        claim=claim,
        can_be_decided=moderation.can_be_decided(petition),
        reports=reports,
        report_count=count_some(unsettled) if reports else None,
        # Of somebody else's only what was typed before they took it, so as to keep it.
        choices=[it for it in choices if is_mine or not claim or it["form"] is typed],
        similar=_similar(petition),
        earlier=_earlier(petition),
    )


def _choices(
    petition: Petition, reports: list[PetitionReport], typed: DecisionForm | None
) -> list[dict[str, Any]]:
    last = {"last": reports[0].pk} if reports else {}
    return [
        {
            "decision": decision,
            "form": typed
            if typed and typed.prefix == decision.name
            else decision.form(petition=petition, prefix=decision.name, initial=last),
        }
        for decision in DECISIONS.values()
        if decision.is_possible(petition, is_reported=bool(reports))
    ]


def _similar(petition: Petition) -> list[Petition]:
    alike = Petition.objects.similar_to(petition.title)
    return [one for one in alike if one.pk != petition.pk]


def _earlier(petition: Petition) -> list[Petition]:
    organizers = petition.organizers.values("pk")
    theirs = Petition.objects.filter(organizers__in=organizers).exclude(pk=petition.pk)
    return list(theirs.distinct().order_by("-pk")[:MOST_EARLIER])


def _claimed_by_another(petition: Petition) -> str:
    claim = Claim.objects.of(petition)
    words = _("%(name)s is looking at this. Wait until it is let go.")
    return words % {"name": claim.by if claim else _("Somebody else")}
