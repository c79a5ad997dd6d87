from campaigns.models.events import Event, EventKind
from campaigns.models.figures import DailyCount, Milestone, PlaceCount
from campaigns.models.updates import Update, UpdateKind, UpdateMail

__all__ = [
    "DailyCount",
    "Event",
    "EventKind",
    "Milestone",
    "PlaceCount",
    "Update",
    "UpdateKind",
    "UpdateMail",
]
