"""What can be done to a petition, in the order of use, each with a word of help."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.next_steps import Step
from petitions.models import Petition

Way = dict[str, Any]  # name, label, url and explanation

# The most useful first. What is not named stands where the empty name does; acts
# explain themselves.
EXPLANATIONS: dict[str, str | Promise] = {
    "still_ours": _("We asked whether you still run it. One press, and it goes on."),
    "petition_promise": _("The day has come that was promised: was it kept?"),
    "petition_decide": _("Open it, ask for changes, reject it or take it down."),
    "submit": "",
    "update": _("News for its page, and by mail to all who asked for updates."),
    "edit": _(
        "Words, picture, goal, closing day. After opening, everybody can see what "
        "was changed, and why."
    ),
    "read": _("Its words and all that was set, as they stand now."),
    "tell-signers": "",
    "ask_target": _("A mail with a link for one answer, published once you agree."),
    "petition_export": _("The signatures as a file, for a stated purpose."),
    "petition_hand_over": _("A PDF with the count and the reasons, to hand over."),
    "petition_paper_sheets": _("Print sheets, type in what people wrote, count it."),
    "": "",
    "petition_mail": _("How far each mail is; stop one, or let it go on."),
    "invite_organizer": _("They see and do what you do, with a log-in of their own."),
    "hand_over_to_organizer": _("Somebody else runs it from then on."),
    "take-back": "",
    "open": "",
    "outcome": "",
    "win": "",
    "close": "",
    "resume": "",
    "pause": "",
    "reject": "",
    "hide": "",
    "restore": "",
}
WAYS_OF_STEPS = {
    "ask": "ask_target",
    "hand-over": "petition_hand_over",
    "outcome": "outcome",
    "promise": "petition_promise",
}
PLACES = {name: place for place, name in enumerate(EXPLANATIONS)}


def in_order(ways: list[Way], petition: Petition) -> list[Way]:
    """Staff decide first of all while it waits for that, and seldom afterwards."""
    places = PLACES
    if petition.is_public:
        places = {**PLACES, "petition_decide": PLACES["take-back"]}
    explained = [
        {**way, "explanation": way.get("explanation") or EXPLANATIONS.get(way["name"])}
        for way in ways
    ]
    return sorted(explained, key=lambda way: places.get(way["name"], places[""]))


def to_take(step: Step, ways: list[Way], petition: Petition) -> Step:
    """The step, with a link to where it is taken, not to the page it stands on."""
    if step.url != reverse("admin:petition_overview", args=[petition.pk]):
        return step
    way = next((one for one in ways if one["name"] == WAYS_OF_STEPS.get(step.name)), {})
    return replace(step, label=str(way.get("label", "")), url=way.get("url", ""))


def to_update(petition: Petition) -> Way:
    url = f"{reverse('admin:campaigns_update_add')}?petition={petition.pk}"
    return {"name": "update", "label": _("Post an update"), "url": url}


def to_words(petition: Petition, *, may_edit: bool) -> Way:
    url = reverse("admin:petitions_petition_change", args=[petition.pk])
    if may_edit:
        return {"name": "edit", "label": _("Edit text"), "url": url}
    return {"name": "read", "label": _("Read"), "url": url}


def to_look_closer(request: HttpRequest, petition: Petition) -> list[Way]:
    """Lists of what belongs to it, for those who may see them."""
    of_it = f"petition__id__exact={petition.pk}"
    account = request.user
    ways: list[Way] = []

    def add(label: str | Promise, view: str, query: str) -> None:
        ways.append({"label": label, "url": f"{reverse(f'admin:{view}')}?{query}"})

    if getattr(account, "moderates", False):
        add(_("Signatures"), "signatures_signature_changelist", of_it)
    elif petition.is_public:
        add(_("Shown reasons"), "signatures_shownreason_changelist", of_it)
    if getattr(account, "runs_site", False):
        add(_("Abuse"), "abuse", f"petition={petition.pk}")
        add(_("Events"), "campaigns_event_changelist", of_it)
    return ways
