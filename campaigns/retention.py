"""What the site forgets by itself, with what only this app keeps."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils import timezone

from campaigns.models import EndingMail, UpdateMail
from signatures import retention


def forget(stopping: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """Delete what is not needed any more; say how much of what."""
    sent_before = timezone.now() - retention.DONE_MAIL_KEPT
    news: dict[str, models.QuerySet[Any]] = {
        "mails with updates": UpdateMail.objects.filter(sent_at__lt=sent_before),
        "mails about endings": EndingMail.objects.filter(sent_at__lt=sent_before),
    }
    return {
        **retention.forget(stopping),
        **{name: rows.delete()[0] for name, rows in news.items()},
    }
