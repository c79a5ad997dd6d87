from django.contrib import admin

from campaigns.models import AmendmentMail
from signatures.admin import OutboxAdmin


@admin.register(AmendmentMail)
class AmendmentMailAdmin(OutboxAdmin):
    fields = ["amendment", "due_at", "attempts", "sent_at", "dead_at", "last_error"]
