"""The list of held signatures: what speaks against each, to release or to exclude."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns import exclusions, lifecycle
from campaigns.admin.acts import Act, SureForm
from petitions.admin import account_of
from petitions.admin_lists import LongListAdmin
from petitions.models import Account, WrongState
from petitions.templatetags.petition_text import grouped
from signatures.models import Signature, SignatureState
from signatures.scores import Sign

OF_HELD = ["release_held", "exclude_held"]


def _is_held(signature: Signature) -> bool:
    return signature.held_at is not None and signature.exclusion_id is None


def _can_be_excluded(signature: Signature) -> bool:
    is_pending = signature.state == SignatureState.PENDING
    return is_pending and signature.exclusion_id is None


def _release(signature: Signature, *, by: Account) -> None:
    if not lifecycle.release(signature, by=by):
        raise WrongState


def _exclude(signature: Signature, *, by: Account, reason: str) -> None:
    if not exclusions.exclude_chosen([signature], by=by, reason=reason):
        raise WrongState


ACTS_ON_PENDING = {
    "release-held": Act(
        gettext_lazy("Release the signature"),
        gettext_lazy("Its signer gets the mail to confirm it, as if just signed."),
        lambda signature: _is_held(signature) and signature.petition.is_open,
        _release,
        SureForm,
        moderators_may=True,
    ),
    "exclude-pending": Act(
        gettext_lazy("Exclude"),
        gettext_lazy("It can't be confirmed any more, until the exclusion is undone."),
        _can_be_excluded,
        _exclude,
        moderators_may=True,
    ),
}


class HeldListAdmin(LongListAdmin):
    """A list of signatures that shows the held ones with what speaks against them."""

    @staticmethod
    def lists_held(request: HttpRequest) -> bool:
        return request.GET.get("which") == "held"

    def get_list_select_related(self, request: HttpRequest) -> Any:
        if self.lists_held(request):
            return ["petition", "trace"]
        return super().get_list_select_related(request)

    def get_list_display(self, request: HttpRequest) -> Any:
        if not self.lists_held(request):
            return super().get_list_display(request)
        return ["id", "against_it", "petition", "score", "hits", "held_at"]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        held = self.lists_held(request)
        return {name: act for name, act in actions.items() if (name in OF_HELD) == held}

    @admin.display(description=gettext_lazy("what speaks against it"))
    def against_it(self, signature: Signature) -> str:
        return signs_in_words(getattr(_trace(signature), "signs", ""))

    @admin.display(description=gettext_lazy("score"))
    def score(self, signature: Signature) -> str:
        trace = _trace(signature)
        return grouped(trace.score) if trace else "–"

    @admin.display(description=gettext_lazy("from one network"))
    def hits(self, signature: Signature) -> str:
        trace = _trace(signature)
        return grouped(trace.hits) if trace else "–"

    @admin.action(description=gettext_lazy("Release"), permissions=["view"])
    def release_held(
        self, request: HttpRequest, signatures: models.QuerySet[Signature]
    ) -> None:
        by = account_of(request)
        ticked = signatures.select_related("petition")
        number = sum(lifecycle.release(signature, by=by) for signature in ticked)
        words = ngettext("%d signature released.", "%d signatures released.", number)
        messages.success(request, words % number)

    @admin.action(description=gettext_lazy("Exclude"), permissions=["view"])
    def exclude_held(
        self, request: HttpRequest, signatures: models.QuerySet[Signature]
    ) -> None:
        by, reason = account_of(request), _("Chosen among the held signatures.")
        exclusion = exclusions.exclude_chosen(list(signatures), by=by, reason=reason)
        counts = exclusion.counts.all() if exclusion else []
        number = sum(count.pending for count in counts)
        words = ngettext("%d signature excluded.", "%d signatures excluded.", number)
        messages.success(request, words % number)


def signs_in_words(signs: str) -> str:
    """The signs of a trace as people read them; one that nobody knows as it stands."""
    known = dict(Sign.choices)
    names = signs.replace(",", " ").split()
    return ", ".join(str(known.get(name, name)) for name in names) or "–"


def _trace(signature: Signature) -> Any:
    """None once it is forgotten."""
    return getattr(signature, "trace", None)
