from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext_lazy

from campaigns import lifecycle
from campaigns.admin.acts import Act
from campaigns.admin.held import ACTS_ON_PENDING, OF_HELD, HeldListAdmin
from campaigns.admin.reasons import ACTS_ON_REASONS, ReasonsAdmin
from campaigns.admin.signers import look_up_signer
from petitions.admin_lists import OfPetition
from petitions.dates import show_day
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
        "reported": (
            gettext_lazy("Reason reported"),
            Signature.objects.with_reported_reason,
        ),
        "held": (gettext_lazy("Held"), Signature.objects.held),
        "excluded": (gettext_lazy("Excluded"), Signature.objects.excluded),
    }
    oldest_first = {"waiting", "reported", "held"}

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
        return found.order_by("pk") if chosen in self.oldest_first else found


class OfPetitionOnceConfirmed(OfPetition):
    """Nobody acts on pending ones but the held: no other index tells them apart."""

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Signature]
    ) -> models.QuerySet[Signature]:
        found = super().queryset(request, queryset)
        if self.value() is None or HeldListAdmin.lists_held(request):
            return found
        return found & Signature.objects.once_confirmed()


@admin.register(Signature)
class SignatureAdmin(ReasonsAdmin, HeldListAdmin):
    """Reasons to review, and signatures to release or exclude. No name, no address.

    A name stands here only where its signer shows it to everybody.
    """

    staff_may = moderators_may = frozenset({"view"})
    list_display = [
        *("id", "reason_to_read", "hide_now", "reported", "petition", "shown_name"),
        *("reason_state", "state"),
    ]
    list_filter = [Which, OfPetitionOnceConfirmed]
    fields = [
        *("petition", "state", "origin", "shown_name", "country"),
        *("marked_reason", "reason_state", "reported"),
        *("confirmed", "held_at", "exclusion"),
    ]
    readonly_fields = ["shown_name", "marked_reason", "reported", "confirmed"]
    actions = ["release_reasons", "hide_reasons", *OF_HELD]
    acts = {
        **ACTS_ON_REASONS,
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
        **ACTS_ON_PENDING,
        "erase": Act(
            gettext_lazy("Erase for the signer"),
            gettext_lazy("It is gone at once, for good, with all that it says."),
            lambda _signature: True,
            lifecycle.erase,
        ),
    }

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset(request)
        return rows & Signature.objects.not_withdrawn()

    @admin.display(description=gettext_lazy("confirmed"))
    def confirmed(self, signature: Signature) -> str:
        """On a sensitive petition no more than the day is anybody's business."""
        if signature.confirmed_at is None:
            return "–"
        moment = signature.petition.told_moment(signature.confirmed_at)
        is_day = signature.petition.sensitive
        return show_day(moment) if is_day else localize(timezone.localtime(moment))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.look_up_view)
        return [path("look-up/", view, name="look_up_signer"), *super().get_urls()]

    def look_up_view(self, request: HttpRequest) -> HttpResponse:
        return look_up_signer(request, self.admin_site)
