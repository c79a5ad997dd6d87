from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from campaigns import lifecycle
from campaigns.admin.acts import Act, ActingAdmin, SureForm
from petitions.admin_lists import LongListAdmin, OfPetition
from signatures.models import Origin, Signature, SignatureState


class Which(admin.SimpleListFilter):
    """What staff look for. A state that nearly all are in needs no choice."""

    title = gettext_lazy("signatures")
    parameter_name = "which"
    choices_of_rows: dict[str, tuple[Any, Callable[[], models.QuerySet[Signature]]]] = {
        "waiting": (
            gettext_lazy("Reason waiting for review"),
            Signature.objects.with_held_reason,
        ),
        "shown": (gettext_lazy("Reason shown"), Signature.objects.with_shown_reason),
        "hidden": (gettext_lazy("Reason hidden"), Signature.objects.with_hidden_reason),
        "excluded": (gettext_lazy("Excluded"), Signature.objects.excluded),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _rows) in self.choices_of_rows.items()]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Signature]
    ) -> models.QuerySet[Signature]:
        """What waits longest comes first in its own list."""
        chosen = self.value() or ""
        if chosen not in self.choices_of_rows:
            return queryset
        _label, rows = self.choices_of_rows[chosen]
        found = queryset & rows()
        return found.order_by("pk") if chosen == "waiting" else found


class OfPetitionOnceConfirmed(OfPetition):
    """Nobody acts on pending ones: no index has to tell them apart by petition."""

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Signature]
    ) -> models.QuerySet[Signature]:
        found = super().queryset(request, queryset)
        return (
            found
            if self.value() is None
            else found & Signature.objects.once_confirmed()
        )


@admin.register(Signature)
class SignatureAdmin(ActingAdmin, LongListAdmin):
    """Reasons to review, and signatures to exclude. Staff only; no name, no address.

    A name stands here only where its signer shows it to everybody.
    """

    staff_may = frozenset({"view"})
    list_display = ["id", "reason", "petition", "shown_name", "reason_state", "state"]
    list_filter = [Which, OfPetitionOnceConfirmed]
    list_select_related = ["petition"]
    fields = [
        *("petition", "state", "origin", "shown_name", "country"),
        *("reason", "reason_state", "confirmed_at"),
    ]
    readonly_fields = ["shown_name"]
    actions = ["release_reasons", "hide_reasons"]
    acts = {
        "release": Act(
            gettext_lazy("Release the reason"),
            gettext_lazy("Everybody will be able to read it."),
            lambda signature: bool(signature.reason) and not signature.public_reason,
            lifecycle.release_reason,
            SureForm,
        ),
        "hide": Act(
            gettext_lazy("Hide the reason"),
            gettext_lazy("Nobody but its signer will be able to read it."),
            lambda signature: bool(signature.public_reason),
            lifecycle.hide_reason,
            SureForm,
        ),
        "exclude": Act(
            gettext_lazy("Exclude"),
            gettext_lazy("It counts no more and is shown nowhere; it can be undone."),
            lambda signature: (
                signature.is_confirmed and signature.origin != Origin.CARRIED
            ),
            lifecycle.exclude,
        ),
        "count-again": Act(
            gettext_lazy("Count again"),
            gettext_lazy("It counts as if it had never been excluded."),
            lambda signature: signature.state == SignatureState.EXCLUDED,
            lifecycle.count_again,
        ),
    }

    @admin.display(description=gettext_lazy("shown name"))
    def shown_name(self, signature: Signature) -> str:
        return signature.public_name or "–"

    @admin.action(description=gettext_lazy("Release the reasons"), permissions=["view"])
    def release_reasons(
        self, request: HttpRequest, signatures: models.QuerySet[Signature]
    ) -> None:
        number = _each(signatures, lifecycle.release_reason, request)
        words = ngettext("%d reason released.", "%d reasons released.", number)
        messages.success(request, words % number)

    @admin.action(description=gettext_lazy("Hide the reasons"), permissions=["view"])
    def hide_reasons(
        self, request: HttpRequest, signatures: models.QuerySet[Signature]
    ) -> None:
        number = _each(signatures, lifecycle.hide_reason, request)
        words = ngettext("%d reason hidden.", "%d reasons hidden.", number)
        messages.success(request, words % number)


def _each(
    signatures: models.QuerySet[Signature],
    do: Callable[..., bool],
    request: HttpRequest,
) -> int:
    return sum(
        do(signature, by=request.user)
        for signature in signatures.select_related("petition")
    )
