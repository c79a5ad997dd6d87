from django.contrib import admin

from campaigns.models import Event
from petitions.admin_lists import LongListAdmin, OfPetition


@admin.register(Event)
class EventAdmin(LongListAdmin):
    """Who did what, when and why. To read only."""

    staff_may = frozenset({"view"})
    list_display = ["happened_at", "kind", "petition", "by", "note"]
    list_filter = [OfPetition]
    list_select_related = ["petition", "by"]
    fields = ["happened_at", "kind", "petition", "by", "note"]
