"""What must never be true of a petition, the database refuses."""

import pytest
from django.db import connection
from django.utils import timezone

from petitions.models import (
    Petition,
    PetitionOrganizer,
    PetitionTarget,
    PetitionTranslation,
    PetitionVersion,
    SigningPause,
)
from tests.makers import (
    make_account,
    make_closed_petition,
    make_draft,
    make_hidden_petition,
    make_organizer,
    make_petition,
    make_rejected_petition,
    make_target,
    make_translation,
    make_won_petition,
)
from tests.petitions.constraints import Attempt, assert_refused, declared

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def make_second_organizer() -> PetitionOrganizer:
    petition = make_draft(organizers=[make_organizer(), make_organizer()])
    return petition.petitionorganizer_set.last()


def make_second_target() -> PetitionTarget:
    petition = make_draft(targets=[make_target(), make_target()])
    return petition.deliveries.last()


def make_second_version() -> PetitionVersion:
    petition = make_petition()
    petition.revise(by=None, reason="A date was wrong.")
    return petition.current_version


def make_second_translation() -> PetitionTranslation:
    petition = make_petition()
    make_translation(petition, language="en")
    return make_translation(petition, language="es")


def make_second_pause(petition: Petition | None) -> SigningPause:
    """One that is over, beside one that runs."""
    staff = make_account()
    over = SigningPause.objects.begin(petition, by=staff, notice="Until noon.")
    SigningPause.objects.running().end()
    SigningPause.objects.begin(petition, by=staff, notice="Once more.")
    return over


ATTEMPTS = [
    Attempt(
        "pause_once_at_a_time_for_a_petition",
        lambda: make_second_pause(make_petition()),
        {"ended_at": None},
    ),
    Attempt(
        "pause_once_at_a_time_for_the_site",
        lambda: make_second_pause(None),
        {"ended_at": None},
    ),
    Attempt("account_email_is_lowercase", make_account, {"email": "Ana@example.org"}),
    Attempt("organizer_kind_is_known", make_organizer, {"kind": "party"}),
    Attempt("organizer_picture_has_alt", make_organizer, {"picture": "a.jpg"}),
    Attempt(
        "organizer_once_per_petition",
        make_second_organizer,
        {"organizer": lambda row: row.petition.organizer_list[0]},
    ),
    Attempt(
        "target_has_name_office_or_organization",
        make_target,
        {"name": "", "office": "", "organization": ""},
    ),
    Attempt(
        "target_asked_once_per_petition",
        make_second_target,
        {"target": lambda row: row.petition.delivery_list[0].target},
    ),
    Attempt(
        "delivery_written_only_when_delivered",
        make_second_target,
        {"delivered_as_written": "2012-06"},
    ),
    Attempt(
        "target_answered_only_when_asked", make_second_target, {"answered_at": NOW}
    ),
    Attempt("version_number_once_per_petition", make_second_version, {"number": 1}),
    Attempt("version_after_the_first_has_reason", make_second_version, {"reason": ""}),
    Attempt(
        "translation_once_per_language", make_second_translation, {"language": "en"}
    ),
    Attempt(
        "petition_state_is_known",
        make_draft,
        {"state": "paused"},
        also=("petition_closed_at_when_ended",),
    ),
    Attempt("petition_public_only_when_opened", make_petition, {"opened_at": None}),
    Attempt(
        "petition_public_only_when_opened", make_petition, {"current_version": None}
    ),
    Attempt("petition_public_only_when_opened", make_draft, {"state": "open"}),
    Attempt("petition_closed_at_when_ended", make_closed_petition, {"closed_at": None}),
    Attempt("petition_closed_at_when_ended", make_won_petition, {"closed_at": None}),
    Attempt("petition_closed_at_when_ended", make_petition, {"closed_at": NOW}),
    Attempt("petition_closed_at_when_ended", make_draft, {"closed_at": NOW}),
    Attempt("petition_won_has_outcome", make_won_petition, {"outcome_summary": ""}),
    Attempt("petition_won_has_outcome", make_won_petition, {"won_at": None}),
    Attempt(
        "petition_withheld_has_reason", make_rejected_petition, {"withheld_reason": ""}
    ),
    Attempt(
        "petition_withheld_has_reason", make_hidden_petition, {"withheld_reason": ""}
    ),
    Attempt(
        "petition_hidden_remembers_where_from",
        make_hidden_petition,
        {"hidden_from": ""},
    ),
    Attempt(
        "petition_hidden_remembers_where_from",
        make_hidden_petition,
        {"hidden_from": "draft"},
    ),
    Attempt(
        "petition_hidden_remembers_where_from", make_petition, {"hidden_from": "open"}
    ),
    Attempt(
        "petition_rejection_code_is_known",
        make_rejected_petition,
        {"withheld_code": "dull"},
    ),
    Attempt(
        "petition_outcome_is_known",
        make_closed_petition,
        {"outcome": "forgotten"},
    ),
    Attempt("petition_outcome_only_when_ended", make_petition, {"outcome": "lost"}),
    Attempt(
        "petition_outcome_only_when_ended",
        make_petition,
        {"outcome_url": "https://example.org"},
    ),
    Attempt("petition_won_is_a_win", make_won_petition, {"outcome": "lost"}),
    Attempt("petition_goal_is_positive", make_draft, {"goal": 0}),
    Attempt(
        "petition_carried_over_has_source",
        make_draft,
        {"carried_over_count": 3, "signature_count": 3},
    ),
    Attempt(
        "petition_count_holds_what_was_carried_over",
        make_draft,
        {"carried_over_count": 3, "carried_over_source": "Paper", "signature_count": 2},
    ),
    Attempt(
        "petition_next_action_is_a_pair", make_draft, {"next_action_label": "Write"}
    ),
    Attempt(
        "petition_next_action_is_a_pair",
        make_draft,
        {"next_action_url": "https://example.org"},
    ),
    Attempt("petition_picture_has_alt", make_draft, {"picture": "a.jpg"}),
]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=str)
def test_the_database_refuses(attempt: Attempt) -> None:
    assert_refused(attempt)


def test_every_constraint_is_tried() -> None:
    assert {attempt.constraint for attempt in ATTEMPTS} == set(declared("petitions"))


def test_every_constraint_stands_in_the_database() -> None:
    with connection.cursor() as cursor:
        there = {
            name
            for table in connection.introspection.table_names(cursor)
            for name in connection.introspection.get_constraints(cursor, table)
        }

    for app in ["petitions", "signatures", "campaigns"]:
        assert set(declared(app)) <= there
