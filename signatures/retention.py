"""What the site forgets by itself."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from signatures.models import Bucket, LinkRequest, Signature, SignatureMail

# How long a mail that is done with is kept, to see that it was sent.
DONE_MAIL_KEPT = timedelta(days=30)
AT_ONCE = 1000


def forget() -> dict[str, int]:
    """Delete what is not needed any more; say how much of what."""
    now = timezone.now()
    started_before = now - settings.PENDING_KEPT
    sent_before = now - DONE_MAIL_KEPT
    old: dict[str, models.QuerySet[Any]] = {
        "mails to signers": SignatureMail.objects.filter(sent_at__lt=sent_before),
        "requests for links": LinkRequest.objects.filter(
            Q(sent_at__lt=sent_before) | Q(due_at__lt=sent_before)
        ),
        "buckets": Bucket.objects.filter(ends_at__lt=now),
    }
    forgotten = {name: rows.delete()[0] for name, rows in old.items()}
    return {"pending signatures": _forget_pending(started_before), **forgotten}


def _forget_pending(started_before: datetime) -> int:
    """Lock them first: one that is confirmed at this moment is not to be deleted."""
    old = Signature.objects.pending().filter(started_at__lt=started_before)
    unlocked = old.order_by("pk").values_list("pk", flat=True)
    forgotten = 0
    while True:
        with transaction.atomic():
            locked = list(unlocked.select_for_update()[:AT_ONCE])
            Signature.objects.filter(pk__in=locked).delete()
        forgotten += len(locked)
        if len(locked) < AT_ONCE:
            return forgotten
