"""What is always true of a signature, and the questions that its indexes answer."""

from django.db import models
from django.db.models import Q

from signatures.models.finding import (
    HAS_REASON,
    IS_CONFIRMED,
    IS_EXCLUDED,
    SHOWS_REASON,
    WAS_CONFIRMED,
)
from signatures.models.states import Origin, ReasonState, SignatureState

CONSTRAINTS: list[models.BaseConstraint] = [
    models.CheckConstraint(
        name="signature_state_is_known",
        condition=Q(state__in=SignatureState.values),
    ),
    models.CheckConstraint(
        name="signature_reason_state_is_known",
        condition=Q(reason_state__in=ReasonState.values),
    ),
    models.CheckConstraint(
        name="signature_origin_is_known", condition=Q(origin__in=Origin.values)
    ),
    models.CheckConstraint(
        name="signature_confirmed_at_unless_pending",
        condition=Q(state=SignatureState.PENDING, confirmed_at__isnull=True)
        | ~Q(state=SignatureState.PENDING) & Q(confirmed_at__isnull=False),
    ),
    models.CheckConstraint(
        name="signature_online_has_name_and_address",
        condition=~Q(origin=Origin.ONLINE)
        | ~Q(name="") & ~Q(email="") & Q(address_key__isnull=False)
        | Q(forgotten_at__isnull=False),
    ),
    models.CheckConstraint(
        name="signature_carried_is_confirmed_without_address",
        condition=~Q(origin=Origin.CARRIED)
        | ~Q(state=SignatureState.PENDING)
        & Q(email="", address_key__isnull=True, wants_updates=False),
    ),
    models.CheckConstraint(
        name="signature_via_only_while_pending",
        condition=Q(via="") | Q(state=SignatureState.PENDING),
    ),
    models.CheckConstraint(
        name="signature_held_only_while_pending",
        condition=Q(held_at__isnull=True) | Q(state=SignatureState.PENDING),
    ),
    models.CheckConstraint(
        name="signature_withdrawn_at_when_withdrawn",
        condition=Q(state=SignatureState.WITHDRAWN, withdrawn_at__isnull=False)
        | ~Q(state=SignatureState.WITHDRAWN) & Q(withdrawn_at__isnull=True),
    ),
    models.CheckConstraint(
        name="signature_forgotten_holds_nothing_personal",
        condition=Q(forgotten_at__isnull=True)
        | Q(
            **dict.fromkeys(("name", "email", "place", "reason", "via"), ""),
            address_key__isnull=True,
            show_name=False,
            wants_updates=False,
        ),
    ),
    # What was allowed after signing: when, and by somebody who is known.
    models.CheckConstraint(
        name="signature_allows_more_since_a_moment",
        condition=Q(name_for_delivery=False, organizer_may_write=False)
        | Q(consents_changed_at__isnull=False, forgotten_at__isnull=True),
    ),
    models.CheckConstraint(
        name="signature_written_to_only_with_address",
        condition=Q(organizer_may_write=False) | ~Q(email=""),
    ),
    models.CheckConstraint(
        name="signature_excluded_in_bulk_does_not_count",
        condition=Q(exclusion__isnull=True)
        | Q(state__in=[SignatureState.EXCLUDED, SignatureState.WITHDRAWN])
        | Q(state=SignatureState.PENDING, held_at__isnull=False),
    ),
    # Also answers: which signatures has this address?
    models.UniqueConstraint(
        name="signature_confirmed_once_per_address",
        fields=["address_key", "petition"],
        condition=IS_CONFIRMED,
    ),
]

INDEXES = [
    # The petition page: who signed last, with a name or a reason to show?
    models.Index(
        name="signature_seen_in_public",
        fields=["petition", "-confirmed_at", "-id"],
        condition=IS_CONFIRMED & (Q(show_name=True) | SHOWS_REASON),
    ),
    # The page of all reasons: which are shown, the newest first?
    models.Index(
        name="signature_reason_shown",
        fields=["petition", "-confirmed_at", "-id"],
        condition=IS_CONFIRMED & SHOWS_REASON,
    ),
    # Staff: which reasons wait for review, which are shown, which hidden?
    models.Index(
        name="signature_reason",
        fields=["reason_state", "id"],
        condition=IS_CONFIRMED & HAS_REASON,
    ),
    # Staff: the same of one petition.
    models.Index(
        name="signature_reason_of_petition",
        fields=["petition", "reason_state", "id"],
        condition=IS_CONFIRMED & HAS_REASON,
    ),
    # Staff: which did we exclude?
    models.Index(
        name="signature_excluded",
        fields=["id"],
        condition=IS_EXCLUDED,
    ),
    # A request for links: which that we excluded has this address?
    models.Index(
        name="signature_excluded_by_address",
        fields=["address_key"],
        condition=IS_EXCLUDED,
    ),
    # Staff: which has this petition? Recounting: how many? Nobody asks it of
    # pending ones, so that signing does not have to write here.
    models.Index(
        name="signature_of_petition",
        fields=["petition", "id"],
        condition=WAS_CONFIRMED,
    ),
    # A sheet of paper: who has signed on others?
    models.Index(
        name="signature_on_paper",
        fields=["petition", "id"],
        condition=Q(origin=Origin.PAPER),
    ),
    # On PostgreSQL one more for the same question: `signature_plain_name_told`, which
    # migration 0013 makes.
    # An update: who asked for it?
    models.Index(
        name="signature_wants_updates",
        fields=["petition", "id"],
        condition=IS_CONFIRMED & Q(wants_updates=True),
    ),
    # A hand-over: who gave their name for it?
    models.Index(
        name="signature_name_for_delivery",
        fields=["petition", "id"],
        condition=IS_CONFIRMED & Q(name_for_delivery=True),
    ),
    # Forgetting: which are still pending, and since when?
    models.Index(
        name="signature_pending",
        fields=["started_at"],
        condition=Q(state=SignatureState.PENDING),
    ),
    # Staff: which are held and wait for them?
    models.Index(
        name="signature_held",
        fields=["id"],
        condition=Q(held_at__isnull=False, exclusion__isnull=True),
    ),
    # Undoing an exclusion in bulk: which did it take off?
    models.Index(
        name="signature_excluded_with",
        fields=["exclusion", "id"],
        condition=Q(exclusion__isnull=False),
    ),
    # Deleting for good: which were withdrawn a day ago?
    models.Index(
        name="signature_withdrawn",
        fields=["withdrawn_at"],
        condition=Q(state=SignatureState.WITHDRAWN),
    ),
]
