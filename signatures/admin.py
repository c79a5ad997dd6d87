from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from petitions.admin_lists import LongListAdmin
from signatures.models import LinkRequest, SignatureMail


class WhichMails(admin.SimpleListFilter):
    """What was sent needs no choice of its own: that is nearly all."""

    title = _("mails")
    parameter_name = "mails"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Waiting")), ("given-up", _("Given up"))]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        match self.value():
            case "waiting":
                return queryset.waiting()  # type: ignore[attr-defined,no-any-return]  # an outbox's own word
            case "given-up":
                return queryset.dead()  # type: ignore[attr-defined,no-any-return]  # an outbox's own word
        return queryset


class OutboxAdmin(LongListAdmin):
    """What waits, what was sent and what was given up. To read, and to try again."""

    staff_may = frozenset({"view"})
    list_display = ["id", "state", "due_at", "attempts", "last_error"]
    list_filter = [WhichMails]
    actions = ["try_again"]

    @admin.display(description=_("state"))
    def state(self, mail: Any) -> str:
        if mail.dead_at:
            return str(_("given up"))
        return str(_("sent") if mail.sent_at else _("waiting"))

    @admin.action(description=_("Try again what was given up"), permissions=["view"])
    def try_again(self, request: HttpRequest, mails: models.QuerySet[Any]) -> None:
        revived = 0
        for mail in mails.dead():  # type: ignore[attr-defined]  # an outbox's own word
            mail.revive()
            revived += 1
        words = ngettext("%d mail waits again.", "%d mails wait again.", revived)
        messages.success(request, words % revived)


@admin.register(SignatureMail)
class SignatureMailAdmin(OutboxAdmin):
    fields = ["due_at", "attempts", "sent_at", "dead_at", "last_error"]


@admin.register(LinkRequest)
class LinkRequestAdmin(OutboxAdmin):
    fields = ["due_at", "attempts", "sent_at", "dead_at", "last_error"]
