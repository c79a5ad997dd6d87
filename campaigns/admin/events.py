from django.contrib import admin

from campaigns.models import Event
from petitions.admin import OwnedAdmin


@admin.register(Event)
class EventAdmin(OwnedAdmin):
    """Who did what, when and why. To read only."""

    staff_may = frozenset({"view"})
    list_display = ["happened_at", "kind", "petition", "by", "note"]
    list_filter = ["kind"]
    list_select_related = ["petition", "by"]
    more_lookups = frozenset({"petition__id__exact"})
    fields = ["happened_at", "kind", "petition", "by", "note"]
