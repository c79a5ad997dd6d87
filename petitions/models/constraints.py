"""What is always true of a petition, and the questions that its indexes answer."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from petitions.models.organizers import NO_ALT
from petitions.models.states import (
    ENDED,
    PUBLIC,
    UNOPENED,
    WINS,
    WITHHELD,
    Outcome,
    PetitionState,
    RejectionCode,
)

CONSTRAINTS: list[models.BaseConstraint] = [
    models.CheckConstraint(
        name="petition_state_is_known",
        condition=Q(state__in=PetitionState.values),
    ),
    models.CheckConstraint(
        name="petition_public_only_when_opened",
        condition=~Q(state__in=PUBLIC)
        | Q(opened_at__isnull=False, current_version__isnull=False),
    ),
    models.CheckConstraint(
        name="petition_closed_at_when_ended",
        condition=Q(state__in=ENDED, closed_at__isnull=False)
        | Q(state__in=WITHHELD)
        | Q(state__in=[*UNOPENED, PetitionState.OPEN], closed_at__isnull=True),
    ),
    models.CheckConstraint(
        name="petition_won_has_outcome",
        condition=~Q(state=PetitionState.WON)
        | Q(won_at__isnull=False) & ~Q(outcome_summary=""),
    ),
    models.CheckConstraint(
        name="petition_outcome_is_known",
        condition=Q(outcome__in=[*Outcome.values, ""]),
    ),
    models.CheckConstraint(
        name="petition_outcome_only_when_ended",
        condition=Q(outcome="", outcome_url="") | Q(state__in=[*ENDED, *WITHHELD]),
    ),
    models.CheckConstraint(
        name="petition_won_is_a_win",
        condition=~Q(state=PetitionState.WON) | Q(outcome__in=[*WINS, ""]),
    ),
    models.CheckConstraint(
        name="petition_rejection_code_is_known",
        condition=Q(withheld_code__in=[*RejectionCode.values, ""]),
    ),
    models.CheckConstraint(
        name="petition_withheld_has_reason",
        condition=~Q(state__in=WITHHELD) | ~Q(withheld_reason=""),
    ),
    models.CheckConstraint(
        name="petition_hidden_remembers_where_from",
        condition=Q(state=PetitionState.HIDDEN, hidden_from__in=PUBLIC)
        | ~Q(state=PetitionState.HIDDEN) & Q(hidden_from=""),
    ),
    models.CheckConstraint(
        name="petition_goal_is_positive",
        violation_error_message=_("A goal is at least one signature."),
        condition=Q(goal__isnull=True) | Q(goal__gt=0),
    ),
    models.CheckConstraint(
        name="petition_carried_over_has_source",
        condition=Q(carried_over_count=0) | ~Q(carried_over_source=""),
    ),
    models.CheckConstraint(
        name="petition_count_holds_what_was_carried_over",
        condition=Q(signature_count__gte=F("carried_over_count")),
    ),
    models.CheckConstraint(
        name="petition_next_action_is_a_pair",
        violation_error_message=_("What to do next needs both its words and its link."),
        condition=Q(next_action_label="", next_action_url="")
        | ~Q(next_action_label="") & ~Q(next_action_url=""),
    ),
    models.CheckConstraint(
        name="petition_picture_has_alt",
        violation_error_message=NO_ALT,
        condition=Q(picture="") | ~Q(picture_alt=""),
    ),
]

NEWEST_ENDED = [Coalesce("won_at", "closed_at").desc(), F("id").desc()]

INDEXES = [
    # The lists: newest first, most signed first, closing soon.
    models.Index(name="petition_newest", fields=["state", "-opened_at"]),
    models.Index(name="petition_most", fields=["state", "-signature_count"]),
    models.Index(name="petition_closing", fields=["state", "closes_at"]),
    # The feed, and the pages of a topic, a target, an organizer.
    models.Index(name="petition_public_newest", fields=["-opened_at", "-id"]),
    # The start page: what was won last.
    models.Index(name="petition_won_newest", fields=["state", "-won_at"]),
    # The page of how petitions ended: in one way, or in any.
    models.Index(
        "outcome",
        *NEWEST_ENDED,
        name="petition_outcome",
        condition=~Q(outcome=""),
    ),
    models.Index(
        *NEWEST_ENDED,
        name="petition_ended_newest",
        condition=~Q(outcome=""),
    ),
    # The worker: whose words wait to be indexed.
    models.Index(name="petition_index_due", fields=["index_due_at"]),
]
