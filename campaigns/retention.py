"""What the site forgets by itself, with what only this app keeps."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils import timezone

from campaigns.models import (
    AmendmentMail,
    Answer,
    Draft,
    EndingMail,
    Invitation,
    Notice,
    PetitionReport,
    UpdateMail,
)
from campaigns.models.answers import LINK_GOOD_FOR
from signatures import retention


def forget(stopping: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """Delete what is not needed any more; say how much of what."""
    sent_before = timezone.now() - retention.DONE_MAIL_KEPT
    news: dict[str, models.QuerySet[Any]] = {
        "mails with updates": UpdateMail.objects.sent_and_done(before=sent_before),
        "mails about endings": EndingMail.objects.sent_and_done(before=sent_before),
        "mails about amendments": AmendmentMail.objects.sent_and_done(
            before=sent_before
        ),
        "mails to organizers": Notice.objects.filter(sent_at__lt=sent_before),
    }
    answered_before = timezone.now() - LINK_GOOD_FOR
    turned_down = Answer.objects.filter(turned_down_at__lt=answered_before)
    invited = Invitation.objects.over().exclude(email="")
    return {
        **retention.forget(stopping),
        "answers turned down": turned_down.delete()[0],
        "addresses of the invited": invited.update(email=""),
        **{name: rows.delete()[0] for name, rows in news.items()},
        "drafts": Draft.objects.untouched().forget(),
        "words of reports": PetitionReport.objects.forget_words(),
    }
