"""A petition's own page in the admin: how it goes, and what can be done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from campaigns.admin.mailings import progress
from campaigns.admin.petition_pages import petition_page, show
from campaigns.admin.petition_ways import (
    in_groups,
    next_way,
    to_look_closer,
    to_take,
)
from campaigns.models import Amendment, Ending, EndingKind, Mailing
from campaigns.next_steps import next_step
from campaigns.some import MOST_COUNTED, Some
from campaigns.standing import Standing
from petitions.admin import moderates, runs_site
from petitions.models import Petition, PetitionState
from signatures.models import Signature

if TYPE_CHECKING:
    from campaigns.admin.petitions import PetitionAdmin

ABOUT_STATES: dict[str, str | Promise] = {
    PetitionState.DRAFT: gettext_lazy("Only its organizers and staff can see it."),
    PetitionState.REVIEW: gettext_lazy(
        "Staff are reading it. Its words stand still until they have decided."
    ),
    PetitionState.OPEN: gettext_lazy("Everybody can read and sign it."),
    PetitionState.CLOSED: gettext_lazy("Everybody can read it, and nobody can sign."),
    PetitionState.WON: gettext_lazy("Everybody can read how it was won."),
    PetitionState.REJECTED: gettext_lazy("It was not accepted. The reason:"),
    PetitionState.HIDDEN: gettext_lazy("Staff took it out of view. The reason:"),
}


@petition_page(
    "overview/", "petition_overview", organizers_may=True, moderators_may=True
)
@require_safe
def petition_overview(request: HttpRequest, petition: Petition) -> HttpResponse:
    standing = Standing.of(petition)
    petition_admin: PetitionAdmin = admin.site.get_model_admin(Petition)  # type: ignore[assignment]  # it is that one
    pause = standing.pause
    vars(petition)["own_pause"] = pause if pause and pause.petition_id else None
    ways = petition_admin.ways_on(request, petition)
    may_ask = runs_site(request)
    step = next_step(petition, standing.facts, now=timezone.now(), may_ask=may_ask)
    step = to_take(step, ways, petition)
    first = next_way(ways, step, petition)
    return show(
        request,
        petition,
        "admin/petition_overview.html",
        title=_("Overview"),
        standing=standing,
        about_state=ABOUT_STATES[petition.state],
        public_url=settings.SITE_URL + petition.get_absolute_url(),
        step=step,
        first=first,
        groups=in_groups(ways, but=first),
        look_closer=to_look_closer(request, petition),
        mailings=[(_about(one), progress(one)) for one in standing.mailings],
        held=_held(petition) if moderates(request) else None,
    )


def _about(mailing: Mailing) -> str:
    match mailing:
        case Ending(kind=EndingKind.WON):
            return _("About winning")
        case Ending():
            return _("About closing")
        case Amendment():
            return _("About the new words")
        case _:
            return str(mailing)


def _held(petition: Petition) -> Some:
    """Counted among so many of the site's, the oldest first, and no further."""
    rows = Signature.objects.held().order_by("pk")[:MOST_COUNTED]
    found = rows.aggregate(
        here=Count("pk", filter=Q(petition=petition)), all=Count("pk")
    )
    return Some(found["here"], is_all=found["all"] < MOST_COUNTED)
