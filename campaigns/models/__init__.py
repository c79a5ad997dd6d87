from campaigns.models.endings import Ending, EndingKind, EndingMail
from campaigns.models.events import Event, EventKind
from campaigns.models.figures import ChannelCount, DailyCount, Milestone, PlaceCount
from campaigns.models.mailings import Mailing
from campaigns.models.updates import Update, UpdateKind, UpdateMail

__all__ = [
    "ChannelCount",
    "DailyCount",
    "Ending",
    "EndingKind",
    "EndingMail",
    "Event",
    "EventKind",
    "Mailing",
    "Milestone",
    "PlaceCount",
    "Update",
    "UpdateKind",
    "UpdateMail",
]
