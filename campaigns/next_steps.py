"""What the organizers of a petition can do next: one step, the one that helps most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Promise, Update
from petitions.goals import thresholds_between
from petitions.models import Petition, PetitionState, PetitionTarget
from petitions.templatetags.petition_text import grouped

CLOSING_SOON = timedelta(days=7)
SILENT_FOR = timedelta(days=30)
FIRST_DAYS = timedelta(days=2)
FIRST_SIGNATURES = 20
NEAR = 0.1  # of a milestone is missing


@dataclass(frozen=True)
class Facts:
    """What a step depends on, besides the petition itself."""

    last_update_at: datetime | None = None
    has_targets: bool = True
    is_asked: bool = False  # one of its targets was asked for an answer
    is_delivered: bool = False
    promise_is_due: bool = False


@dataclass(frozen=True)
class Step:
    name: str
    words: str
    label: str = ""  # of the link, where there is something to do
    url: str = ""

    @property
    def is_overview(self) -> bool:
        return self.url.endswith("/overview/")

    @property
    def is_update(self) -> bool:
        return self.name in ("closing", "update", "tell")

    @property
    def is_share(self) -> bool:
        return self.name in ("first", "near", "share")


def with_facts(petitions: models.QuerySet[Petition]) -> models.QuerySet[Petition]:
    """Petitions that know their facts, in the same query."""
    updates = Update.objects.filter(petition=OuterRef("pk")).order_by("-posted_at")
    deliveries = PetitionTarget.objects.filter(petition=OuterRef("pk"))
    promises = Promise.objects.filter(petition=OuterRef("pk"), asked_at__isnull=False)
    return petitions.annotate(
        last_update_at=Subquery(updates.values("posted_at")[:1]),
        has_targets=Exists(deliveries),
        is_asked=Exists(deliveries.filter(asked_at__isnull=False)),
        is_delivered=Exists(deliveries.filter(delivered_at__isnull=False)),
        promise_is_due=Exists(promises.filter(answer="")),
    )


def facts_of(petition: Petition) -> Facts:
    """Of one that was found `with_facts`."""
    return Facts(**{name: getattr(petition, name) for name in Facts.__annotations__})


def next_step(
    petition: Petition, facts: Facts, *, now: datetime, may_ask: bool = False
) -> Step:
    """`may_ask` for staff, who alone ask targets for an answer."""
    match petition.state:
        case PetitionState.DRAFT:
            return _of_draft(petition)
        case PetitionState.OPEN:
            return _of_open(petition, facts, now, may_ask=may_ask)
        case PetitionState.WON | PetitionState.CLOSED:
            return _of_ended(petition, facts)
        case PetitionState.REVIEW:
            words = _("Staff read it. You get a mail when they have decided.")
            return Step("wait", words)
        case PetitionState.REJECTED:
            words = _("It was not accepted.")
            return Step("rejected", words, _("Read why"), _overview(petition))
        case _:
            words = _("It is out of view.")
            return Step("hidden", words, _("Read why"), _overview(petition))


def _of_draft(petition: Petition) -> Step:
    edit = reverse("admin:petitions_petition_change", args=[petition.pk])
    if petition.changes_asked:
        words = _("Staff ask you to change something before it can open.")
        return Step("change", words, _("Read what, and change it"), edit)
    words = _("It is not finished. Only you and staff see it until you send it.")
    return Step("finish", words, _("Finish it and send it"), edit)


def _of_open(petition: Petition, facts: Facts, now: datetime, *, may_ask: bool) -> Step:
    """The nearer the hour, the sooner it is named."""
    share = _("Share it"), petition.get_absolute_url()
    update = _("Post an update"), _post_update(petition)
    if petition.closes_at and petition.closes_at < now + CLOSING_SOON:
        return Step("closing", _closing_words(petition.closes_at - now), *update)
    opened_at = petition.opened_at or now
    if petition.signature_count < FIRST_SIGNATURES:
        words = _("Few have signed so far: ask ten people, one by one.")
        if now < opened_at + FIRST_DAYS:
            words = _("The first day decides: ask ten people, one by one, to sign now.")
        return Step("first", words, *share)
    if missing := _missing_to_milestone(petition.signature_count):
        return Step("near", _near_words(petition.signature_count, missing), *share)
    if max(facts.last_update_at or opened_at, opened_at) < now - SILENT_FOR:
        words = _("There has been no update for a month: say how it goes.")
        return Step("update", words, *update)
    if may_ask and facts.has_targets and not facts.is_asked:
        words = _("Nobody whom it asks has been asked for an answer yet.")
        return Step("ask", words, _("See how it goes"), _overview(petition))
    return Step("share", _("It goes its way. Keep sharing it."), *share)


def _of_ended(petition: Petition, facts: Facts) -> Step:
    overview = _overview(petition)
    if facts.promise_is_due:
        words = _("The day of a promise has come: was it kept?")
        promise = reverse("admin:petition_promise", args=[petition.pk])
        return Step("promise", words, _("Say whether it was kept"), promise)
    if facts.has_targets and not facts.is_delivered:
        words = _("It has ended, and its signatures have not been handed over.")
        return Step("hand-over", words, _("Hand it over"), overview)
    if not petition.outcome:
        words = _("Nobody has said yet how it ended.")
        return Step("outcome", words, _("See it"), overview)
    ended_at = petition.closed_at
    if ended_at and (not facts.last_update_at or facts.last_update_at < ended_at):
        words = _("Tell those who signed what came of it.")
        return Step("tell", words, _("Post an update"), _post_update(petition))
    return Step("done", _("All is done."))


def _missing_to_milestone(count: int) -> int:
    """How many to the next one, if it is near; else 0."""
    upcoming = thresholds_between(count, max(count * 10, 10))
    missing = upcoming[0] - count
    is_near = count >= FIRST_SIGNATURES and missing <= upcoming[0] * NEAR
    return missing if is_near else 0


def _near_words(count: int, missing: int) -> str:
    words = ngettext(
        "Only %(missing)s more to %(milestone)s.",
        "Only %(missing)s more to %(milestone)s.",
        missing,
    )
    milestone = grouped(count + missing)
    return words % {"missing": grouped(missing), "milestone": milestone}


def _closing_words(left: timedelta) -> str:
    days = left.days
    if days < 1:
        return _("It closes within a day: ask for the last signatures.")
    words = ngettext(
        "It closes in %(days)s day: ask for the last signatures.",
        "It closes in %(days)s days: ask for the last signatures.",
        days,
    )
    return words % {"days": days}


def _overview(petition: Petition) -> str:
    return reverse("admin:petition_overview", args=[petition.pk])


def _post_update(petition: Petition) -> str:
    return f"{reverse('admin:campaigns_update_add')}?petition={petition.pk}"
