"""Reasons in the admin: what to look at in them, and what is decided about them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns import lifecycle
from campaigns.admin.acts import Act, ActForm, ActingAdmin, SureForm
from petitions.admin import account_of, could_be_number
from petitions.admin_lists import LongListAdmin, OfPetition
from petitions.marks import mark
from petitions.models import Account, Petition
from signatures.flags import Flag, flags, parts
from signatures.models import ReasonReport, ReasonState, ShownReason, Signature
from signatures.models.states import SignatureState


class ReleaseForm(ActForm):
    """Shows the reason, and takes back only the one that it has shown."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Signature, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.initial["seen"] = mark(row.reason)
        self.about = _read_before_release(row)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("seen") != mark(self.row.reason):
            self.data = {**self.data.dict(), "seen": mark(self.row.reason)}  # type: ignore[attr-defined]  # of a POST
            message = _("Its signer has changed it meanwhile. Read it as it is now.")
            self.add_error(None, message)
        return cleaned


def _release(signature: Signature, *, by: Account, seen: str) -> bool:
    """What was read is what the form was checked for, and the database checks it."""
    return lifecycle.release_reason(signature, by=by)


ACTS_ON_REASONS = {
    "release": Act(
        gettext_lazy("Release the reason"),
        gettext_lazy("Everybody will be able to read it."),
        lambda signature: bool(signature.reason) and not signature.public_reason,
        _release,
        ReleaseForm,
        moderators_may=True,
    ),
    "hide": Act(
        gettext_lazy("Hide the reason"),
        gettext_lazy("Nobody but its signer will be able to read it."),
        lambda signature: _can_be_hidden(signature),
        lifecycle.hide_reason,
        SureForm,
        organizers_may=True,
        moderators_may=True,
    ),
    "keep": Act(
        gettext_lazy("Keep the reason"),
        gettext_lazy("It stays as it is, and the reports of it are settled."),
        lambda signature: bool(signature.waiting_reports),
        lifecycle.keep_reason,
        SureForm,
        moderators_may=True,
    ),
}


class ReasonsAdmin(ActingAdmin, LongListAdmin):
    """Signatures by their reasons, each with what was found in it and who minds it."""

    list_select_related = ["petition"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        waiting = ReasonReport.objects.waiting()
        reports = Prefetch("reports", queryset=waiting, to_attr="waiting_reports")
        return super().get_queryset(request).prefetch_related(reports)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST" and "hide" in request.POST:
            return self._hide_now(request, request.POST["hide"])
        return super().changelist_view(request, extra_context)

    def _hide_now(self, request: HttpRequest, number: str) -> HttpResponse:
        """One press beside a reason; the list comes again as it was."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request)
        row = rows.filter(pk=number).first() if could_be_number(number) else None
        if row is None:
            raise Http404
        row.found_for = request
        if not self._is_allowed(request, self.acts["hide"], row):
            raise PermissionDenied
        if lifecycle.hide_reason(row, by=account_of(request)):
            messages.success(request, _("The reason is hidden."))
        else:
            messages.warning(request, _("It was hidden or taken back before."))
        return redirect(request.get_full_path())

    @admin.display(description=gettext_lazy("shown name"))
    def shown_name(self, signature: Signature) -> str:
        return signature.public_name or "–"

    @admin.display(description=gettext_lazy("reason"))
    def marked_reason(self, signature: Signature) -> SafeString:
        return _marked(signature)

    @admin.display(description=gettext_lazy("reason"))
    def reason_to_read(self, signature: Signature) -> SafeString:
        """With its fingerprint: what is ticked here is released only as it is here."""
        seen = '{}<input type="hidden" name="seen" value="{}">'
        return format_html(seen, _marked(signature), _fingerprint(signature))

    @admin.display(description=gettext_lazy("reported"))
    def reported(self, signature: Any) -> str:
        """How often, and why: "2 × It is advertising, or no reason at all"."""
        reports = signature.waiting_reports
        causes = Counter(one.get_cause_display() for one in reports).most_common()
        return "; ".join(f"{number} × {cause}" for cause, number in causes) or "–"

    @admin.display(description="")
    def hide_now(self, signature: Signature) -> str:
        if not _can_be_hidden(signature):
            return ""
        button = '<button class="button" name="hide" value="{}" title="{}">{}</button>'
        return format_html(button, str(signature.pk), _("Hide the reason"), _("Hide"))

    @admin.action(description=gettext_lazy("Release the reasons"), permissions=["view"])
    def release_reasons(
        self, request: HttpRequest, signatures: models.QuerySet[Signature]
    ) -> None:
        """Those in which nothing was found, as they stood in the list."""
        released = changed = 0
        seen = set(request.POST.getlist("seen"))
        ticked = list(signatures.select_related("petition"))
        harmless = [signature for signature in ticked if not _flags(signature)]
        for signature in harmless:
            if _fingerprint(signature) not in seen:
                changed += 1
            elif lifecycle.release_reason(signature, by=account_of(request)):
                released += 1
        words = ngettext("%d reason released.", "%d reasons released.", released)
        messages.success(request, words % released)
        self._say_what_waits(request, len(ticked) - len(harmless), changed)

    def _say_what_waits(self, request: HttpRequest, flagged: int, changed: int) -> None:
        if flagged:
            words = ngettext(
                "%d waits, as something was found in it: release it on its own page.",
                "%d wait, as something was found in them: release each on its page.",
                flagged,
            )
            messages.warning(request, words % flagged)
        if changed:
            words = ngettext(
                "%d was changed by its signer meanwhile: read it anew.",
                "%d were changed by their signers meanwhile: read them anew.",
                changed,
            )
            messages.warning(request, words % changed)

    @admin.action(description=gettext_lazy("Hide the reasons"), permissions=["view"])
    def hide_reasons(
        self, request: HttpRequest, signatures: models.QuerySet[Signature]
    ) -> None:
        by = account_of(request)
        ticked = signatures.select_related("petition")
        number = sum(lifecycle.hide_reason(signature, by=by) for signature in ticked)
        words = ngettext("%d reason hidden.", "%d reasons hidden.", number)
        messages.success(request, words % number)


@admin.register(ShownReason)
class ShownReasonAdmin(ReasonsAdmin):
    """For organizers: the reasons on their own petitions' pages, and nothing more.

    Whatever stands here, everybody can read already. They may hide it; to release it
    is for those who run the site.
    """

    organizers_may = frozenset({"view"})
    staff_may = frozenset()
    list_display = ["marked_reason", "hide_now", "shown_name", "petition"]
    list_display_links = None
    list_filter = [OfPetition]
    fields = ["petition", "shown_name", "marked_reason"]
    readonly_fields = ["shown_name", "marked_reason"]
    actions = ["hide_reasons"]
    acts = {"hide": ACTS_ON_REASONS["hide"]}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        public = Petition.objects.public()
        shown = Signature.objects.with_shown_reason()
        rows = super().get_queryset(request)
        return rows.filter(pk__in=shown.values("pk"), petition__in=public.values("pk"))

    def rows_of(
        self, account: Account, rows: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        own = Petition.objects.run_by(account)
        return rows.filter(petition__in=own.values("pk"))


def _can_be_hidden(signature: Signature) -> bool:
    is_counted = signature.state == SignatureState.CONFIRMED
    is_hidden = signature.reason_state == ReasonState.HIDDEN
    return bool(signature.reason) and is_counted and not is_hidden


def _flags(signature: Signature) -> list[Flag]:
    return flags(signature.reason, signature.petition.blocked_words)


def _fingerprint(signature: Signature) -> str:
    return f"{signature.pk}:{mark(signature.reason)}"


def _marked(signature: Signature) -> SafeString:
    """The reason with what was found in it, and the names of that."""
    found = _flags(signature)
    pieces = (
        (
            format_html(
                '<mark class="flagged" title="{}">{}</mark>', flag.kind.label, text
            )
            if flag
            else text,
        )
        for text, flag in parts(signature.reason, found)
    )
    reason = format_html_join("", "{}", pieces)
    if not found:
        return reason
    names = ", ".join(dict.fromkeys(str(flag.kind.label) for flag in found))
    return format_html('{} <strong class="flags">{}</strong>', reason, names)


def _read_before_release(signature: Signature) -> SafeString:
    found = _flags(signature)
    if not found:
        return format_html(
            '<blockquote class="reason-read">{}</blockquote>', signature.reason
        )
    return format_html(
        '<blockquote class="reason-read">{}</blockquote>'
        '<p class="reason-warning">{}</p>',
        _marked(signature),
        _("Something was found in it that could harm somebody. Are you sure?"),
    )
