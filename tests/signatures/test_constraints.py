"""What must never be true of a signature, the database refuses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from signatures.models import (
    AccessRule,
    AskedCount,
    CountChange,
    Exclusion,
    ExclusionCount,
    LinkRequest,
    ReasonReport,
    Sheet,
    SheetRow,
    Signature,
    SignatureMail,
)
from signatures.models.forgetting import NOTHING_PERSONAL
from signatures.models.sheet_rows import Line
from signatures.models.signatures import CONSENTS_AFTER_SIGNING
from tests.makers import (
    make_confirmed_signature,
    make_counted_sheet,
    make_done_exclusion,
    make_exclusion,
    make_petition,
    make_sheet,
    make_signature,
)
from tests.petitions.constraints import Attempt, assert_refused, declared

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def make_change() -> CountChange:
    make_confirmed_signature()
    return CountChange.objects.get()


def make_mail() -> SignatureMail:
    return make_signature().mails.get()


def make_link_request() -> LinkRequest:
    return LinkRequest.objects.create(address_key="0" * 32, language="en")


def make_second_day_of_asking() -> AskedCount:
    petition, today = make_petition(), timezone.localdate()
    days = [today - timedelta(days=1), today]
    counts = [AskedCount(petition=petition, day=day, count=1) for day in days]
    return AskedCount.objects.bulk_create(counts)[1]


def make_second_signature() -> Signature:
    """Pending; the same address has a confirmed one on the same petition."""
    petition = make_petition()
    make_confirmed_signature(petition=petition, email="ana@example.org")
    return make_signature(petition=petition, email="ana@example.org")


def make_withdrawn_signature() -> Signature:
    signature = make_confirmed_signature()
    signature.withdraw()
    signature.refresh_from_db()
    return signature


def make_forgotten_signature() -> Signature:
    signature = make_confirmed_signature()
    Signature.objects.filter(pk=signature.pk).update(
        **NOTHING_PERSONAL, forgotten_at=NOW
    )
    signature.refresh_from_db()
    return signature


def make_excluded_signature() -> Signature:
    signature = make_confirmed_signature(name="Bot")
    make_done_exclusion(name_pattern="Bot")
    return signature


def make_exclusion_of_bots() -> Exclusion:
    return make_exclusion(name_pattern="Bot")


def make_second_count() -> ExclusionCount:
    """Another exclusion has a number of the same petition."""
    first, second = make_exclusion_of_bots(), make_exclusion_of_bots()
    petition = make_petition()
    first.counts.create(petition=petition)
    return second.counts.create(petition=petition)


def make_rule() -> AccessRule:
    """There is one for good.example too."""
    AccessRule.objects.create(kind="allow", subject="domain", pattern="good.example")
    return AccessRule.objects.create(kind="block", subject="domain", pattern="x.org")


def make_carried_signature() -> Signature:
    return Signature.objects.create(
        petition=(petition := make_petition()),
        version=petition.current_version,
        name="Ana",
        origin="carried",
        state="confirmed",
        confirmed_at=NOW,
    )


def make_second_sheet() -> Sheet:
    """The petition has a sheet of another number too."""
    petition = make_petition()
    make_sheet(petition)
    return make_sheet(petition)


def make_second_line() -> SheetRow:
    sheet = make_sheet(lines=[Line("Ana"), Line("Bo")])
    return sheet.rows.get(position=2)


def make_counted_line() -> SheetRow:
    return make_counted_sheet().rows.get(position=1)


def make_report() -> ReasonReport:
    return ReasonReport.objects.create(
        signature=make_confirmed_signature(reason="Because."), cause="other"
    )


ATTEMPTS = [
    Attempt("report_cause_is_known", make_report, {"cause": "envy"}),
    Attempt(
        "signature_state_is_known",
        make_signature,
        {"state": "signed", "confirmed_at": NOW},
    ),
    Attempt(
        "signature_reason_state_is_known", make_signature, {"reason_state": "liked"}
    ),
    Attempt("signature_origin_is_known", make_signature, {"origin": "bought"}),
    Attempt(
        "signature_via_only_while_pending", make_confirmed_signature, {"via": "wa"}
    ),
    Attempt(
        "signature_confirmed_at_unless_pending", make_signature, {"state": "confirmed"}
    ),
    Attempt(
        "signature_confirmed_at_unless_pending", make_signature, {"state": "excluded"}
    ),
    Attempt(
        "signature_confirmed_at_unless_pending", make_signature, {"confirmed_at": NOW}
    ),
    Attempt(
        "signature_confirmed_at_unless_pending",
        make_confirmed_signature,
        {"confirmed_at": None},
    ),
    Attempt("signature_online_has_name_and_address", make_signature, {"name": ""}),
    Attempt("signature_online_has_name_and_address", make_signature, {"email": ""}),
    Attempt(
        "signature_online_has_name_and_address", make_signature, {"address_key": None}
    ),
    Attempt(
        "signature_carried_is_confirmed_without_address",
        make_carried_signature,
        {"email": "ana@example.org"},
    ),
    Attempt(
        "signature_carried_is_confirmed_without_address",
        make_carried_signature,
        {"address_key": "0" * 32},
    ),
    Attempt(
        "signature_carried_is_confirmed_without_address",
        make_carried_signature,
        {"wants_updates": True},
    ),
    Attempt(
        "signature_carried_is_confirmed_without_address",
        make_carried_signature,
        {"state": "pending", "confirmed_at": None},
    ),
    Attempt(
        "signature_confirmed_once_per_address",
        make_second_signature,
        {"state": "confirmed", "confirmed_at": NOW},
    ),
    Attempt(
        "signature_withdrawn_at_when_withdrawn",
        make_withdrawn_signature,
        {"withdrawn_at": None},
    ),
    Attempt(
        "signature_withdrawn_at_when_withdrawn",
        make_withdrawn_signature,
        {"state": "confirmed"},
    ),
    *(
        Attempt(
            "signature_forgotten_holds_nothing_personal",
            make_forgotten_signature,
            personal,
        )
        for personal in [
            *({name: "Ana"} for name in ("name", "email", "place", "reason")),
            {"address_key": "0" * 32},
            {"show_name": True},
            {"wants_updates": True},
        ]
    ),
    Attempt(
        "signature_held_only_while_pending", make_confirmed_signature, {"held_at": NOW}
    ),
    *(
        Attempt(
            "signature_allows_more_since_a_moment",
            make_confirmed_signature,
            {name: True},
        )
        for name in CONSENTS_AFTER_SIGNING
    ),
    Attempt(
        "signature_allows_more_since_a_moment",
        make_forgotten_signature,
        {"name_for_delivery": True, "consents_changed_at": NOW},
    ),
    Attempt(
        "signature_written_to_only_with_address",
        make_carried_signature,
        {"organizer_may_write": True, "consents_changed_at": NOW},
    ),
    Attempt(
        "signature_excluded_in_bulk_does_not_count",
        make_excluded_signature,
        {"state": "confirmed"},
    ),
    Attempt(
        "signature_excluded_in_bulk_does_not_count",
        make_excluded_signature,
        {"state": "pending", "confirmed_at": None},
    ),
    Attempt("exclusion_state_is_known", make_exclusion_of_bots, {"state": "begun"}),
    Attempt("exclusion_has_a_condition", make_exclusion_of_bots, {"name_pattern": ""}),
    Attempt(
        "exclusion_counts_once_for_each_petition",
        make_second_count,
        {"exclusion": lambda row: row.exclusion_id - 1},
    ),
    Attempt("rule_kind_is_known", make_rule, {"kind": "love"}),
    Attempt("rule_subject_is_known", make_rule, {"subject": "person"}),
    Attempt("rule_once_for_each_pattern", make_rule, {"pattern": "good.example"}),
    Attempt("sheet_number_once_per_petition", make_second_sheet, {"number": 1}),
    Attempt(
        "sheet_counted_says_how_many_were_written", make_sheet, {"counted_at": NOW}
    ),
    Attempt("sheet_row_once_in_each_place", make_second_line, {"position": 1}),
    Attempt("sheet_row_verdict_is_known", make_second_line, {"verdict": "nice"}),
    *(
        Attempt("sheet_row_holds_words_or_a_signature", make_counted_line, words)
        for words in [
            *({name: "Ana"} for name in ("name", "place", "email")),
            {"verdict": "double"},
        ]
    ),
    Attempt("count_change_is_one_up_or_down", make_change, {"change": 2}),
    Attempt("count_change_is_one_up_or_down", make_change, {"change": 0}),
    Attempt(
        "signaturemail_is_sent_or_dead_not_both",
        make_mail,
        {"sent_at": NOW, "dead_at": NOW},
    ),
    Attempt(
        "asked_count_once_a_day",
        make_second_day_of_asking,
        {"day": lambda count: count.day - timedelta(days=1)},
    ),
    Attempt(
        "linkrequest_is_sent_or_dead_not_both",
        make_link_request,
        {"sent_at": NOW, "dead_at": NOW},
    ),
]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=str)
def test_the_database_refuses(attempt: Attempt) -> None:
    assert_refused(attempt)


def test_every_constraint_is_tried() -> None:
    assert {attempt.constraint for attempt in ATTEMPTS} == set(declared("signatures"))


def test_any_number_of_tries_may_wait_for_one_address() -> None:
    petition = make_petition()

    for _ in range(3):
        make_signature(petition=petition, email="ana@example.org")

    assert Signature.objects.pending().count() == 3
