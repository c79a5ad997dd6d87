from django.contrib import admin

from campaigns.models import Notice
from signatures.admin import OutboxAdmin


@admin.register(Notice)
class NoticeAdmin(OutboxAdmin):
    """Mail to organizers, targets and the invited; what it says is made when sent."""

    list_display = ["id", "kind", *OutboxAdmin.list_display[1:]]
    list_select_related = False
    fields = [
        *("kind", "petition", "due_at", "attempts", "sent_at", "dead_at"),
        "last_error",
    ]
