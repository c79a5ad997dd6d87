"""What can be done to a petition, grouped by purpose, each with a word of help."""

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
Ways = dict[str, Way]  # each by its name

# Each button under its heading, the most useful first. Acts explain themselves.
GROUPS: list[tuple[str | Promise, dict[str, str | Promise]]] = [
    (
        _("Write to people"),
        {
            "update": _("News for its page, and by mail to all who asked for updates."),
            "tell-signers": "",
            "petition_mail": _("How far each mail is; stop one, or let it go on."),
            "ask_target": _(
                "A mail with a link for one answer, published once you agree."
            ),
        },
    ),
    (
        _("The words"),
        {
            "submit": "",
            "edit": _(
                "Words, picture, goal, closing day. After opening, everybody can see "
                "what was changed, and why."
            ),
            "read": _("Its words and its picture, as they stand now."),
            "take-back": "",
        },
    ),
    (
        _("Collect and deliver"),
        {
            "petition_paper_sheets": _(
                "Print sheets, type in what people wrote, count it."
            ),
            "petition_hand_over": _(
                "A PDF with the count and the reasons, to hand over."
            ),
            "petition_export": _("The signatures as a file, for a stated purpose."),
        },
    ),
    (
        _("Who runs it"),
        {
            "still_ours": _(
                "We asked whether you still run it. One press, and it goes on."
            ),
            "invite_organizer": _(
                "They see and do what you do, with a log-in of their own."
            ),
            "hand_over_to_organizer": _("Somebody else runs it from then on."),
        },
    ),
    (
        _("Pause or end it"),
        {
            "petition_promise": _("The day has come that was promised: was it kept?"),
            "outcome": "",
            "correct-outcome": "",
            "correct-victory": "",
            "win": "",
            "close": "",
            "pause": "",
            "resume": "",
            "petition_decide": _(
                "Open it, ask for changes, reject it or take it down."
            ),
            "restore": "",
            "review-again": "",
        },
    ),
]
EXPLANATIONS = {
    name: words for _heading, ways in GROUPS for name, words in ways.items()
}
URGENT = ["still_ours", "petition_promise", "petition_decide", "submit"]
USUAL = ["update", "edit", "read"]
WAYS_OF_STEPS = {
    "ask": "ask_target",
    "hand-over": "petition_hand_over",
    "outcome": "outcome",
}


def explained(ways: list[Way]) -> Ways:
    return {
        way["name"]: {"explanation": EXPLANATIONS[way["name"]], **way} for way in ways
    }


def to_take(step: Step, ways: Ways, petition: Petition) -> Step:
    """The step, with a link to where it is taken, not to the page it stands on."""
    if step.url != reverse("admin:petition_overview", args=[petition.pk]):
        return step
    way = ways.get(WAYS_OF_STEPS.get(step.name, ""), {})
    return replace(step, label=str(way.get("label", "")), url=way.get("url", ""))


def next_way(ways: Ways, step: Step, petition: Petition) -> Way:
    """What cannot wait; else where the next step is taken; else what is done most.

    Staff decide first of all while it waits for that, and seldom afterwards.
    """
    of_step = [name for name, way in ways.items() if way["url"] == step.url]
    names = [*URGENT, *of_step, *USUAL]
    if petition.is_public:
        names.remove("petition_decide")
    return next(ways[name] for name in names if name in ways)


def in_groups(ways: Ways, *, but: Way) -> list[tuple[str | Promise, list[Way]]]:
    """All other ways, below the headings that have any."""
    groups = [
        (
            heading,
            [ways[name] for name in names if name in ways and name != but["name"]],
        )
        for heading, names in GROUPS
    ]
    return [(heading, found) for heading, found in groups if found]


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
