"""What the site forgets by itself."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from signatures.models import Bucket, LinkRequest, Signature, SignatureMail

# How long a mail that is done with is kept, to see that it was sent.
DONE_MAIL_KEPT = timedelta(days=30)


def forget() -> dict[str, int]:
    """Delete what is not needed any more; say how much of what."""
    now = timezone.now()
    started_before = now - settings.PENDING_KEPT
    sent_before = now - DONE_MAIL_KEPT
    old = {
        "pending signatures": Signature.objects.pending().filter(
            started_at__lt=started_before
        ),
        "mails to signers": SignatureMail.objects.filter(sent_at__lt=sent_before),
        "requests for links": LinkRequest.objects.filter(
            Q(sent_at__lt=sent_before) | Q(due_at__lt=sent_before)
        ),
        "buckets": Bucket.objects.filter(ends_at__lt=now),
    }
    return {name: rows.delete()[0] for name, rows in old.items()}
