from campaigns.models.amendments import Amendment, AmendmentMail
from campaigns.models.answers import Answer
from campaigns.models.drafts import Draft
from campaigns.models.endings import Ending, EndingKind, EndingMail
from campaigns.models.events import Event, EventKind
from campaigns.models.figures import (
    ChannelCount,
    DailyCount,
    Gathering,
    HourlyCount,
    Milestone,
    PlaceCount,
    TownCount,
)
from campaigns.models.heartbeat import Heartbeat
from campaigns.models.mailings import Mailing
from campaigns.models.moderation import Claim, PetitionReport, PetitionReportCause
from campaigns.models.notices import Notice, NoticeKind
from campaigns.models.organizing import (
    Invitation,
    InvitationKind,
    Silence,
)
from campaigns.models.promises import Promise, PromiseAnswer
from campaigns.models.scheduled import ScheduledUpdate
from campaigns.models.updates import Update, UpdateKind, UpdateMail

__all__ = [
    "Amendment",
    "AmendmentMail",
    "Answer",
    "ChannelCount",
    "Claim",
    "DailyCount",
    "Draft",
    "Ending",
    "EndingKind",
    "EndingMail",
    "Event",
    "EventKind",
    "Gathering",
    "Heartbeat",
    "HourlyCount",
    "Invitation",
    "InvitationKind",
    "Mailing",
    "Milestone",
    "Notice",
    "NoticeKind",
    "PetitionReport",
    "PetitionReportCause",
    "PlaceCount",
    "Promise",
    "PromiseAnswer",
    "ScheduledUpdate",
    "Silence",
    "TownCount",
    "Update",
    "UpdateKind",
    "UpdateMail",
]
