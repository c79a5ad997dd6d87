from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from petitions.admin import OwnedAdmin
from signatures.models import LinkRequest, SignatureMail


class OutboxAdmin(OwnedAdmin):
    """What waits, what was sent and what was given up. To read, and to try again."""

    staff_may = frozenset({"view"})
    list_display = ["id", "state", "due_at", "attempts", "last_error"]
    list_filter = ["dead_at", "sent_at"]
    ordering = ["-pk"]
    actions = ["try_again"]
    show_full_result_count = False

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
