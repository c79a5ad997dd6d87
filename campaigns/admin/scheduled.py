from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.acts import Act, ActingAdmin, SureForm
from campaigns.admin.updates import write_update
from campaigns.models import ScheduledUpdate
from petitions.admin_lists import OfPetition
from petitions.models import Account


@admin.register(ScheduledUpdate)
class ScheduledUpdateAdmin(ActingAdmin):
    """What waits to be posted, and what could not be. New ones begin as updates."""

    organizers_may = staff_may = frozenset({"view", "change"})
    list_display = ["title", "state", "post_at", "petition", "with_mail"]
    list_select_related = ["petition"]
    list_filter = [OfPetition]
    acts = {
        "take-back": Act(
            gettext_lazy("Take it back"),
            gettext_lazy("It is not posted, and not kept."),
            lambda scheduled: True,
            ScheduledUpdate.take_back,
            SureForm,
            organizers_may=True,
        )
    }

    def rows_of(
        self, account: Account, rows: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        return rows & ScheduledUpdate.objects.run_by(account)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The same page as for a new one."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            messages.error(request, _("It has been posted or taken back meanwhile."))
            return redirect("admin:campaigns_scheduledupdate_changelist")
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        title = _("Change what is to be posted")
        return write_update(self, request, title=title, scheduled=row)

    @admin.display(description=gettext_lazy("state"))
    def state(self, scheduled: ScheduledUpdate) -> str:
        if scheduled.failed_at is None:
            return _("waiting")
        return _("not posted: %(why)s") % {
            "why": scheduled.get_failed_because_display()
        }
